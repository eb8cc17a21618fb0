"""The validate station: what AWS's models say of inputs, said to callers in AWS's words.

One idea: an operation's input compiles once to a list of checks; what nothing is said of costs nothing. Which code and
words a service has for a fault is one table. It may not know any service's rules beyond its model.
Words: "1 validation error detected: Value 'x' at 'path' failed to satisfy constraint: …", as AWS's services answer.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from freehold.kernel.errors import AwsError
from freehold.kernel.service import Service
from freehold.wire import models, patterns, tested
from freehold.wire.java import shown_as
from freehold.wire.models import Member, ServiceModel, Shape

Trail = tuple  # (the trail of what is around, this step), down to ()
Check = Callable[[Any, Trail, "list[Fault]"], None]
Test = tuple[Callable[[Any], Any], str]

NOT_NULL = "Member must not be null"


class Fault(NamedTuple):
    """A value that breaks a constraint. `use` is where it stands in the model, None inside lists and maps."""

    trail: Trail
    value: Any
    constraint: str
    use: Member | None

    @property
    def steps(self) -> list[str]:
        """The names and numbers that lead to the value, as the model has them."""
        found, trail = [], self.trail
        while trail:
            trail, step = trail
            found.append(step)
        return found[::-1]

    @property
    def words(self) -> str:
        """The fault as AWS tells it."""
        path = ".".join(step[:1].lower() + step[1:] for step in self.steps)
        if self.use is not None and self.use.sensitive and self.value is not None:
            return f"Value at '{path}' failed to satisfy constraint: {self.constraint}"
        shown = "null" if self.value is None else f"'{shown_as(self.value)}'"
        return f"Value {shown} at '{path}' failed to satisfy constraint: {self.constraint}"


class Style(NamedTuple):
    """How a service tells faults: a code, the words around them, and whether only what is missing is judged here, or
    also what a body has that is not `listed` (an enumeration's values)."""

    code: str
    tell: Callable[[list[Fault]], str]
    only_missing: bool = False
    listed: bool = False


def detected(faults: list[Fault]) -> str:
    """The usual words, of no more faults than AWS counts."""
    faults = faults[:10]
    plural = "s" if len(faults) > 1 else ""
    return f"{len(faults)} validation error{plural} detected: " + "; ".join(fault.words for fault in faults)


def _parameter(faults: list[Fault]) -> str:
    return ".".join(step for step in faults[0].steps if step != "member")


def _missing_parameter(faults: list[Fault]) -> str:
    return f"The request must contain the parameter {_parameter(faults)}."


def _no_value(faults: list[Fault]) -> str:
    return f"Invalid parameter: {_parameter(faults)} Reason: no value for required parameter"


def _malformed(faults: list[Fault]) -> str:
    return "The XML you provided was not well-formed or did not validate against our published schema"


# Services that tell faults otherwise than by ValidationException, or ValidationError where they speak query.
STYLES: dict[str, Style] = {
    "apigateway": Style("BadRequestException", detected),
    "apigatewayv2": Style("BadRequestException", detected),
    "athena": Style("InvalidRequestException", detected),
    "cognito-identity": Style("InvalidParameterException", detected),
    "cognito-idp": Style("InvalidParameterException", detected),
    "ec2": Style("MissingParameter", _missing_parameter, only_missing=True),
    "logs": Style("InvalidParameterException", detected),
    "route53": Style("InvalidInput", detected),
    "s3": Style("MalformedXML", _malformed, only_missing=True, listed=True),
    "sns": Style("InvalidParameter", _no_value, only_missing=True),
    "sqs": Style("MissingParameter", _missing_parameter, only_missing=True),
}

# What a model requires and AWS does not: "Shape.Member".
OPTIONAL: dict[str, frozenset[str]] = {
    "lambda": frozenset({"InvokeAsyncRequest.InvokeArgs"}),
    "s3": frozenset({"PutBucketPolicyRequest.Policy", "ServerSideEncryptionConfiguration.Rules", "Tagging.TagSet"}),
    "sns": frozenset({
        "CreatePlatformApplicationInput.Attributes", "SetPlatformApplicationAttributesInput.Attributes",
        "SetEndpointAttributesInput.Attributes",
    }),
}  # fmt: skip

# Shapes, and members of structures, whose values a service judges in words of its own.
LEFT_TO_ROOMS: dict[str, frozenset[str]] = {
    "s3": frozenset({
        "BucketLocationConstraint", "ChecksumAlgorithm", "Event", "FilterRuleName", "Permission", "Protocol", "Type",
    }),
    "lambda": frozenset({
        "Runtime", "CompatibleArchitectures", "ListLayersRequest.CompatibleArchitecture",
        "ListLayerVersionsRequest.CompatibleArchitecture",
    }),
}  # fmt: skip

# Constraints that AWS's answers tell otherwise than the model has them, by shape.
TOLD: dict[str, dict[str, str]] = {
    "kms": {
        "KeySpec": "Member must satisfy enum value set: [RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, "
        "HMAC_384, RSA_3072, ECC_SECG_P256K1, RSA_4096, SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512]",
        "KeyUsageType": "Member must satisfy enum value set: [ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC]",
        "MacAlgorithmSpec": "Member must satisfy enum value set: "
        "[HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]",
    },
    "lambda": {
        "EventSourcePosition": "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
        "RecursiveLoop": "Member must satisfy enum value set: [Terminate, Allow]",
        "InvokeMode": "Member must satisfy enum value set: [RESPONSE_STREAM, BUFFERED]",
        "TaggableResource": "Member must satisfy regular expression pattern: "
        r"arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:"
        r"(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)"
        r"|code-signing-config:csc-[a-z0-9]{17}"
        r"|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
        r"|capacity-provider:[a-zA-Z0-9-_]+)",
    },
    "stepfunctions": {
        "ExecutionStatus": "Member must satisfy enum value set: "
        "[SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
    },
}

# Structures that AWS's messages print as Java objects, by shape: their members in order, some of which no model has.
OBJECTS: dict[str, dict[str, tuple[str, ...]]] = {
    "events": {
        "PutEventsRequestEntry": (
            *("Time", "Source", "Resources", "DetailType", "Detail", "EventBusName", "TraceHeader"),
            *("KmsKeyIdentifier", "InternalMetadata"),
        )
    },
}


def validate(room: Service, name: str, request: dict) -> None:
    """Check a request against the model of a room's service. Raises the service's own AwsError for what it breaks."""
    checks = _checks(room, name)
    if checks:
        checks(request)


@cache
def _checks(room: Service, name: str) -> Callable[[dict], None] | None:
    return validator(models.model(room.model), name) if room.model else None


def validator(model: ServiceModel, name: str) -> Callable[[dict], None] | None:
    """What checks requests of an operation; None if its model says nothing of them."""
    use = model.operations[name].input
    style = STYLES.get(model.service) or _usual(model)
    check = Compiler(model.service, style).structure(use.target) if use else None
    if check is None:
        return None

    def run(request: dict) -> None:
        faults: list[Fault] = []
        check(request, (), faults)
        if faults:
            raise refusal(style.code)(message=style.tell(faults))

    return run


def _usual(model: ServiceModel) -> Style:
    return Style("ValidationError" if "query" in model.protocols else "ValidationException", detected)


@cache
def refusal(code: str) -> type[AwsError]:
    """The error of a code, whose message is given."""
    return type(code, (AwsError,), {"__doc__": "A request that its model does not admit.", "status": 400})


class Compiler:
    """Compiles the shapes of one service to checks; those that have none are None."""

    def __init__(self, service: str, style: Style):
        self.optional = OPTIONAL.get(service, frozenset())
        self.left = LEFT_TO_ROOMS.get(service, frozenset())
        self.told = TOLD.get(service, {}) | tested.WORDS.get(service, {})
        self.tested = tested.TESTS.get(service, {})
        self.objects = OBJECTS.get(service, {})
        self.only_missing, self.listed = style.only_missing, style.listed
        self._structures: dict[str, Check] = {}

    def structure(self, shape: Shape) -> Check | None:
        """The check of a structure and all within."""
        if shape.name in self._structures:
            return self._structures[shape.name]
        if not self._constrained(shape, set()):
            return None
        checks: dict[str, Check] = {}
        required: list[tuple[str, Member]] = []
        self._structures[shape.name] = _structure(required, checks)
        required += [(name, shape.members[name]) for name in shape.required if self._needed(shape, name)]
        ours = {name: use for name, use in shape.members.items() if self._ours(shape, name)}
        compiled = ((name, self._use(use)) for name, use in ours.items())
        checks |= {name: check for name, check in compiled if check}
        return self._structures[shape.name]

    def _ours(self, shape: Shape, name: str) -> bool:
        """Whether a member's value is judged here: not what is left to the room, nor headers where `listed` holds."""
        located = shape.members[name].location if self.listed else ""
        return f"{shape.name}.{name}" not in self.left and not located

    def _needed(self, shape: Shape, name: str) -> bool:
        return f"{shape.name}.{name}" not in self.optional and not shape.members[name].streaming

    def _constrained(self, shape: Shape, seen: set[str]) -> bool:
        """Whether there is anything to check in a shape or within it."""
        if shape.name in seen:
            return False
        seen.add(shape.name)
        own = any(self._needed(shape, name) for name in shape.required) or bool(self._tests(shape))
        within = (use.target for use in shape.uses().values())
        return own or shape.type in ("list", "map") or any(self._constrained(target, seen) for target in within)

    def _use(self, use: Member) -> Check | None:
        shape = use.target
        if shape.document or shape.eventstream or use.streaming or shape.name in self.left:
            return None
        if shape.type == "structure":
            return self.structure(shape)
        if shape.type == "list" and shape.member:
            return self._list(use, shape.member)
        if shape.type == "map" and shape.key and shape.value:
            return self._map(use, shape.key, shape.value)
        tests = self._tests(shape)
        return _scalar(tests, use) if tests else None

    def _list(self, use: Member, item: Member) -> Check:
        tests, one = self._tests(use.target), self._use(item)
        grouped = self._tests(item.target) if item.target.type not in ("structure", "list", "map") else []
        each = one if not grouped else None
        within = "Member must satisfy constraint: " + _group(grouped)
        name, members = item.target.name, self.objects.get(item.target.name)

        def check(value: Any, trail: Trail, faults: list[Fault]) -> None:
            for test, words in tests:
                if not test(value):
                    shown = [_printed(name, members, one) for one in value] if members else value
                    faults.append(Fault(trail, shown, words, use))
            if grouped and (None in value or _any_fails(grouped, value)):
                faults.append(Fault(trail, value, within, use))
            elif not grouped and None in value and not use.target.sparse:
                at = value.index(None) + 1
                faults.append(Fault(((trail, str(at)), "member"), None, NOT_NULL, None))
            if each:
                for at, item in enumerate(value, 1):
                    if item is not None:
                        each(item, ((trail, str(at)), "member"), faults)

        return check

    def _map(self, use: Member, key: Member, item: Member) -> Check:
        tests, keys, one = self._tests(use.target), self._tests(key.target), self._use(item)
        grouped = self._tests(item.target) if item.target.type not in ("structure", "list", "map") else []
        each = one if not grouped else None
        of_keys = "Map keys must satisfy constraint: " + _group(keys)
        of_values = "Map value must satisfy constraint: " + _group(grouped)

        def check(value: Any, trail: Trail, faults: list[Fault]) -> None:
            for test, words in tests:
                if not test(value):
                    faults.append(Fault(trail, value, words, use))
            if keys and _any_fails(keys, value):
                faults.append(Fault(trail, value, of_keys, use))
            for name, item in value.items():
                if item is None:
                    if not use.target.sparse:
                        faults.append(Fault(((trail, name), "member"), None, NOT_NULL, None))
                elif each:
                    each(item, ((trail, name), "member"), faults)
            if grouped and _any_fails(grouped, [item for item in value.values() if item is not None]):
                faults.append(Fault(trail, value, of_values, use))

        return check

    def _tests(self, shape: Shape) -> list[Test]:
        """What a shape's own values must pass, in the order in which AWS names failures."""
        if shape.name in self.left or (self.only_missing and not self.listed):
            return []
        if shape.name in self.tested:
            return self.tested[shape.name]
        tests: list[Test] = []
        if shape.enum:
            words = self.told.get(shape.name) or f"Member must satisfy enum value set: {_list(shape.enum)}"
            tests.append((frozenset(shape.enum).__contains__, words))
        if self.only_missing:
            return tests
        if shape.pattern and shape.type == "string":
            matches = patterns.matcher(shape.pattern)
            if matches:
                words = self.told.get(shape.name) or f"Member must satisfy regular expression pattern: {shape.pattern}"
                tests.append((matches, words))
        return tests + (_value_bounds(shape) if shape.type in NUMBERS else _length_bounds(shape))


def _printed(name: str, members: tuple[str, ...], value: Any) -> str:
    told = ", ".join(f"{member[:1].lower()}{member[1:]}={shown_as(value.get(member))}" for member in members)
    return f"{name}({told})"


def _any_fails(tests: list[Test], values: Iterable[Any]) -> bool:
    for test, _ in tests:
        for value in values:
            if not test(value):
                return True
    return False


NUMBERS = ("integer", "long", "float", "double")


def _length_bounds(shape: Shape) -> list[Test]:
    low, high, tests = shape.min, shape.max, []
    if high is not None:
        tests.append((lambda value: len(value) <= high, f"Member must have length less than or equal to {high}"))
    if low:
        tests.append((lambda value: len(value) >= low, f"Member must have length greater than or equal to {low}"))
    return tests


def _value_bounds(shape: Shape) -> list[Test]:
    low, high, tests = shape.min, shape.max, []
    if high is not None:
        tests.append((lambda value: value <= high, f"Member must have value less than or equal to {high}"))
    if low is not None:
        tests.append((lambda value: value >= low, f"Member must have value greater than or equal to {low}"))
    return tests


def _group(tests: list[Test]) -> str:
    """The constraints of items, keys or values: lengths first, as AWS lists them."""
    words = sorted((words for _, words in tests), key=lambda text: "length" not in text and "value less" not in text)
    return _list([*words, NOT_NULL])


def _list(words: list[str]) -> str:
    return f"[{', '.join(words)}]"


def _scalar(tests: list[Test], use: Member) -> Check:
    def check(value: Any, trail: Trail, faults: list[Fault]) -> None:
        for test, words in tests:
            if not test(value):
                faults.append(Fault(trail, value, words, use))

    return check


def _structure(required: list[tuple[str, Member]], checks: Mapping[str, Check]) -> Check:
    checked = checks.__contains__

    def check(value: Any, trail: Trail, faults: list[Fault]) -> None:
        for name, use in required:
            if name not in value:
                faults.append(Fault((trail, name), None, NOT_NULL, use))
        for name in filter(checked, value):
            checks[name](value[name], (trail, name), faults)

    return check
