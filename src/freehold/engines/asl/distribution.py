"""The fields of a distributed Map, compiled: ItemReader, ItemBatcher, ResultWriter.

One idea: each becomes a function from a frame to the struct of that name in the protocol, with nothing left to compute.
It knows nothing of running, and of Map Runs only what the protocol says.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from collections.abc import Callable
from typing import Protocol

from . import values
from .fields import BATCHER_FIELDS, CONFIG_FIELDS, READER_CONFIG_FIELDS, READER_FIELDS, WRITER_CONFIG_FIELDS
from .frame import Expression, Frame, constant
from .language import Fields, Language
from .machine import Distribution
from .protocol import Batcher, Reader, Writer

S3_READS = ("s3:getObject", "s3:listObjectsV2")
S3_WRITES = ("s3:putObject",)
SERVICE = "arn:aws:states:::"
LABEL_MAX = 40
INVALID_LABEL = "INVALID_LABEL_NAME"
LABEL_WRONG = set('?*<>{}[]:;,\\|^~$#%&`"/ ') | {chr(code) for code in (*range(32), *range(127, 160))}
UNRECOGNIZED = (
    "The resource provided {resource} is not recognized. The value is not a valid resource ARN, or the resource is not "
    "available in this region."
)


class Compiler(Protocol):
    """What the functions here ask of whoever compiles the definition."""

    @property
    def language(self) -> Language:
        """The query language of the state."""

    def check(self, fields: Fields, allowed: frozenset[str], required: tuple[str, ...], at: str) -> bool:
        """Note what is wrong with each field of an object; answers whether nothing is."""

    def wrong(self, message: str, at: str, code: str = ...) -> None:
        """Note a problem."""


def distribution(compiler: Compiler, fields: Fields, config: Fields, at: str, where: str) -> Distribution:
    """What a Map state says of its Map Runs. `config` is the processor's ProcessorConfig, at `where`."""
    compiler.check(config, CONFIG_FIELDS, ("ExecutionType",), where)
    label = fields.get("Label")
    if label is not None:
        _check_label(compiler, label, f"{at}/Label")
    return Distribution(
        label=label or "",
        execution_type=config.get("ExecutionType", "STANDARD"),
        reader=_reader(compiler, fields["ItemReader"], at) if "ItemReader" in fields else None,
        batcher=_batcher(compiler, fields["ItemBatcher"], at) if "ItemBatcher" in fields else None,
        writer=_writer(compiler, fields["ResultWriter"], at) if "ResultWriter" in fields else None,
    )


def _check_label(compiler: Compiler, label: str, at: str) -> None:
    if not label:
        compiler.wrong("Label cannot be empty", at, INVALID_LABEL)
    elif len(label) > LABEL_MAX:
        compiler.wrong(f"Label cannot exceed {LABEL_MAX} characters", at, INVALID_LABEL)
    else:
        for letter in label:
            if letter in LABEL_WRONG:
                compiler.wrong(f"Label contains invalid character: {letter!r}", at, INVALID_LABEL)
                return


def _within(fields: Fields, prefix: str) -> Fields:
    """Fields of a field, under names that tell where they are."""
    return {f"{prefix}/{name}": value for name, value in fields.items()}


def _parameters(language: Language, fields: Fields, prefix: str) -> Expression:
    inside = _within(fields, prefix)
    name = "Arguments" if language.name == "JSONata" else "Parameters"
    return language.template(inside, f"{prefix}/{name}") or constant({})


def _computed(expression: Expression | None, frame: Frame) -> int:
    return (expression(frame) or 0) if expression else 0


def _reader(compiler: Compiler, fields: Fields, at: str) -> Callable[[Frame], Reader]:
    compiler.check(fields, READER_FIELDS, ("Resource",), f"{at}/ItemReader")
    _check_resource(compiler, fields.get("Resource"), S3_READS, f"{at}/ItemReader/Resource")
    config = fields.get("ReaderConfig", {})
    compiler.check(config, READER_CONFIG_FIELDS, (), f"{at}/ItemReader/ReaderConfig")
    language, prefix = compiler.language, "ItemReader/ReaderConfig"
    parameters = _parameters(language, fields, "ItemReader")
    items_max = language.number(_within(config, prefix), f"{prefix}/MaxItems")
    pointer = language.template(_within(config, prefix), f"{prefix}/ItemsPointer") or constant("")
    return lambda frame: Reader(
        resource=fields["Resource"],
        parameters=values.write(parameters(frame)),
        input_type=config.get("InputType", ""),
        transformation=config.get("Transformation", "NONE"),
        header_location=config.get("CSVHeaderLocation", ""),
        headers=tuple(config.get("CSVHeaders", ())),
        delimiter=config.get("CSVDelimiter", "COMMA"),
        items_pointer=pointer(frame),
        manifest_type=config.get("ManifestType", ""),
        items_max=_computed(items_max, frame),
    )


def _batcher(compiler: Compiler, fields: Fields, at: str) -> Callable[[Frame], Batcher]:
    compiler.check(fields, BATCHER_FIELDS, (), f"{at}/ItemBatcher")
    language, inside = compiler.language, _within(fields, "ItemBatcher")
    items_max = language.number(inside, "ItemBatcher/MaxItemsPerBatch")
    bytes_max = language.number(inside, "ItemBatcher/MaxInputBytesPerBatch")
    given = language.template(inside, "ItemBatcher/BatchInput")
    return lambda frame: Batcher(
        items_max=_computed(items_max, frame),
        bytes_max=_computed(bytes_max, frame),
        input=values.write(given(frame)) if given else None,
    )


def _writer(compiler: Compiler, fields: Fields, at: str) -> Callable[[Frame], Writer]:
    required = () if "WriterConfig" in fields else ("Resource",)
    compiler.check(fields, READER_FIELDS | {"WriterConfig"}, required, f"{at}/ResultWriter")
    if "Resource" in fields:
        _check_resource(compiler, fields["Resource"], S3_WRITES, f"{at}/ResultWriter/Resource")
    config = fields.get("WriterConfig", {})
    compiler.check(config, WRITER_CONFIG_FIELDS, (), f"{at}/ResultWriter/WriterConfig")
    parameters = _parameters(compiler.language, fields, "ResultWriter")
    return lambda frame: Writer(
        resource=fields.get("Resource", ""),
        parameters=values.write(parameters(frame)),
        transformation=config.get("Transformation", "NONE"),
        output_type=config.get("OutputType", "JSON"),
    )


def _check_resource(compiler: Compiler, resource: object, known: tuple[str, ...], at: str) -> None:
    if isinstance(resource, str) and resource.removeprefix(SERVICE) not in known:
        compiler.wrong(UNRECOGNIZED.format(resource=resource), at)
