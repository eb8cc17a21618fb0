"""What a definition may say: state types and their fields, as tables, and the checks that need nothing else.

One idea: a field is allowed because it stands in a table, and its value is right because its kind says so. It compiles
nothing. After docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html and the ASL specification.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from freehold.engines.jsonpath import Json

from . import values
from .choice import OPERATORS
from .errors import Problem
from .numbers import SECONDS_MAX

INVALID = "SCHEMA_VALIDATION_FAILED"

MACHINE_FIELDS = frozenset({"Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"})
BRANCH_FIELDS = frozenset({"Comment", "StartAt", "States", "ProcessorConfig"})


class StateType(NamedTuple):
    """The fields of a state type beyond the common ones, and those of them that it must have."""

    fields: frozenset[str]
    required: tuple[str, ...] = ()


def _fields(words: str) -> frozenset[str]:
    return frozenset(words.split())


COMMON = _fields("Type Comment QueryLanguage")
PATHS = COMMON | _fields("InputPath OutputPath Output")
STEP = PATHS | _fields("Next End Assign")
RESULT = STEP | _fields("Parameters ResultPath")
WORK = RESULT | _fields("Arguments ResultSelector Retry Catch")

STATE_TYPES: dict[str, StateType] = {
    "Task": StateType(
        WORK | _fields("Resource TimeoutSeconds TimeoutSecondsPath HeartbeatSeconds HeartbeatSecondsPath Credentials"),
        ("Resource",),
    ),
    "Wait": StateType(STEP | _fields("Seconds SecondsPath Timestamp TimestampPath")),
    "Pass": StateType(RESULT | _fields("Result")),
    "Succeed": StateType(PATHS),
    "Fail": StateType(COMMON | _fields("Error ErrorPath Cause CausePath")),
    "Choice": StateType(PATHS | _fields("Choices Default Assign"), ("Choices",)),
    "Parallel": StateType(WORK | _fields("Branches"), ("Branches",)),
    "Map": StateType(
        WORK
        | _fields(
            "Items ItemsPath ItemSelector ItemProcessor Iterator MaxConcurrency MaxConcurrencyPath Label ItemReader"
        )
        | _fields("ItemBatcher ResultWriter ToleratedFailureCount ToleratedFailureCountPath")
        | _fields("ToleratedFailurePercentage ToleratedFailurePercentagePath")
    ),
}
# Fields that belong to one of the languages: whatever else ends in Path, and the operators of Choice, are JSONPath's.
ONLY: dict[str, str] = {
    **dict.fromkeys(("Arguments", "Output", "Items", "Condition"), "JSONata"),
    **dict.fromkeys(("Parameters", "Result", "ResultSelector", "Variable", "And", "Or", "Not", *OPERATORS), "JSONPath"),
}
# Fields that a query may compute, where their kind is something else than a text.
COMPUTED = _fields(
    "TimeoutSeconds HeartbeatSeconds Seconds Timestamp MaxConcurrency ToleratedFailureCount ToleratedFailurePercentage "
    "MaxItems MaxItemsPerBatch MaxInputBytesPerBatch Items Condition"
)
NO_NEXT = frozenset({"Choice", "Succeed", "Fail"})
DISTRIBUTED_ONLY = ("ItemReader", "ItemBatcher", "ResultWriter", "Label")
# At most one field of each of these pairs or quartets may stand in a state.
EXCLUSIVE = (
    ("Next", "End"),
    ("TimeoutSeconds", "TimeoutSecondsPath"),
    ("HeartbeatSeconds", "HeartbeatSecondsPath"),
    ("Error", "ErrorPath"),
    ("Cause", "CausePath"),
    ("MaxConcurrency", "MaxConcurrencyPath"),
    ("ToleratedFailureCount", "ToleratedFailureCountPath"),
    ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
    ("ItemProcessor", "Iterator"),
    ("ItemSelector", "Parameters"),
    ("MaxItems", "MaxItemsPath"),
    ("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
    ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
    ("Seconds", "SecondsPath", "Timestamp", "TimestampPath"),
)


Kind = Callable[[Json], str | None]  # what is wrong with a value, if anything; "{name}" stands for the field's name


def being(holds: Callable[[Json], bool], words: str) -> Kind:
    """The kind of values of which something holds."""
    return lambda value: None if holds(value) else words


def number(least: float, most: float, whole: bool = True) -> Kind:
    """A number in a range, a whole one unless said otherwise."""
    low, high = (least, most) if whole else (float(least), float(most))

    def fault(value: Json) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            return f"Expected value of type {'Integer' if whole else 'Number'}"
        if value < least:
            return f"Minimum value is {low}"
        return f"Maximum value is {high}" if value > most else None

    return fault


def one_of(*words: str) -> Kind:
    """One of a few words."""
    return being(
        lambda value: isinstance(value, str) and value in words,
        f"The field '{{name}}' should have one of these values: [{', '.join(words)}]",
    )


STRING = being(lambda value: isinstance(value, str), "Expected value of type String")
PATH = being(lambda value: isinstance(value, str), "Value is not a valid JSONPath")
PATH_OR_NULL = being(lambda value: value is None or isinstance(value, str), "Value is not a valid JSONPath")
BOOLEAN = being(lambda value: isinstance(value, bool), "Expected value of type Boolean")
OBJECT = being(lambda value: isinstance(value, dict), "Expected value of type Object")
ARRAY = being(lambda value: isinstance(value, list), "Expected value of type Array")
FILLED = being(lambda value: isinstance(value, list) and bool(value), "Value cannot be empty")
STRINGS = being(
    lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "Expected value of type Array of Strings",
)
MOMENT = being(
    lambda value: isinstance(value, str) and values.moment(value) is not None, "String does not match RFC3339 timestamp"
)
ANYTHING = being(lambda value: True, "")

KINDS: dict[str, Kind] = {
    "Comment": STRING,
    "StartAt": STRING,
    "States": OBJECT,
    "Version": one_of("1.0"),
    "QueryLanguage": one_of("JSONPath", "JSONata"),
    "Next": STRING,
    "Default": STRING,
    "End": BOOLEAN,
    "InputPath": PATH_OR_NULL,
    "OutputPath": PATH_OR_NULL,
    "ResultPath": PATH_OR_NULL,
    "ItemsPath": PATH,
    "Resource": STRING,
    "Assign": OBJECT,
    "Credentials": OBJECT,
    "Choices": FILLED,
    "Branches": FILLED,
    "Retry": ARRAY,
    "Catch": ARRAY,
    "TimeoutSeconds": number(1, SECONDS_MAX),
    "HeartbeatSeconds": number(1, SECONDS_MAX),
    "Seconds": number(0, SECONDS_MAX),
    "Timestamp": MOMENT,
    "Items": ARRAY,
    "Condition": BOOLEAN,
    "Error": STRING,
    "Cause": STRING,
    "MaxConcurrency": number(0, SECONDS_MAX),
    "ToleratedFailureCount": number(0, SECONDS_MAX),
    "ToleratedFailurePercentage": number(0, 100, whole=False),
    "ItemProcessor": OBJECT,
    "ProcessorConfig": OBJECT,
    "Iterator": OBJECT,
    "Label": STRING,
    "Mode": one_of("INLINE", "DISTRIBUTED"),
    "ExecutionType": one_of("STANDARD", "EXPRESS"),
    "ItemReader": OBJECT,
    "ItemBatcher": OBJECT,
    "ResultWriter": OBJECT,
    "ReaderConfig": OBJECT,
    "WriterConfig": OBJECT,
    "InputType": one_of("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"),
    "CSVHeaderLocation": one_of("FIRST_ROW", "GIVEN"),
    "CSVHeaders": STRINGS,
    "CSVDelimiter": one_of("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
    "ManifestType": one_of("ATHENA_DATA", "S3_INVENTORY"),
    "MaxItems": number(0, 100_000_000),
    "MaxItemsPerBatch": number(0, SECONDS_MAX),
    "MaxInputBytesPerBatch": number(0, values.SIZE_MAX),
    "Transformation": one_of("NONE", "LOAD_AND_FLATTEN", "COMPACT", "FLATTEN"),
    "OutputType": one_of("JSON", "JSONL"),
    "ErrorEquals": FILLED,
    "IntervalSeconds": number(1, SECONDS_MAX),
    "MaxAttempts": number(0, SECONDS_MAX - 1),
    "BackoffRate": number(1, float("inf"), whole=False),
    "MaxDelaySeconds": number(1, 31_622_399),
    "JitterStrategy": one_of("NONE", "FULL"),
}
CONFIG_FIELDS = _fields("Mode ExecutionType")
READER_FIELDS = _fields("Resource Parameters Arguments ReaderConfig")
READER_CONFIG_FIELDS = _fields(
    "InputType Transformation CSVHeaderLocation CSVHeaders CSVDelimiter ItemsPointer ManifestType MaxItems MaxItemsPath"
)
BATCHER_FIELDS = _fields(
    "MaxItemsPerBatch MaxItemsPerBatchPath MaxInputBytesPerBatch MaxInputBytesPerBatchPath BatchInput"
)
WRITER_CONFIG_FIELDS = _fields("Transformation OutputType")
RETRIER_FIELDS = _fields("ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy Comment")
RULE_FIELDS = _fields("Variable And Or Not Condition Next Assign Output Comment") | frozenset(OPERATORS)
CATCHER_FIELDS = _fields("ErrorEquals Next ResultPath Assign Output Comment")
NOT_SUPPORTED = "Field '{name}' is not supported"
OTHER_LANGUAGE = (
    "The QueryLanguage is set to '{language}', but field '{name}' is only supported for the '{other}' QueryLanguage"
)


def check(
    fields: Mapping[str, Json], allowed: frozenset[str], required: tuple[str, ...], at: str, language: str
) -> Iterator[Problem]:
    """What is wrong with an object's fields, each by itself."""
    missing = [name for name in required if name not in fields]
    if missing:
        yield Problem(INVALID, f"These fields are required: [{', '.join(missing)}]", at or "/")
    for name, value in fields.items():
        other = ONLY.get(name, "JSONPath" if name.endswith("Path") else language)
        if name not in allowed:
            yield Problem(INVALID, NOT_SUPPORTED.format(name=name), at or "/")
        elif other != language:
            yield Problem(INVALID, OTHER_LANGUAGE.format(language=language, name=name, other=other), at or "/")
        elif fault := _fault(name, value, language):
            yield Problem(INVALID, fault.replace("{name}", name), f"{at}/{name}")


def _fault(name: str, value: Json, language: str) -> str | None:
    query = isinstance(value, str) and value.startswith("{%") and value.endswith("%}")
    if query and language == "JSONata" and name in COMPUTED:
        return None
    return KINDS.get(name, PATH if name.endswith("Path") else ANYTHING)(value)


def check_together(fields: Mapping[str, Json], at: str) -> Iterator[Problem]:
    """What is wrong with a state's fields beside each other."""
    for group in EXCLUSIVE:
        both = [name for name in group if name in fields]
        if len(both) > 1:
            yield Problem(INVALID, f"There should only be one of the following fields: [{', '.join(both)}]", at)
    kind = fields.get("Type")
    if kind not in NO_NEXT and "Next" not in fields and fields.get("End") is not True:
        yield Problem(INVALID, "These fields are required: [Next]", at)
    if kind == "Wait" and not any(name in fields for name in EXCLUSIVE[-1]):
        yield Problem(INVALID, f"One of these fields is required: [{', '.join(EXCLUSIVE[-1])}]", at)
    if kind == "Map" and "ItemProcessor" not in fields and "Iterator" not in fields:
        yield Problem(INVALID, "These fields are required: [ItemProcessor]", at)
