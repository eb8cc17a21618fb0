"""How IAM says no to a document. One idea: every sentence stands once, in this table. It may not know the grammar."""

from freehold.kernel.errors import AwsError

SYNTAX = "Syntax errors in policy."
INVALID_JSON = "This policy contains invalid Json"
VERSION = "Policy document must be version 2012-10-17 or greater."
LEGACY = "The policy failed legacy parsing"
DUPLICATE_SID = "Statement IDs (SID) in a single policy must be unique."
NO_ACTIONS = "Policy statement must contain actions."
NO_RESOURCES = "Policy statement must contain resources."
NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
MANY_COLONS = "Actions/Condition can contain only one colon."
BAD_VENDOR = "Vendor {vendor} is not valid"
NOT_AN_ARN = 'Resource {resource} must be in ARN format or "*".'
BAD_PARTITION = 'Partition "{partition}" is not valid for resource "{resource}".'
NO_RESOURCE_VENDOR = "Resource vendor must be fully qualified and cannot contain regexes."
IAM_REGION = "IAM resource {resource} cannot contain region information."
REGION = "Resource {resource} can not contain region information."
IAM_PATH = (
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, '
    "mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/."
)
PRINCIPAL_FORBIDDEN = "Policy document should not specify a principal."
PRINCIPAL_MISSING = "Missing required field Principal"
PRINCIPAL_EMPTY = "Missing required field Principal cannot be empty!"
RESOURCE_FORBIDDEN = "Has prohibited field Resource"
ONLY_ASSUME_ROLE = "AssumeRole policy may only specify STS AssumeRole actions."


class MalformedPolicyDocument(AwsError):
    """The document is not a policy of the kind that was asked for. `reason` is one of the sentences above."""

    words = "{reason}"
    code = "MalformedPolicyDocument"
    status = 400
