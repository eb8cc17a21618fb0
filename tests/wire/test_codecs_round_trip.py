"""botocore writes what Freehold reads, and reads what Freehold writes, for any value of any operation's shapes."""

import math
from collections.abc import Iterable
from string import ascii_letters, digits
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from freehold.wire.codecs import choose, codec
from freehold.wire.models import Member, Operation, Shape, model

SPOKEN = [
    ("apigateway", "rest-json"),
    ("cloudformation", "query"),
    ("cloudfront", "rest-xml"),
    ("cloudwatch", "json"),
    ("cloudwatch", "query"),
    ("cloudwatch", "smithy-rpc-v2-cbor"),
    ("dynamodb", "json"),
    ("ec2", "ec2"),
    ("iam", "query"),
    ("lambda", "rest-json"),
    ("logs", "json"),
    ("route53", "rest-xml"),
    ("s3", "rest-xml"),
    ("sns", "query"),
    ("sqs", "json"),
    ("stepfunctions", "json"),
    ("sts", "query"),
]
WORD = ascii_letters + digits + "-_"
DEEP = 3
WHOLE = st.integers(-(2**31), 2**31 - 1)
TIMES = st.integers(0, 4_000_000_000_000).map(lambda thousandths: thousandths / 1000)
REALS = st.floats(allow_nan=False, allow_infinity=False, width=32)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"))
UTF8 = st.text(WORD, min_size=1).map(str.encode)
BODY: dict[str, st.SearchStrategy] = {
    "string": TEXT,
    "character": st.sampled_from(WORD),
    "boolean": st.booleans(),
    "integer": WHOLE,
    "long": WHOLE,
    "float": REALS,
    "double": REALS,
    "blob": st.binary(min_size=1),
    "timestamp": TIMES,
}
# Operations that are not told by their shapes alone: botocore reads the first one's root itself, wants a host name for
# the second, and two members of the others have one element's name.
ODD = {"GetBucketLocation", "WriteGetObjectResponse", "GetBucketNotification", "PutBucketNotification"}
# what fits into a header, a path or a query string
NARROW = BODY | {
    "string": st.text(WORD, min_size=1),
    "timestamp": st.integers(0, 4_000_000_000),
}


@st.composite
def values(draw: Any, use: Member, depth: int = 0) -> Any:
    """A value of a shape that every protocol can carry: nothing empty, nothing null."""
    shape = use.target
    if shape.type == "structure":
        return draw(structures(shape, shape.members.items(), depth + 1))
    if shape.type == "list":
        assert shape.member
        within = Member(shape.member.shape, location=use.location, target=shape.member.target)
        return draw(st.lists(values(within, depth + 1), min_size=1, max_size=3))
    if shape.type == "map":
        assert shape.key and shape.value
        keys = (
            st.text(WORD.lower(), min_size=1, max_size=9)
            if not shape.key.target.enum
            else st.sampled_from(shape.key.target.enum)
        )
        within = Member(shape.value.shape, location=use.location, target=shape.value.target)
        return draw(st.dictionaries(keys, values(within, depth + 1), min_size=1, max_size=3))
    if shape.enum:
        return draw(st.sampled_from(shape.enum))
    return draw((NARROW if use.location else BODY)[shape.type])


@st.composite
def structures(draw: Any, shape: Shape, members: Iterable[tuple[str, Member]], depth: int = 0) -> dict:
    """A structure with some of its members, and all that stand in the path."""
    usable = {name: use for name, use in members if carries(use, depth)}
    needed = {name for name, use in usable.items() if use.location == "uri"}
    some = draw(st.sets(st.sampled_from(sorted(usable)), min_size=1, max_size=4)) if usable else set()
    some = set(list(some)[:1]) if shape.union else some | needed
    whole = {name for name in some if name == shape.payload and usable[name].target.type == "blob"}
    # botocore takes a blob that is the whole body for UTF-8
    return {name: draw(UTF8 if name in whole else values(usable[name], depth)) for name in sorted(some)}


def carries(use: Member, depth: int) -> bool:
    """Whether a member is to be tried: not too deep, and with something in it."""
    shape = use.target
    if shape.document or shape.eventstream or use.jsonvalue or (shape.type == "structure" and not shape.members):
        return False
    return depth < DEEP or shape.type not in ("structure", "list", "map")


