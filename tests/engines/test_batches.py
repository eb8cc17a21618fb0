"""Batches: whatever functions do, each record has one fate, in order, and what has limits comes to an end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.batches import ENDLESS, Again, Rules, Trial, Verdict, expired, judge, parts, pause_s


@pytest.mark.parametrize(
    ("trial", "rules", "verdict"),
    [
        (Trial(5, 0, None), Rules(), Verdict(5)),
        (Trial(5, 3, None), Rules(3, True), Verdict(5)),
        (Trial(5, 0, 0), Rules(), Verdict(0, (Again(5, 1),))),
        (Trial(5, 99, 0), Rules(), Verdict(0, (Again(5, 100),))),
        (Trial(5, 1, 0), Rules(2), Verdict(0, (Again(5, 2),))),
        (Trial(5, 2, 0), Rules(2), Verdict(0, (), 5)),
        (Trial(5, 0, 0), Rules(0), Verdict(0, (), 5)),
        (Trial(5, 0, 3), Rules(2), Verdict(3, (Again(2, 1),))),
        (Trial(5, 2, 3), Rules(2), Verdict(3, (), 2)),
        (Trial(5, 0, 0), Rules(0, True), Verdict(0, (Again(3, 0), Again(2, 0)))),
        (Trial(5, 0, 3), Rules(0, True), Verdict(3, (Again(2, 0),))),
        (Trial(1, 0, 0), Rules(0, True), Verdict(0, (), 1)),
        (Trial(1, 0, 0), Rules(1, True), Verdict(0, (Again(1, 1),))),
    ],
)
def test_what_becomes_of_a_batch(trial, rules, verdict):
    assert judge(trial, rules) == verdict


trials = st.integers(1, 50).flatmap(
    lambda count: st.builds(Trial, st.just(count), st.integers(0, 20), st.none() | st.integers(0, count - 1))
)


@given(trials, st.builds(Rules, st.integers(ENDLESS, 20), st.booleans()))
def test_a_verdict_divides_what_was_tried(trial, rules):
    verdict = judge(trial, rules)
    assert verdict.done + sum(part.length for part in verdict.again) + verdict.dropped == trial.length
    assert all(part.length > 0 for part in verdict.again)
    assert verdict.dropped == 0 or not verdict.again


@given(
    st.integers(1, 40), st.sets(st.integers(0, 39)), st.integers(0, 3), st.booleans(), st.booleans()
)  # fmt: skip
def test_good_records_are_done_with_and_bad_ones_come_to_an_end(count, bad, retries, bisects, reports):
    """A function that fails on some records and, if it reports, says on which first."""
    rules, todo, done, dropped = Rules(retries, bisects), [(list(range(count)), 0)], [], []
    for _ in range(2_000):
        if not todo:
            break
        batch, failures = todo.pop(0)
        failed = [at for at, record in enumerate(batch) if record in bad]
        failed_at = None if not failed else failed[0] if reports else 0
        verdict = judge(Trial(len(batch), failures, failed_at), rules)
        done += batch[: verdict.done]
        start = verdict.done
        again = []
        for part in verdict.again:
            again.append((batch[start : start + part.length], part.failures))
            start += part.length
        todo = again + todo
        dropped += batch[start:]
    assert not todo
    assert sorted(done + dropped) == list(range(count))
    assert done == sorted(done) and dropped == sorted(dropped)
    assert not bad.intersection(done)
    if bisects:
        assert set(dropped) == bad.intersection(range(count))


def test_pauses_grow_to_a_minute():
    assert [pause_s(failures) for failures in (0, 1, 2, 3, 8, 9, 500)] == [0, 0.25, 0.5, 1, 32, 60, 60]


def test_what_is_too_old_comes_first():
    assert expired([10, 20, 30], 100, 75) == 2
    assert expired([10, 20, 30], 100, ENDLESS) == 0
    assert expired([10, 20], 1_000, 60) == 2
    assert expired([], 1_000, 60) == 0


@given(st.lists(st.integers(0, 10)), st.integers(1, 5), st.integers(5, 20))
def test_parts_are_as_large_as_may_be(sizes, count_max, bytes_max):
    counts = parts(sizes, count_max, bytes_max)
    assert sum(counts) == len(sizes)
    at = 0
    for count in counts:
        part = sizes[at : at + count]
        at += count
        assert 0 < count <= count_max and (sum(part) <= bytes_max or count == 1)
        more = sizes[at : at + 1]
        assert not more or count == count_max or sum(part) + more[0] > bytes_max


def test_nothing_has_no_parts():
    assert parts([], 5, 10) == []
