"""Many patterns at once: whatever matches is a candidate."""

import json

from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.patterns import EVENTBRIDGE, Index, compile

names, texts = st.sampled_from(("a", "b", "c", "a.b")), st.sampled_from(("x", "y", "z"))
leaves = st.one_of(
    st.lists(texts, min_size=1, max_size=3),
    st.sampled_from(([{"exists": False}], [{"prefix": "x"}], ["x", {"suffix": "z"}], [1])),
)
patterns = st.recursive(
    st.dictionaries(names, leaves, min_size=1, max_size=2),
    lambda inner: st.dictionaries(names, inner | leaves, min_size=1, max_size=2),
    max_leaves=4,
)
values = st.recursive(
    texts | st.just(1), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
)
objects = st.dictionaries(names, values, max_size=4)


@given(st.lists(patterns, max_size=6), objects)
def test_what_matches_is_found(several, value):
    written = {number: json.dumps(pattern) for number, pattern in enumerate(several)}
    found = Index(written).candidates(value)
    assert found == sorted(found)
    assert {number for number, text in written.items() if compile(text, EVENTBRIDGE)(value)} <= set(found)


def test_patterns_are_filed_where_they_differ():
    rules = {n: json.dumps({"source": ["shop"], "detail": {"customer": [f"c{n}"]}}) for n in range(1_000)}
    rules[1_000] = json.dumps({"source": [{"prefix": "sh"}]})
    rules[1_001] = json.dumps({"source": ["bank"]})
    index = Index(rules)
    assert index.candidates({"source": "shop", "detail": {"customer": "c7"}}) == [7, 1_000]
    assert index.candidates({"source": "bank", "detail": {}}) == [1_000, 1_001]


@given(st.lists(patterns, min_size=1, max_size=6), st.data(), objects)
def test_keys_come_and_go(several, data, value):
    written = {number: json.dumps(pattern) for number, pattern in enumerate(several)}
    index = Index(written)
    gone = data.draw(st.sets(st.sampled_from(sorted(written))))
    for number in gone:
        index.remove(number)
    left = {number: text for number, text in written.items() if number not in gone}
    matching = {number for number, text in left.items() if compile(text, EVENTBRIDGE)(value)}
    assert matching <= set(index.candidates(value)) <= set(left)
    for number in gone:
        index.add(number, written[number])
    assert {number for number, text in written.items() if compile(text, EVENTBRIDGE)(value)} <= set(
        index.candidates(value)
    )
