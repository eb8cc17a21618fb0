"""Lineage: what functions leave in a trace header."""

from hypothesis import given
from hypothesis import strategies as st

from freehold.engines import lineage

ARN = "arn:aws:lambda:us-east-1:111122223333:function:it"
HEADER = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


def test_a_header_that_has_passed_nothing():
    assert lineage.times(HEADER, lineage.mark(ARN)) == 0


def test_each_pass_is_counted_and_the_rest_stays():
    mark, other = lineage.mark(ARN), lineage.mark(ARN + "2")
    header = lineage.passed(lineage.passed(lineage.passed(HEADER, mark), other), mark)
    assert header == f"{HEADER};Lineage={mark}:2|{other}:1"
    assert (lineage.times(header, mark), lineage.times(header, other)) == (2, 1)


def test_a_new_header_tells_its_moment():
    assert lineage.begun(1_700_000_000.5, "ab" * 20) == f"Root=1-6553f100-{'ab' * 12};Parent={'ab' * 8};Sampled=0"


@given(st.text(max_size=200))
def test_any_text_can_pass(text):
    mark = lineage.mark(ARN)
    assert lineage.times(lineage.passed(text, mark), mark) >= 1
