"""How EC2 says no. One idea: a class is a sentence. It may not know networks.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from typing import ClassVar

from freehold.kernel.errors import AwsError


class Ec2Error(AwsError):
    status: ClassVar[int | None] = 400


class VpcNotFound(Ec2Error):
    words = "The vpc ID '{id}' does not exist"
    code = "InvalidVpcID.NotFound"


class SubnetNotFound(Ec2Error):
    words = "The subnet ID '{id}' does not exist"
    code = "InvalidSubnetID.NotFound"


class GroupNotFound(Ec2Error):
    words = "The security group '{id}' does not exist"
    code = "InvalidGroup.NotFound"


class RuleNotFound(Ec2Error):
    words = "The security group rule ID '{id}' does not exist"
    code = "InvalidSecurityGroupRuleId.NotFound"


class ResourceNotFound(Ec2Error):
    words = "The ID '{id}' is not valid"
    code = "InvalidID"


class NotACidr(Ec2Error):
    words = "Value ({value}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
    code = "InvalidParameterValue"


class VpcRange(Ec2Error):
    words = "The CIDR '{value}' is invalid."
    code = "InvalidVpc.Range"


class SubnetRange(Ec2Error):
    words = "The CIDR '{value}' is invalid."
    code = "InvalidSubnet.Range"


class SubnetConflict(Ec2Error):
    words = "The CIDR '{value}' conflicts with another subnet"
    code = "InvalidSubnet.Conflict"


class NoSuchZone(Ec2Error):
    words = (
        "Value ({value}) for parameter availabilityZone is invalid. "
        "Subnets can currently only be created in the following availability zones: {zones}."
    )
    code = "InvalidParameterValue"


class VpcInUse(Ec2Error):
    words = "The vpc '{id}' has dependencies and cannot be deleted."
    code = "DependencyViolation"


class GroupInUse(Ec2Error):
    words = "resource {id} has a dependent object"
    code = "DependencyViolation"


class DefaultGroupStays(Ec2Error):
    words = 'the specified group: "{id}" name: "default" cannot be deleted by a user'
    code = "CannotDelete"


class GroupExists(Ec2Error):
    words = "The security group '{name}' already exists for VPC '{vpc}'"
    code = "InvalidGroup.Duplicate"


class NoDefaultVpc(Ec2Error):
    words = "No default VPC for this user"
    code = "VPCIdNotSpecified"


class GroupNameReserved(Ec2Error):
    words = "Cannot use reserved security group name: {name}"
    code = "InvalidParameterValue"


class RuleExists(Ec2Error):
    words = 'the specified rule "{rule}" already exists'
    code = "InvalidPermission.Duplicate"


class NoSuchRule(Ec2Error):
    words = "The specified rule does not exist in this security group."
    code = "InvalidPermission.NotFound"


class NotAProtocol(Ec2Error):
    words = "Invalid value '{value}' for IP protocol. Unknown protocol."
    code = "InvalidParameterValue"


class RuleCidr(Ec2Error):
    words = "CIDR block {value} is malformed"
    code = "InvalidParameterValue"


class NoPorts(Ec2Error):
    words = "Invalid value for portRange. Must specify both from and to ports with TCP/UDP."
    code = "InvalidParameterValue"


class NothingGiven(Ec2Error):
    words = "The request must contain the parameter {name}"
    code = "MissingParameter"


class WrongFilter(Ec2Error):
    words = "The filter '{name}' is invalid"
    code = "InvalidParameterValue"


class WrongAttribute(Ec2Error):
    words = "Value ({value}) for parameter attribute is invalid. Unknown attribute."
    code = "InvalidParameterValue"


class DryRunOperation(Ec2Error):
    words = "Request would have succeeded, but DryRun flag is set."
    status = 412
