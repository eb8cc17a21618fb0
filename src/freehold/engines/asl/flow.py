"""How data flows through a state: the port behind which the query languages stand, and JSONPath's side of it.

One idea: the machine asks for a state's input, arguments, output and variables; how those are spelled is the language's
affair. JSONata will be a second set of these functions. It knows fields and frames, and nothing of threads.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, TypeVar

from freehold.engines.jsonpath import Json, PathSyntaxError, ReferencePath, Unwritable, compile_reference

from . import errors
from .choice import Condition, condition
from .payload import Expression, Frame, constant, expression, selection, template

Fields = Mapping[str, Json]
Compiled = TypeVar("Compiled")


class Flow(Protocol):
    """What a state's data fields do, in whatever language they are written.

    Frames hold the state's raw input (`enter`), or what `enter` made of it. Each may raise Failure.
    """

    def enter(self, frame: Frame) -> Json:
        """The effective input, from the raw one."""

    def arguments(self, frame: Frame) -> Json:
        """What the work is given, from the effective input."""

    def leave(self, frame: Frame, result: Json) -> Json:
        """The output, from the raw input and the result of the work."""

    def assign(self, frame: Frame) -> dict[str, Json]:
        """The variables set when the state is done, from its result."""


class JsonPathFlow(NamedTuple):
    """InputPath → Parameters → work → ResultSelector → ResultPath → OutputPath, with Assign on the work's result."""

    input_path: Expression
    parameters: Expression
    selector: Expression
    result_path: ReferencePath | None
    output_path: Expression
    variables: Expression | None

    def enter(self, frame: Frame) -> Json:
        """The part of the raw input that InputPath selects."""
        return self.input_path(frame)

    def arguments(self, frame: Frame) -> Json:
        """Parameters, filled from the effective input."""
        return self.parameters(frame)

    def leave(self, frame: Frame, result: Json) -> Json:
        """The raw input with the selected result put in, and OutputPath's part of that."""
        selected = self.selector(frame.of(result))
        if self.result_path is None:
            return self.output_path(frame)
        try:
            combined = self.result_path.put(frame.input, selected)
        except Unwritable:
            cause = errors.UNWRITABLE.format(path=self.result_path.text, input=frame.shown())
            raise errors.Failure(errors.RESULT_PATH, cause, here=True) from None
        return self.output_path(frame.of(combined))

    def assign(self, frame: Frame) -> dict[str, Json]:
        """Assign, filled from the frame's input; nothing if the state assigns nothing."""
        return self.variables(frame) if self.variables else {}


def whole_input(frame: Frame) -> Json:
    """The input as it is."""
    return frame.input


WHOLE: Expression = whole_input  # what an absent path or template stands for
NOTHING: Expression = constant({})  # what a path of null selects
REPLACE: ReferencePath | None = compile_reference("$")  # what an absent ResultPath does


def jsonpath_flow(fields: Fields) -> JsonPathFlow:
    """The flow that a state's fields declare. Raises PathSyntaxError, whose text begins with the field's name."""
    return JsonPathFlow(
        input_path=field(fields, "InputPath", _selected, WHOLE),
        parameters=field(fields, "Parameters", template, WHOLE),
        selector=field(fields, "ResultSelector", template, WHOLE),
        result_path=field(fields, "ResultPath", _reference, REPLACE),
        output_path=field(fields, "OutputPath", _selected, WHOLE),
        variables=field(fields, "Assign", template, None),
    )


def field(fields: Fields, name: str, compile: Callable[[Json], Compiled], absent: Compiled) -> Compiled:
    """The compiled field, or `absent`. Raises PathSyntaxError, whose text begins with the field's name."""
    if name not in fields:
        return absent
    try:
        return compile(fields[name])
    except PathSyntaxError as wrong:
        raise PathSyntaxError(f"{name}: {wrong}") from wrong


def _selected(path: Json) -> Expression:
    if path is None:
        return NOTHING
    return WHOLE if path == "$" else selection(_text(path))


def _reference(path: Json) -> ReferencePath | None:
    return None if path is None else compile_reference(_text(path))


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise PathSyntaxError("expected a path")
    return value


def fixed_or_path(fields: Fields, name: str) -> Expression | None:
    """A field that is either given (`TimeoutSeconds`) or looked up (`TimeoutSecondsPath`), or absent."""
    found: Expression | None = field(fields, name + "Path", lambda path: selection(_text(path)), None)
    return found or field(fields, name, constant, None)


def text_or_path(fields: Fields, name: str) -> Expression | None:
    """Error and Cause of a Fail state, whose Path form may also be an intrinsic call."""
    found: Expression | None = field(fields, name + "Path", lambda path: expression(_text(path), name + "Path"), None)
    return found or field(fields, name, constant, None)


class Language(NamedTuple):
    """A query language: how each kind of field that it may write is compiled."""

    flow: Callable[[Fields], Flow]
    number: Callable[[Fields, str], Expression | None]
    text: Callable[[Fields, str], Expression | None]
    condition: Callable[[Fields], Condition]


LANGUAGES: dict[str, Language] = {"JSONPath": Language(jsonpath_flow, fixed_or_path, text_or_path, condition)}
