"""Numbers made at random: what could have been issued is found, what merely has digits is not."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.pii.identifiers.numbers import ISSUED, SINGLE_DIGITS_TOLD, number

from freehold.engines import pii
from freehold.engines.pii.identifiers import TABLE

SPOKEN_FOR = pii.NAMES - {"Name", "Address", "PostalCode-CA"}


@pytest.mark.parametrize("name", ISSUED)
@given(data=st.data())
def test_what_could_have_been_issued_is_found_near_a_keyword(name, data):
    keyword, numbers = ISSUED[name]
    issued = data.draw(numbers)
    before = data.draw(st.sampled_from((f"{keyword} ", f"{keyword.upper()}: ", f'{{"{keyword}":"', f"{keyword}=")))
    found = pii.scanner([name]).find(f"{before}{issued}, and so on")
    assert found == [pii.Finding(name, len(before), len(before) + len(issued))]
    assert not pii.scanner([name]).find(f"lorem {issued}, and so on")


@pytest.mark.parametrize("name", SINGLE_DIGITS_TOLD)
@given(data=st.data())
def test_a_changed_digit_is_told(name, data):
    keyword, numbers = ISSUED[name]
    issued = data.draw(numbers)
    place = data.draw(st.sampled_from([place for place, character in enumerate(issued) if character.isdigit()]))
    digit = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != issued[place]]))
    assert not pii.scanner([name]).find(f"{keyword} {issued[:place]}{digit}{issued[place + 1 :]}")


@given(st.lists(st.one_of(st.integers(1, 18).flatmap(number), st.text("ABCDEFXYZ0123456789", max_size=18)), max_size=8))
def test_digits_alone_say_nothing(rows):
    assert not pii.scanner(SPOKEN_FOR).find(", ".join(rows))


CHECKED = {(row.name, row.pattern): row for row in TABLE if row.check}


@pytest.mark.parametrize("row", CHECKED.values(), ids=lambda row: row.name)
@settings(max_examples=30)
@given(data=st.data())
def test_a_check_has_an_answer_for_all_that_has_the_shape(row, data):
    text = data.draw(st.from_regex(re.compile(row.pattern, re.ASCII), fullmatch=True))
    assert row.check(text) in (True, False)
