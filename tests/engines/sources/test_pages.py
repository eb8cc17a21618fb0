"""Pages: divided into lanes and parts so that each item is in one of them, and keys keep their order."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.batches import Again, Verdict
from freehold.engines.sources import pages
from freehold.engines.sources.pages import EVENT_BYTES_MAX
from freehold.engines.sources.streams import Item


def item(number: int, key: str, size: int = 1, arrived_at: float = 0.0) -> Item:
    return Item(str(10**20 + number), key, arrived_at, size, {})


some = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(1, EVENT_BYTES_MAX // 2)), min_size=1, max_size=40
).map(lambda found: [item(number, key, size, number / 3) for number, (key, size) in enumerate(found)])


@given(some, st.integers(1, 10), st.integers(1, 7), st.integers(1, 5))
def test_a_page_is_divided_without_loss(items, lanes, count_max, length_s):
    def span(one: Item) -> float:
        return one.arrived_at // length_s

    page = pages.plan(items, items[-1].sequence, lanes, count_max, span)
    handed: list[Item] = []
    for number, lane in enumerate(page.lanes):
        while lane.parts:
            part = pages.next_of(page, number, items)
            assert 0 < len(part) <= count_max and sum(one.size for one in part) <= EVENT_BYTES_MAX
            assert len({span(one) for one in part}) == 1
            handed += part
            pages.move(page, number, part, Verdict(len(part)))
    assert sorted(handed) == sorted(items)
    for key in "abcdef":
        assert [one for one in handed if one.key == key] == [one for one in items if one.key == key]


def test_a_part_that_fails_is_tried_again_in_halves():
    items = [item(number, "a") for number in range(3)]
    page = pages.plan(items, items[-1].sequence, 1, 10, lambda one: 0.0)
    assert pages.move(page, 0, items, Verdict(0, (Again(2, 1), Again(1, 1))))
    assert pages.next_of(page, 0, items) == items[:2] and page.lanes[0].parts[0].failures == 1
    assert pages.move(page, 0, items[:2], Verdict(2))
    assert pages.next_of(page, 0, items) == items[2:]
    assert not pages.move(page, 0, items[2:], Verdict(0, (), 1))


@dataclass
class Shard:
    shard: str
    parents: tuple[str, ...] = ()
    ended: bool = False


def test_children_wait_for_their_parents():
    parent, child, stranger = Shard("0"), Shard("1", ("0",)), Shard("2", ("gone",))
    assert pages.due([parent, child, stranger]) == [parent, stranger]
    parent.ended = True
    assert pages.due([parent, child]) == [child]
