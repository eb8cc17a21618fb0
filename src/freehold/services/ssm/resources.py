"""AWS::SSM::Parameter.

One idea: it is put, and put again. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
"""

from freehold.engines.coerce import tag_list
from freehold.kernel.resources import Ask, Ending, Made, Properties, Refused, Steps, Want
from freehold.services.ssm.parameters import SECURE
from freehold.services.ssm.service.catalogue import ssm

NAME_MAX = 1_011
PUT = ("Type", "Value", "Description", "AllowedPattern", "Tier", "Policies", "DataType")

parameter = ssm.resource("AWS::SSM::Parameter", replaces=("Name", "Type"), attributes=("Type", "Value"))


def _put(want: Want, name: str) -> Properties:
    given = want.properties
    if given.get("Type") == SECURE:
        raise Refused("ValidationException", f"{SECURE} is not a supported type of AWS::SSM::Parameter.")
    return {"Name": name} | {member: str(given[member]) for member in PUT if given.get(member) is not None}


def _made(want: Want, name: str) -> Made:
    return Made(name, {"Type": want.properties["Type"], "Value": str(want.properties["Value"])})


@parameter.create
def create_parameter(want: Want) -> Steps:
    name = want.name(want.properties.get("Name"), NAME_MAX)
    tags = tag_list(want.tagged(want.properties))
    yield Ask("ssm", "PutParameter", _put(want, name) | ({"Tags": tags} if tags else {}))
    return _made(want, name)


@parameter.update
def update_parameter(want: Want) -> Steps:
    if want.changed(*PUT):
        yield Ask("ssm", "PutParameter", _put(want, want.id) | {"Overwrite": True})
    tagged, (gone, new) = {"ResourceType": "Parameter", "ResourceId": want.id}, want.retagged()
    if gone:
        yield Ask("ssm", "RemoveTagsFromResource", tagged | {"TagKeys": gone})
    if new:
        yield Ask("ssm", "AddTagsToResource", tagged | {"Tags": tag_list(new)})
    return _made(want, want.id)


@parameter.delete
def delete_parameter(want: Want) -> Ending:
    yield Ask("ssm", "DeleteParameter", {"Name": want.id})