def pruned(value: Any) -> Any:
    """A value without what is empty inside it, which query protocols cannot carry."""
    if isinstance(value, dict):
        kept = {key: pruned(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in ({}, [])}
    if isinstance(value, list):
        return [item for item in map(pruned, value) if item not in ({}, [])]
    return value


def outward(use: Member, value: Any, moment: Any) -> Any:
    """A value as botocore's callers give it."""
    shape = use.target
    match shape.type:
        case "structure":
            return {name: outward(shape.members[name], item, moment) for name, item in value.items()}
        case "list":
            return [outward(shape.member, item, moment) for item in value]
        case "map":
            return {key: outward(shape.value, item, moment) for key, item in value.items()}
        case "timestamp":
            return moment(value)
    return value


def near(use: Member, one: Any, other: Any) -> bool:
    """Whether two values are the same, times to the precision of their format."""
    shape = use.target
    match shape.type:
        case "structure":
            if shape.payload and one.get(shape.payload) is None and other.get(shape.payload) == "":
                one = one | {shape.payload: ""}  # an empty body says neither
            return one.keys() == other.keys() and all(near(shape.members[name], one[name], other[name]) for name in one)
        case "list":
            return len(one) == len(other) and all(near(shape.member, *pair) for pair in zip(one, other))
        case "map":
            return one.keys() == other.keys() and all(near(shape.value, one[key], other[key]) for key in one)
        case "timestamp":
            return math.isclose(one, other, abs_tol=1, rel_tol=0)
        case "float" | "double":
            return math.isclose(one, other, rel_tol=1e-6)
        case "blob":
            return (one.encode() if isinstance(one, str) else one) == (
                other.encode() if isinstance(other, str) else other
            )
    return one == other


def told(use: Member, value: Any) -> bool:
    """Whether what botocore read is something, and not what every answer has."""
    return use.location != "statusCode" and use.location_name.lower() != "content-type" and value not in (b"", "", {})


def tried(service: str, way: str) -> list[Operation]:
    usable = []
    for operation in model(service).operations.values():
        use = getattr(operation, way)
        if use and use.target.members and not use.target.event_stream and operation.name not in ODD:
            usable.append(operation)
    return usable


@pytest.mark.parametrize(("service", "protocol"), SPOKEN)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_requests(service: str, protocol: str, data: st.DataObject, reference: Any) -> None:
    operation = data.draw(st.sampled_from(tried(service, "input")))
    assert operation.input
    shape = operation.input.target
    request = pruned(data.draw(structures(shape, shape.members.items())))
    sent = reference.write_request(
        reference.client_of(service), operation.name, outward(operation.input, request, reference.moment), protocol
    )
    assert choose(model(service), sent) == protocol
    speaks = codec(model(service), protocol)
    assert operation.http.method == speaks.operation_of(sent).http.method
    parsed = speaks.parse(operation, sent)
    if shape.payload and shape.payload not in request:
        parsed.pop(shape.payload, None)
    for name, use in shape.members.items():
        if use.location == "querystring" and use.target.type == "map":  # holds all arguments, other members' too
            assert parsed.pop(name, {}).items() >= request.pop(name, {}).items()
    assert near(operation.input, parsed, request), (parsed, request)


@pytest.mark.parametrize(("service", "protocol"), SPOKEN)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_answers(service: str, protocol: str, data: st.DataObject, reference: Any) -> None:
    operation = data.draw(st.sampled_from(tried(service, "output")))
    assert operation.output
    shape = operation.output.target
    in_answer = [(name, use) for name, use in shape.members.items() if use.location != "statusCode"]
    response = pruned(data.draw(structures(shape, in_answer))) if in_answer else {}
    reply = codec(model(service), protocol).answer(operation, response, "id")
    output = reference.client_of(service).operation_model(operation.name).output_shape
    parsed = reference.parsed(protocol, output, reply, operation.name)
    known = {name: item for name, item in parsed.items() if name in response or told(shape.members[name], item)}
    assert near(operation.output, known, response), (known, response, reply.body)
