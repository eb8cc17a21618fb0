"""How each error that Parameter Store declares is brought about."""

import json

from tests.services.refusal import Refusal

PUT = {"Name": "/a", "Value": "v", "Type": "String"}
GIVEN = ("put_parameter", PUT)
END = {"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "2099-01-01T00:00:00.000Z"}}
UNCHANGED = {"Type": "NoChangeNotification", "Version": "1.0", "Attributes": {"After": "1", "Unit": "Days"}}


def put(error, *given, small=("", 0), **more):
    return Refusal("put_parameter", error, PUT | more, given, small=small)


def with_policies(error, *policies):
    return put(error, Tier="Advanced", Policies=json.dumps(policies))


def filtered(error, **one):
    return Refusal("describe_parameters", error, {"ParameterFilters": [one]})


REFUSALS = (
    put("HierarchyLevelLimitExceededException", Name="/a" * 16),
    put("HierarchyTypeMismatchException", GIVEN, Type="SecureString", Overwrite=True),
    put("InvalidAllowedPatternException", AllowedPattern="("),
    put("InvalidKeyId", Type="SecureString", KeyId="alias/none"),
    put("ParameterAlreadyExists", GIVEN),
    put("ParameterPatternMismatchException", AllowedPattern="^[0-9]+$"),
    put("ParameterMaxVersionLimitExceeded", GIVEN, ("label_parameter_version", {"Name": "/a", "Labels": ["first"]}),
        ("put_parameter", PUT | {"Overwrite": True}), Overwrite=True, small=("parameters.VERSIONS_MAX", 2)),
    with_policies("IncompatiblePolicyException", END, END),
    with_policies("InvalidPolicyAttributeException", END | {"Attributes": {"Timestamp": "soon"}}),
    with_policies("InvalidPolicyTypeException", END | {"Type": "Expiry"}),
    with_policies("PoliciesLimitExceededException", *([UNCHANGED] * 11)),
    Refusal("get_parameters_by_path", "InvalidFilterKey", {
        "Path": "/", "ParameterFilters": [{"Key": "Tier", "Values": ["Standard"]}],
    }),
    filtered("InvalidFilterOption", Key="Name", Option="Resembles", Values=["a"]),
    filtered("InvalidFilterValue", Key="Name"),
    Refusal("describe_parameters", "InvalidNextToken", {"NextToken": "x"}),
    Refusal("get_parameters_by_path", "InvalidNextToken", {"Path": "/", "NextToken": "x"}),
    Refusal("get_parameter_history", "InvalidNextToken", {"Name": "/a", "NextToken": "x"}, (GIVEN,)),
    Refusal("add_tags_to_resource", "InvalidResourceId", {"ResourceType": "Parameter", "ResourceId": "/a", "Tags": []}),
    Refusal("add_tags_to_resource", "TooManyTagsError", {
        "ResourceType": "Parameter", "ResourceId": "/a", "Tags": [{"Key": str(n), "Value": "x"} for n in range(51)],
    }, (GIVEN,)),
    Refusal("get_parameter", "ParameterNotFound", {"Name": "/a"}),
    Refusal("get_parameter_history", "ParameterNotFound", {"Name": "/a"}),
    Refusal("delete_parameter", "ParameterNotFound", {"Name": "/a"}),
    Refusal("label_parameter_version", "ParameterNotFound", {"Name": "/a", "Labels": ["x"]}),
    Refusal("unlabel_parameter_version", "ParameterNotFound", {"Name": "/a", "Labels": ["x"], "ParameterVersion": 1}),
    Refusal("get_parameter", "ParameterVersionNotFound", {"Name": "/a:2"}, (GIVEN,)),
    Refusal("label_parameter_version", "ParameterVersionNotFound", {
        "Name": "/a", "Labels": ["x"], "ParameterVersion": 2,
    }, (GIVEN,)),
    Refusal("label_parameter_version", "ParameterVersionLabelLimitExceeded", {"Name": "/a", "Labels": ["y"]}, (
        GIVEN, ("label_parameter_version", {"Name": "/a", "Labels": [f"x{n}" for n in range(10)]}),
    )),
)  # fmt: skip
