"""Pages: divided into lanes and parts so that each item is in one of them, and keys keep their order."""

from hypothesis import given
from hypothesis import strategies as st

from freehold.services.lambda_.sources import positions, windows
from freehold.services.lambda_.sources.positions import EVENT_BYTES_MAX
from freehold.services.lambda_.sources.shards import Item


def item(number: int, key: str, size: int = 1, arrived_at: float = 0.0) -> Item:
    return Item(str(10**20 + number), key, arrived_at, size, {})


pages = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(1, EVENT_BYTES_MAX // 2)), min_size=1, max_size=40
).map(lambda found: [item(number, key, size, number / 3) for number, (key, size) in enumerate(found)])


@given(pages, st.integers(1, 10), st.integers(1, 7), st.integers(0, 5))
def test_a_page_is_divided_without_loss(items, lanes, count_max, length_s):
    page = positions.plan(items, items[-1].sequence, lanes, count_max, lambda one: windows.start_of(one, length_s))
    handed: list[Item] = []
    for number, lane in enumerate(page.lanes):
        while lane.parts:
            part = positions.next_of(page, number, items)
            assert 0 < len(part) <= count_max and sum(one.size for one in part) <= EVENT_BYTES_MAX
            assert len({windows.start_of(one, length_s) for one in part}) == 1
            handed += part
            lane.done = lane.parts.pop(0).end
    assert sorted(handed) == sorted(items)
    for key in "abcdef":
        assert [one for one in handed if one.key == key] == [one for one in items if one.key == key]


def test_children_wait_for_their_parents():
    def position(shard, *parents, ended=False):
        return positions.Position(mapping="m", shard=shard, start="", parents=parents, ended=ended)

    parent, child, stranger = position("0"), position("1", "0"), position("2", "gone")
    assert positions.due([parent, child, stranger]) == [parent, stranger]
    parent.ended = True
    assert positions.due([parent, child]) == [child]
