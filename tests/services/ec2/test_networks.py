"""VPCs, subnets and security groups, through boto3."""

import pytest
from botocore.exceptions import ClientError

EVERYWHERE = [{"CidrIp": "0.0.0.0/0"}]


@pytest.fixture
def ec2(aws):
    return aws("ec2")


@pytest.fixture
def vpc(ec2):
    id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.get_waiter("vpc_available").wait(VpcIds=[id])
    return id


def refusal(ask, **request):
    with pytest.raises(ClientError) as refused:
        ask(**request)
    return refused.value.response["Error"]["Code"]


def test_a_vpc_has_a_default_group_and_goes_when_it_is_empty(ec2, vpc):
    [one] = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    assert (one["State"], one["CidrBlock"], one["IsDefault"]) == ("available", "10.0.0.0/16", False)
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    [group] = ec2.describe_security_groups(Filters=mine)["SecurityGroups"]
    assert group["GroupName"] == "default"
    assert group["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == group["GroupId"]
    assert refusal(ec2.delete_security_group, GroupId=group["GroupId"]) == "CannotDelete"
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]
    assert refusal(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    ec2.delete_vpc(VpcId=vpc)
    assert refusal(ec2.describe_vpcs, VpcIds=[vpc]) == "InvalidVpcID.NotFound"


@pytest.mark.parametrize("cidr, code", [
    ("10.0.0.0/8", "InvalidVpc.Range"), ("10.0.0.0/29", "InvalidVpc.Range"), ("10.0.0.0", "InvalidParameterValue"),
    ("ten", "InvalidParameterValue"),
])  # fmt: skip
def test_ranges_of_vpcs(ec2, cidr, code):
    assert refusal(ec2.create_vpc, CidrBlock=cidr) == code


def test_ranges_of_subnets(ec2, vpc):
    first = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone="us-east-1b")["Subnet"]
    assert (first["AvailableIpAddressCount"], first["AvailabilityZoneId"]) == (251, "use1-az2")
    assert refusal(ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.1.128/25") == "InvalidSubnet.Conflict"
    assert refusal(ec2.create_subnet, VpcId=vpc, CidrBlock="10.1.0.0/24") == "InvalidSubnet.Range"
    assert refusal(ec2.create_subnet, VpcId="vpc-1", CidrBlock="10.0.2.0/24") == "InvalidVpcID.NotFound"
    zone = {"AvailabilityZone": "us-east-1x"}
    assert refusal(ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.2.0/24", **zone) == "InvalidParameterValue"
    ec2.modify_subnet_attribute(SubnetId=first["SubnetId"], MapPublicIpOnLaunch={"Value": True})
    public = [{"Name": "map-public-ip-on-launch", "Values": ["true"]}]
    assert [one["SubnetId"] for one in ec2.describe_subnets(Filters=public)["Subnets"]] == [first["SubnetId"]]


def test_rules_are_given_and_taken(ec2, vpc):
    group = ec2.create_security_group(GroupName="web", Description="d", VpcId=vpc)["GroupId"]
    web = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "x"}],
    }
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[web])["SecurityGroupRules"]
    assert (made[0]["CidrIpv4"], made[0]["IsEgress"], made[0]["Description"]) == ("10.0.0.0/8", False, "x")
    assert (
        refusal(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[web])
        == "InvalidPermission.Duplicate"
    )
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=80, ToPort=80, CidrIp="10.0.0.0/8")
    [shown] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert [one["FromPort"] for one in shown["IpPermissions"]] == [80, 443] or len(shown["IpPermissions"]) == 2
    assert shown["IpPermissionsEgress"][0]["IpRanges"] == EVERYWHERE
    ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[made[0]["SecurityGroupRuleId"]])
    everything = [{"IpProtocol": "-1", "IpRanges": EVERYWHERE}]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
    assert (
        refusal(ec2.revoke_security_group_egress, GroupId=group, IpPermissions=everything)
        == "InvalidPermission.NotFound"
    )
    own = [{"Name": "group-id", "Values": [group]}]
    assert len(ec2.describe_security_group_rules(Filters=own)["SecurityGroupRules"]) == 1
    other = ec2.create_security_group(GroupName="db", Description="d", VpcId=vpc)["GroupId"]
    from_web = [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": group}]}]
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=from_web)
    assert refusal(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    ec2.delete_security_group(GroupId=other)
    ec2.delete_security_group(GroupId=group)


def test_what_can_not_be_a_group_or_a_rule(ec2, vpc):
    group = {"Description": "d", "VpcId": vpc}
    assert refusal(ec2.create_security_group, GroupName="default", **group) == "InvalidParameterValue"
    id = ec2.create_security_group(GroupName="web", **group)["GroupId"]
    assert refusal(ec2.create_security_group, GroupName="web", **group) == "InvalidGroup.Duplicate"
    assert refusal(ec2.create_security_group, GroupName="web", Description="d") == "VPCIdNotSpecified"
    for wrong in (
        {"IpProtocol": "carrier-pigeon", "IpRanges": EVERYWHERE},
        {"IpProtocol": "tcp", "IpRanges": EVERYWHERE},
        {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "everywhere"}]},
    ):
        ask = {"GroupId": id, "IpPermissions": [wrong]}
        assert refusal(ec2.authorize_security_group_egress, **ask) == "InvalidParameterValue"


def test_tags_filters_pages_and_rehearsals(ec2, vpc):
    named = {"ResourceType": "subnet", "Tags": [{"Key": "tier", "Value": "private-a"}]}
    one = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", TagSpecifications=[named])["Subnet"]["SubnetId"]
    two = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.2.0/24")["Subnet"]["SubnetId"]
    ec2.create_tags(Resources=[two], Tags=[{"Key": "tier", "Value": "private-b"}, {"Key": "x", "Value": ""}])
    private = [{"Name": "tag:tier", "Values": ["private-*"]}]
    assert {found["SubnetId"] for found in ec2.describe_subnets(Filters=private)["Subnets"]} == {one, two}
    ec2.delete_tags(Resources=[two], Tags=[{"Key": "tier"}])
    assert ec2.describe_subnets(SubnetIds=[two])["Subnets"][0]["Tags"] == [{"Key": "x", "Value": ""}]
    pages = ec2.get_paginator("describe_subnets").paginate(PaginationConfig={"PageSize": 5})
    assert {found["SubnetId"] for page in pages for found in page["Subnets"]} == {one, two}
    assert refusal(ec2.describe_subnets, Filters=[{"Name": "colour", "Values": ["red"]}]) == "InvalidParameterValue"
    assert refusal(ec2.delete_vpc, VpcId=vpc, DryRun=True) == "DryRunOperation"
    assert refusal(ec2.create_vpc, CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True) == "NotImplemented"
    assert len(ec2.describe_availability_zones()["AvailabilityZones"]) == 3
