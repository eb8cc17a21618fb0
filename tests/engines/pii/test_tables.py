import re._parser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines.pii.families import MATCH_MAX, NUMBER_MAX, families, longest
from freehold.engines.pii.identifiers import PROVEN, TABLE
from freehold.engines.pii.keywords import LENGTH_MAX, Keywords, words


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_each_row_compiles(row):
    for family in families([row]):
        mentions = Keywords([words(row.keywords)]).mentions(f"\n{row.keywords[:1]}\n".encode())
        assert not list(family.propose(b"\nnothing of note here\n", mentions))


def test_keywords_are_written_as_the_grammar_asks():
    keywords = [word for row in TABLE for word in row.keywords + row.unless]
    assert not [word for word in keywords if word != word.lower() or len(word) > LENGTH_MAX or word != word.strip()]


@pytest.mark.parametrize("row", [row for row in (*TABLE, *PROVEN) if row.keywords], ids=lambda row: row.name)
def test_no_match_is_longer_than_the_window_in_which_it_is_looked_for(row):
    _, width = re._parser.parse(row.pattern).getwidth()
    assert width <= NUMBER_MAX if longest(row.pattern) == NUMBER_MAX else width > MATCH_MAX


@settings(deadline=None, max_examples=400)
@given(st.data(), st.sampled_from([row for row in TABLE if row.holds]))
def test_what_a_row_says_all_its_findings_hold_they_do(data, row):
    match = data.draw(st.from_regex(f"(?a:{row.pattern})", fullmatch=True))
    assert row.holds in re.sub("[0-9]", "0", match) or not row.check(match)
