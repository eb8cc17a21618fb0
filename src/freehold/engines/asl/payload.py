"""JSONPath expressions: paths, intrinsic calls, and payload templates made of both.

One idea: everything compiles to an Expression, a function from a Frame (what an expression can see) to a value.
It knows nothing of states; whoever compiles names the field, for the words of a failure.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from freehold.engines.jsonpath import MISSING, Json, Path, PathSyntaxError, compile_path
from freehold.engines.jsonpath.grammar import NUMBER, Scanner
from freehold.engines.jsonpath.values import is_number

from . import errors, values
from .intrinsics import INTRINSICS, NESTING_MAX, BadArgument, Chance

CALL = re.compile(r"(States\.\w+)\(")
WORD = re.compile(r"true|false|null")
WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}
LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ESCAPED_QUOTE = re.compile(r"\\(')")


@dataclass(slots=True)
class Frame:
    """What an expression can see: `$` is the input, `$$` the context object, `$name` a variable."""

    input: Json
    context: Callable[[], Json]
    variables: Mapping[str, Json]
    chance: Chance
    text: str | None = None  # the input as it was written, where it is known

    def root(self, name: str) -> Json:
        """What a path that begins with `name` looks into."""
        if name == "$":
            return self.input
        return self.context() if name == "$$" else self.variables.get(name[1:], MISSING)

    def of(self, value: Json, text: str | None = None) -> "Frame":
        """The same view with another input."""
        return Frame(value, self.context, self.variables, self.chance, text)

    def shown(self) -> str:
        """The input, for the words of a failure."""
        return values.write(self.input) if self.text is None else self.text


Expression = Callable[[Frame], Json]


def constant(value: Json) -> Expression:
    """The expression that is always this value."""
    return lambda _: value


def find(path: Path, frame: Frame) -> Json:
    """What the path finds in the frame, or MISSING."""
    return path.find(frame.root(path.root))


def number(words: Expression | None, frame: Frame, field: str, paths: Mapping[str, str], whole: bool = True) -> Json:
    """The number that a field, or its ...Path form, gives; None if the state has neither."""
    value = words(frame) if words else None
    if words is None or (is_number(value) and (not whole or isinstance(value, int))):
        return value
    kind, path = ("integer" if whole else "float"), paths.get(field + "Path")
    shown = value if isinstance(value, str) else values.write(value)
    raise errors.broken(errors.NOT_A_KIND, field=field + "Path", value=shown, kind=kind, path=path)


def expression(text: str, field: str) -> Expression:
    """A path or an intrinsic call. Raises PathSyntaxError."""
    if text.startswith("$"):
        return _path_expression(compile_path(text), field)
    scanner = Scanner(text)
    call = _call(scanner, text, 1)
    if scanner.at != len(text):
        raise scanner.wrong("unexpected text")
    return call


def _path_expression(path: Path, field: str) -> Expression:
    def get(frame: Frame) -> Json:
        value = find(path, frame)
        if value is MISSING:
            raise errors.broken(errors.NOT_FOUND, path=path.text, field=field, input=frame.shown())
        return value

    return get


def selection(text: str) -> Expression:
    """InputPath, OutputPath and their like: a path whose absence is worded otherwise than in a template."""
    path = compile_path(text)

    def get(frame: Frame) -> Json:
        value = find(path, frame)
        if value is MISSING:
            reason = path.explain(frame.root(path.root))
            raise errors.broken(errors.INVALID_PATH, path=path.text, reason=reason)
        return value

    return get


def _call(scanner: Scanner, whole: str, depth: int) -> Expression:
    opened = scanner.match(CALL)
    intrinsic = INTRINSICS.get(opened.group(1)) if opened else None
    if not opened or not intrinsic or depth > NESTING_MAX:
        raise scanner.wrong("expected an intrinsic function")
    arguments: list[Expression] = []
    keep_braces = opened.group(1) == "States.Format"  # its first literal still means something by \{
    while not scanner.token(")"):
        if arguments:
            scanner.need(",")
        arguments.append(_argument(scanner, whole, depth, keep_braces and not arguments))
    if not intrinsic.least <= len(arguments) <= intrinsic.most:
        raise scanner.wrong(f"{opened.group(1)} does not take {len(arguments)} arguments")

    def apply(frame: Frame) -> Json:
        given = [argument(frame) for argument in arguments]
        try:
            return intrinsic.call(frame.chance, *given)
        except BadArgument as wrong:
            cause = errors.FUNCTION.format(call=whole, reason=wrong)
            raise errors.Failure(errors.INTRINSIC, cause, here=True) from None

    return apply


def _argument(scanner: Scanner, whole: str, depth: int, keep_braces: bool) -> Expression:
    if literal := scanner.match(LITERAL):
        return constant((ESCAPED_QUOTE if keep_braces else ESCAPED).sub(r"\1", literal.group(1)))
    if scanner.text.startswith("$", scanner.at):
        return _path_argument(compile_path(_path_text(scanner)), whole)
    if number := scanner.match(NUMBER):
        return constant(float(number.group()) if number.group(1) or number.group(2) else int(number.group()))
    if word := scanner.match(WORD):
        return constant(WORDS[word.group()])
    return _call(scanner, whole, depth + 1)


def _path_text(scanner: Scanner) -> str:
    """The path that is next: up to the comma or parenthesis that is not inside its brackets."""
    start, depth = scanner.at, 0
    while scanner.at < len(scanner.text):
        letter = scanner.text[scanner.at]
        if letter in ",)" and depth == 0:
            break
        if not scanner.match(LITERAL):
            depth += (letter in "[(") - (letter in "])")
            scanner.at += 1
    return scanner.text[start : scanner.at].strip()


def _path_argument(path: Path, whole: str) -> Expression:
    def get(frame: Frame) -> Json:
        value = find(path, frame)
        if value is MISSING:
            reason = errors.ARGUMENT.format(path=path.text, input=frame.shown())
            raise errors.broken(errors.FUNCTION, call=whole, reason=reason)
        return value

    return get


def template(value: Json) -> Expression:
    """A payload template: keys that end in `.$` are computed, all else is as written. Raises PathSyntaxError."""
    if isinstance(value, list):
        return _list_template([template(item) for item in value]) if _computed(value) else constant(value)
    if not isinstance(value, dict) or not _computed(value):
        return constant(value)
    fields = [
        (key[:-2], _field(key, item)) if key.endswith(".$") else (key, template(item)) for key, item in value.items()
    ]
    if len(dict(fields)) < len(fields):
        raise PathSyntaxError("a key stands both with and without '.$'")
    return lambda frame: {key: compute(frame) for key, compute in fields}


def _field(key: str, value: Json) -> Expression:
    if not isinstance(value, str):
        raise PathSyntaxError(f"the value of {key!r} is not a string")
    return expression(value, key)


def _list_template(items: list[Expression]) -> Expression:
    return lambda frame: [compute(frame) for compute in items]


def _computed(value: Json) -> bool:
    if isinstance(value, dict):
        return any(key.endswith(".$") or _computed(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_computed, value))
