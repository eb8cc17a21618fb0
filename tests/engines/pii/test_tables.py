import pytest

from freehold.engines.pii.families import families
from freehold.engines.pii.identifiers import TABLE
from freehold.engines.pii.keywords import LENGTH_MAX, Keywords, words


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_each_row_compiles(row):
    for family in families([row]):
        mentions = Keywords([words(row.keywords)]).mentions(f"\n{row.keywords[:1]}\n".encode())
        assert not list(family.propose(b"\nnothing of note here\n", mentions))


def test_keywords_are_written_as_the_grammar_asks():
    keywords = [word for row in TABLE for word in row.keywords + row.unless]
    assert not [word for word in keywords if word != word.lower() or len(word) > LENGTH_MAX or word != word.strip()]
