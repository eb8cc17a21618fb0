"""Places in shards: how they travel, how they grow old, and where a time is found."""

from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.shards import Place, first_since, read, too_old, write


@given(st.text(), st.text(), st.integers(0, 2**60), st.floats(0, 1e10), st.text())
def test_a_place_is_read_as_it_was_written(stream, shard, number, made_at, chance):
    place = Place(stream, shard, number, made_at, chance)
    assert read(write(place)) == place
    assert read(f'"{write(place)}"') == place


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_what_is_no_iterator_is_none(text):
    assert read(text) is None


def test_an_iterator_grows_old_at_the_limit():
    place = Place("s", "0", 1, 1_421_889_722.0)
    assert not too_old(place, place.made_at + 300, 300)
    words = too_old(place, place.made_at + 301, 300)
    assert "created at time Thu Jan 22 01:22:02 UTC 2015 while right now it is Thu Jan 22 01:27:03 UTC 2015" in words
    assert "tolerated delay of 300000 milliseconds" in words


@given(st.lists(st.integers(0, 50)).map(sorted), st.integers(-1, 51))
def test_the_first_since_a_moment_is_found(times, moment):
    expected = next((number for number, at in enumerate(times) if at >= moment), len(times))
    assert first_since(0, len(times) - 1, moment, times.__getitem__) == expected
