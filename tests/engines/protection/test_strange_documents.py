"""Whatever is written in a document's places, it is a policy or it is said why not."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.protection import LOGS, SNS, BadPolicy, parse

ADDRESS = "arn:aws:dataprotection::aws:data-identifier/IpAddress"
PLACES = {
    "CloudWatchLogs": {"LogGroup": "/aws/vendedlogs/a"},
    "Firehose": {"DeliveryStream": "s"},
    "S3": {"Bucket": "bb1"},
}
WHO = {"DataDirection": "Inbound", "Principal": ["*"], "DataIdentifier": [ADDRESS, "A"]}
CUSTOM = {"CustomDataIdentifier": [{"Name": "A", "Regex": "a"}]}
HEAD = {"Name": "p", "Version": "2021-06-01", "Description": "d", "Configuration": CUSTOM}
MASK = {"Deidentify": {"MaskConfig": {"MaskWithCharacter": "#"}}}
DOCUMENTS = {
    "sns": (
        SNS,
        HEAD
        | {
            "Statement": [
                WHO | {"Sid": "a", "Operation": {"Audit": {"SampleRate": "9", "FindingsDestination": PLACES}}},
                WHO | {"Operation": MASK},
            ]
        },
    ),
    "logs": (
        LOGS,
        HEAD
        | {
            "Statement": [
                {"DataIdentifier": [ADDRESS], "Operation": {"Audit": {"FindingsDestination": PLACES}}},
                {"DataIdentifier": [ADDRESS], "Operation": {"Deidentify": {"MaskConfig": {}}}},
            ]
        },
    ),
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def paths(value, way=()):
    """Every place in a document."""
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from paths(part, (*way, key))


def replaced(document, way, value):
    if not way:
        return value
    made = deepcopy(document)
    part = made
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = value
    return made


@pytest.mark.parametrize("service", DOCUMENTS)
@given(data=st.data())
def test_a_strange_value_anywhere_is_taken_or_told(service, data):
    dialect, document = DOCUMENTS[service]
    assert parse(json.dumps(document), dialect).name == "p"
    way = data.draw(st.sampled_from([*paths(document)]))
    try:
        parse(json.dumps(replaced(document, way, data.draw(ANYTHING))), dialect)
    except BadPolicy as refusal:
        assert refusal.reason


@given(st.text())
def test_any_text_is_taken_or_told(text):
    with pytest.raises(BadPolicy):
        parse(text, SNS)
