"""AWS::EC2 types of networks, made, changed and deleted by stacks."""

import json

RULE = {"IpProtocol": "tcp", "FromPort": "443", "ToPort": 443, "CidrIp": "0.0.0.0/0"}
TEMPLATE = {
    "Resources": {
        "Net": {"Type": "AWS::EC2::VPC", "Properties": {
            "CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": "true", "Tags": [{"Key": "team", "Value": "a"}]}},
        "Sub": {"Type": "AWS::EC2::Subnet", "Properties": {
            "VpcId": {"Ref": "Net"},
            "CidrBlock": {"Fn::Select": [0, {"Fn::Cidr": [{"Fn::GetAtt": ["Net", "CidrBlock"]}, 4, 8]}]},
            "MapPublicIpOnLaunch": True}},
        "Web": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
            "GroupDescription": "web", "VpcId": {"Ref": "Net"}, "SecurityGroupIngress": [RULE],
            "SecurityGroupEgress": [RULE]}},
        "Inner": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {
            "GroupId": {"Fn::GetAtt": ["Web", "GroupId"]}, "IpProtocol": -1,
            "SourceSecurityGroupId": {"Fn::GetAtt": ["Net", "DefaultSecurityGroup"]}}},
    },
    "Outputs": {"Web": {"Value": {"Fn::GetAtt": ["Web", "GroupId"]}}, "Net": {"Value": {"Ref": "Net"}}},
}  # fmt: skip


def test_a_stack_of_a_network(aws):
    stacks, ec2 = aws("cloudformation"), aws("ec2")
    stacks.create_stack(StackName="net", TemplateBody=json.dumps(TEMPLATE))
    stacks.get_waiter("stack_create_complete").wait(StackName="net", WaiterConfig={"Delay": 1})
    told = {
        one["OutputKey"]: one["OutputValue"] for one in stacks.describe_stacks(StackName="net")["Stacks"][0]["Outputs"]
    }
    hostnames = ec2.describe_vpc_attribute(VpcId=told["Net"], Attribute="enableDnsHostnames")
    assert hostnames["EnableDnsHostnames"] == {"Value": True}
    [group] = ec2.describe_security_groups(GroupIds=[told["Web"]])["SecurityGroups"]
    assert [(one["IpProtocol"], one.get("FromPort")) for one in group["IpPermissionsEgress"]] == [("tcp", 443)]
    assert {one["IpProtocol"] for one in group["IpPermissions"]} == {"tcp", "-1"}
    changed = json.loads(json.dumps(TEMPLATE))
    del changed["Resources"]["Web"]["Properties"]["SecurityGroupEgress"]
    del changed["Resources"]["Inner"]
    stacks.update_stack(StackName="net", TemplateBody=json.dumps(changed))
    stacks.get_waiter("stack_update_complete").wait(StackName="net", WaiterConfig={"Delay": 1})
    [group] = ec2.describe_security_groups(GroupIds=[told["Web"]])["SecurityGroups"]
    assert [one["IpProtocol"] for one in group["IpPermissionsEgress"]] == ["-1"]
    assert [one["IpProtocol"] for one in group["IpPermissions"]] == ["tcp"]
    stacks.delete_stack(StackName="net")
    stacks.get_waiter("stack_delete_complete").wait(StackName="net", WaiterConfig={"Delay": 1})
    assert ec2.describe_vpcs()["Vpcs"] == []
