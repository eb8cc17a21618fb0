"""How access says no. It may not know when a refusal is due.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from freehold.kernel.errors import AwsError


class AccessControlListNotSupported(AwsError):
    words = "The bucket does not allow ACLs"
    status = 400


class InvalidAcl(AwsError):
    """A canned ACL that there is none of: AWS says no more than its name."""

    words = ""
    code = "InvalidArgument"
    status = 400


class InvalidBucketAclWithBlockPublicAccessError(AwsError):
    words = "Bucket cannot have public ACLs set with BlockPublicAccess enabled"
    status = 400


class InvalidBucketAclWithObjectOwnership(AwsError):
    words = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
    status = 400


class MalformedACLError(AwsError):
    words = "The XML you provided was not well-formed or did not validate against our published schema"
    status = 400


class PublicAclBlocked(AwsError):
    words = (
        'User: {who} is not authorized to perform: {action} on resource: "{arn}" because public access control lists '
        "(ACLs) are prevented by the BlockPublicAcls setting in S3 Block Public Access."
    )
    code = "AccessDenied"
    status = 403


class PublicPolicyBlocked(AwsError):
    words = (
        'User: {who} is not authorized to perform: s3:PutBucketPolicy on resource: "{arn}" because public policies '
        "are prevented by the BlockPublicPolicy setting in S3 Block Public Access."
    )
    code = "AccessDenied"
    status = 403


class UnexpectedContent(AwsError):
    words = "This request does not support content"
    status = 400


class UnresolvableGrantByEmailAddress(AwsError):
    words = "The email address you provided does not match any account on record."
    status = 400
