"""States in JSONPath: how their data flows, and how their fields are compiled.

One idea: InputPath → Parameters → work → ResultSelector → ResultPath → OutputPath, each an expression or nothing. It
knows fields and frames, and nothing of threads.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from freehold.engines.jsonpath import Json, PathSyntaxError, ReferencePath, Unwritable, compile_path, compile_reference

from . import errors, values
from .choice import condition
from .frame import Expression, Frame, constant, whole_input
from .language import Fields, Language, Unclear
from .numbers import NUMBERS, base
from .payload import NOT_AN_EXPRESSION, expression, selection, template
from .waits import wait_until

Compiled = TypeVar("Compiled")
NOT_A_PATH = "Value is not a valid JSONPath"
NOT_A_REFERENCE = "Value is not a Reference Path"


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
        return frame.noted("afterInputPath", self.input_path(frame))

    def arguments(self, frame: Frame) -> Json:
        """Parameters, filled from the effective input."""
        return frame.noted("afterParameters", self.parameters(frame))

    def leave(self, frame: Frame, result: Json) -> Json:
        """The raw input with the selected result put in, and OutputPath's part of that."""
        selected = frame.noted("afterResultSelector", self.selector(frame.of(result)))
        if self.result_path is None:
            frame.noted("afterResultPath", frame.input)
            return self.output_path(frame)
        try:
            combined = self.result_path.put(frame.input, selected)
        except Unwritable:
            cause = errors.UNWRITABLE.format(path=self.result_path.text, input=frame.shown())
            raise errors.Failure(errors.RESULT_PATH, cause, here=True) from None
        return self.output_path(frame.of(frame.noted("afterResultPath", combined)))

    def assign(self, frame: Frame, result: Json) -> dict[str, Json]:
        """Assign, filled from the result; nothing if the state assigns nothing."""
        return self.variables(frame.of(result)) if self.variables else {}


WHOLE: Expression = whole_input  # what an absent path or template stands for
NOTHING: Expression = constant({})  # what a path of null selects
REPLACE: ReferencePath | None = compile_reference("$")  # what an absent ResultPath does


def flow(fields: Fields, _result: str = "", at: str = "") -> JsonPathFlow:
    """The flow that a state's fields declare."""
    return JsonPathFlow(
        input_path=field(fields, "InputPath", _selected, WHOLE),
        parameters=payload(fields, "Parameters") or WHOLE,
        selector=payload(fields, "ResultSelector") or WHOLE,
        result_path=field(fields, "ResultPath", _reference, REPLACE, NOT_A_REFERENCE, at),
        output_path=field(fields, "OutputPath", _selected, WHOLE),
        variables=payload(fields, "Assign", at),
    )


def field(
    fields: Fields,
    name: str,
    compile: Callable[[Json], Compiled],
    absent: Compiled,
    words: str = NOT_A_PATH,
    at: str = "",
) -> Compiled:
    """The compiled field, or `absent`. Raises Unclear."""
    if name not in fields:
        return absent
    try:
        return compile(fields[name])
    except PathSyntaxError as wrong:
        raise Unclear(words, f"{at}/{name}") from wrong


def payload(fields: Fields, name: str, at: str = "") -> Expression | None:
    """A payload template."""
    return template(fields[name], f"{at}/{name}") if name in fields else None


def _selected(path: Json) -> Expression:
    if path is None:
        return NOTHING
    return WHOLE if path == "$" else selection(_text(path))


def _reference(path: Json) -> ReferencePath | None:
    return None if path is None else compile_reference(_text(path))


def _reference_expression(text: Json) -> Expression:
    """A path to one place in the input or a variable; the context object will not do."""
    path = compile_path(_text(text))
    if path.keys is None or path.root == "$$":
        raise PathSyntaxError(f"{text!r} is not a reference path")
    return selection(_text(text))


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise PathSyntaxError("expected a path")
    return value


def number(fields: Fields, name: str) -> Expression | None:
    """A number that is either given (`TimeoutSeconds`) or looked up (`TimeoutSecondsPath`), or absent."""
    path = name + "Path"
    if path not in fields:
        return constant(fields[name]) if name in fields else None
    kind, text, short = NUMBERS[base(name)], fields[path], base(path)
    spelled = _reference_expression if kind.in_map else lambda text: selection(_text(text))
    look_up = field(fields, path, spelled, WHOLE, NOT_A_REFERENCE if kind.in_map else NOT_A_PATH)

    def get(frame: Frame) -> Json:
        value = look_up(frame)
        shown = value if isinstance(value, str) else values.write(value)
        found = kind.read(shown)
        if found is None:
            raise errors.broken(errors.NOT_A_KIND, field=short, value=shown, kind=kind.kind, path=text)
        if not kind.least <= found <= kind.most:
            raise errors.broken(kind.words)
        return found

    return get


def text(fields: Fields, name: str) -> Expression | None:
    """Error and Cause of a Fail state, whose Path form may also be an intrinsic call."""
    path = name + "Path"
    if path not in fields:
        return constant(fields[name]) if name in fields else None
    words = NOT_AN_EXPRESSION.format(name=path)
    return field(fields, path, lambda value: expression(_text(value), path), WHOLE, words)


def items(fields: Fields) -> Expression:
    """What a Map state runs over."""
    if "ItemsPath" not in fields:
        return WHOLE
    path = fields["ItemsPath"]
    look_up = field(fields, "ItemsPath", lambda path: selection(_text(path)), WHOLE)

    def get(frame: Frame) -> Json:
        value = look_up(frame)
        if not isinstance(value, list):
            raise errors.broken(errors.PATH_NOT_ARRAY, path=path.replace("$$", "$"))
        return frame.noted("afterItemsPath", value)

    return get


JSONPATH = Language("JSONPath", flow, number, text, payload, items, wait_until, condition)
