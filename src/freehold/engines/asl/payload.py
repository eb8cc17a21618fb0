"""JSONPath expressions: paths, intrinsic calls, and payload templates made of both.

One idea: everything compiles to an Expression. It knows nothing of states; whoever compiles names the field, for the
words of a failure.
"""

import re
from functools import partial

from freehold.engines.jsonpath import MISSING, Json, Path, PathSyntaxError, compile_path
from freehold.engines.jsonpath.grammar import NUMBER, Scanner

from . import errors
from .frame import Expression, Frame, constant
from .intrinsics import INTRINSICS, NESTING_MAX, BadArgument
from .language import Unclear, together

CALL = re.compile(r"(States\.\w+)\(")
WORD = re.compile(r"true|false|null")
WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}
LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
NOT_AN_EXPRESSION = "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
TWICE = "A key may not stand both with and without '.$'"
ESCAPED_QUOTE = re.compile(r"\\(')")


def find(path: Path, frame: Frame) -> Json:
    """What the path finds in the frame, or MISSING."""
    return path.find(root(path, frame))


def root(path: Path, frame: Frame) -> Json:
    """What the path looks into: `$` is the input, `$$` the context object, `$name` a variable."""
    if path.root == "$":
        return frame.input
    return frame.context() if path.root == "$$" else frame.variables.get(path.root[1:], MISSING)


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
            reason = path.explain(root(path, frame))
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


def template(value: Json, where: str) -> Expression:
    """A payload template: keys that end in `.$` are computed, all else is as written. Raises Unclear."""
    if not _computed(value):
        return constant(value)
    if isinstance(value, list):
        return _list_template(
            together(partial(template, item, f"{where}[{index}]") for index, item in enumerate(value))
        )
    parts = together(
        partial(_field, key, item, where) if key.endswith(".$") else partial(template, item, f"{where}/{key}")
        for key, item in value.items()
    )
    fields = list(zip([key.removesuffix(".$") for key in value], parts))
    if len(dict(fields)) < len(fields):
        raise Unclear(TWICE, where)
    return lambda frame: {key: compute(frame) for key, compute in fields}


def _field(key: str, value: Json, where: str) -> Expression:
    try:
        if isinstance(value, str):
            return expression(value, key)
    except PathSyntaxError as wrong:
        raise Unclear(NOT_AN_EXPRESSION.format(name=key), where) from wrong
    raise Unclear(NOT_AN_EXPRESSION.format(name=key), where)


def _list_template(items: list[Expression]) -> Expression:
    return lambda frame: [compute(frame) for compute in items]


def _computed(value: Json) -> bool:
    if isinstance(value, dict):
        return any(key.endswith(".$") or _computed(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_computed, value))
