"""The embedded store against a plain dictionary, and what its commits promise."""

import asyncio
import resource
import sqlite3
from contextlib import suppress

import apsw
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from freehold.kernel.clock import Clock
from freehold.kernel.identity import root
from freehold.kernel.ids import Ids
from freehold.kernel.signals import Bells
from freehold.kernel.store import Record, RecordType, Seat
from freehold.stores.sqlite import SqliteStore

SEAT = Seat("111111111111", "us-east-1", 0.0, Ids(1), root("111111111111"))


class Note(Record, table="test_notes", key="shelf id", index=("shelf rank", "mark")):
    shelf: str
    id: int
    rank: float = 0.0
    mark: bytes = b""
    text: str = ""


@pytest.fixture
def store(tmp_path):
    opened = SqliteStore(tmp_path / "db", Bells(Clock()))
    yield opened
    opened.close()


notes = st.builds(
    Note,
    shelf=st.sampled_from(["a", "b"]),
    id=st.integers(0, 9),
    rank=st.sampled_from([0.0, 1.0, 1.5, 2.0]),
    mark=st.binary(max_size=2),
    text=st.text(max_size=5),
)
deeds = st.lists(st.tuples(st.sampled_from(["put", "add", "delete", "fail"]), notes), max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=deeds, low=st.sampled_from([None, 0.0, 1.0]), high=st.sampled_from([None, 1.0, 2.0]), reverse=st.booleans()
)
def test_behaves_like_a_dictionary(tmp_path_factory, deeds, low, high, reverse):
    store = SqliteStore(tmp_path_factory.mktemp("store") / "db", Bells(Clock()))
    model: dict[tuple, Note] = {}
    for deed, note in deeds:
        key = (note.shelf, note.id)
        if deed == "put":
            store.run(SEAT, lambda tx, note=note: tx.put(note))
            model[key] = note
        elif deed == "add":
            assert store.run(SEAT, lambda tx, note=note: tx.add(note)) is (key not in model)
            model.setdefault(key, note)
        elif deed == "delete":
            assert store.run(SEAT, lambda tx, key=key: tx.delete(Note, *key)) is (key in model)
            model.pop(key, None)
        else:
            with suppress(ZeroDivisionError):
                store.run(SEAT, lambda tx, note=note: (tx.put(note), 1 / 0))

    def read(tx):
        assert [tx.get(Note, *key) for key in model] == list(model.values())
        assert tx.count(Note, "a") == sum(1 for shelf, _ in model if shelf == "a")
        by_rank = tx.range(Note, "a", index="shelf rank", low=low, high=high, reverse=reverse)
        bounded = [
            note
            for (shelf, _), note in model.items()
            if shelf == "a" and (low is None or note.rank >= low) and (high is None or note.rank <= high)
        ]
        assert by_rank == sorted(bounded, key=lambda note: (note.rank, note.id), reverse=reverse)
        pages, after = [], None
        while page := tx.range(Note, "a", index="shelf rank", after=after, reverse=reverse, limit=2):
            pages += page
            after = (page[-1].rank, page[-1].id)
        assert pages == tx.range(Note, "a", index="shelf rank", reverse=reverse)

    store.run(SEAT, read)
    store.close()


turns = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["put", "put", "put", "add", "delete", "get", "fail"]), notes), min_size=1, max_size=6
    ),
    max_size=5,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=turns, reopened=st.booleans())
def test_operations_of_a_turn_see_what_they_did_and_leave_all_or_nothing(tmp_path_factory, operations, reopened):
    """Whenever what an operation puts reaches the database: at its end, or before something else."""
    path = tmp_path_factory.mktemp("store") / "db"
    store, model = SqliteStore(path, Bells(Clock())), {}

    def work(tx, deeds, seen):
        for deed, note in deeds:
            key = (note.shelf, note.id)
            if deed == "put":
                tx.put(note)
                seen[key] = note
            elif deed == "add":
                assert tx.add(note) is (key not in seen)
                seen.setdefault(key, note)
            elif deed == "delete":
                assert tx.delete(Note, *key) is (key in seen)
                seen.pop(key, None)
            elif deed == "get":
                assert tx.get(Note, *key) == seen.get(key)
            else:
                raise ZeroDivisionError

    async def turn():
        nonlocal model
        for deeds in operations:
            seen = dict(model)
            with suppress(ZeroDivisionError):
                await store.transact(SEAT, work, deeds, seen)
                model = seen
        await store.durable()

    asyncio.run(turn())
    if reopened:
        store.close()
        store = SqliteStore(path, Bells(Clock()))
    found = store.run(SEAT, lambda tx: [*tx.range(Note, "a"), *tx.range(Note, "b")])
    assert found == [model[key] for key in sorted(model)]
    store.close()


def test_a_write_that_fails_takes_no_other_with_it(store):
    store.db.limit(apsw.SQLITE_LIMIT_LENGTH, 10_000)
    small, large = Note(shelf="a", id=1), Note(shelf="a", id=2, text="x" * 20_000)

    async def turn():
        await store.transact(SEAT, lambda tx: tx.put(small))
        for puts in ([large], [Note(shelf="a", id=3), large], [large, Note(shelf="a", id=4)]):
            with pytest.raises(apsw.TooBigError):
                await store.transact(SEAT, lambda tx, puts=puts: [tx.put(note) for note in puts])
        await store.transact(SEAT, lambda tx: tx.put(Note(shelf="a", id=5)))
        await store.durable()

    asyncio.run(turn())
    assert [note.id for note in store.run(SEAT, lambda tx: tx.range(Note, "a"))] == [1, 5]


def test_accounts_and_regions_do_not_see_each_other(store):
    store.run(SEAT, lambda tx: tx.put(Note(shelf="a", id=1)))
    other = SEAT._replace(account="222222222222")
    assert store.run(other, lambda tx: tx.range(Note, "a")) == []
    assert store.run(SEAT._replace(region="eu-west-1"), lambda tx: tx.get(Note, "a", 1)) is None
    assert store.run(other, lambda tx: tx.within(SEAT.account).get(Note, "a", 1)) is not None
    assert store.run(SEAT, lambda tx: tx.scopes(Note)) == [(SEAT.account, SEAT.region)]


def test_nobody_else_may_read_what_is_kept(store, tmp_path):
    store.run(SEAT, lambda tx: tx.put(Note(shelf="a", id=1)))
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("db*")}
    assert "db-wal" in modes and set(modes.values()) == {0o600}


def test_a_transaction_inside_a_transaction_is_a_bug(store):
    with pytest.raises(RuntimeError):
        store.run(SEAT, lambda tx: store.run(SEAT, lambda inner: None))


def test_bells_ring_after_the_commit_and_not_after_a_rollback(store):
    async def main():
        waiter = store.bells.listen((SEAT.account, SEAT.region, "door"))
        with suppress(ZeroDivisionError):
            store.run(SEAT, lambda tx: (tx.ring("door"), 1 / 0))
        assert not waiter.done()
        store.run(SEAT, lambda tx: tx.ring("door"))
        assert waiter.done()

    asyncio.run(main())


def test_answers_wait_until_the_log_is_on_disk(store, monkeypatch):
    flushed = []
    honest = store._log._fsync
    monkeypatch.setattr(store._log, "_fsync", lambda: (honest(), flushed.append(store._log.written)))

    async def writer(number):
        await store.transact(SEAT, lambda tx: tx.put(Note(shelf="a", id=number)))
        mark = store._log.written
        await store.durable()
        assert store._log.flushed >= mark

    async def main():
        await asyncio.gather(*(writer(number) for number in range(50)))
        before = len(flushed)
        await store.durable()
        assert len(flushed) == before, "nothing new was written, so nothing is flushed"
        assert before <= 3, "fifty writers share a few flushes"

    asyncio.run(main())


def test_a_changed_layout_is_rebuilt_from_the_documents(tmp_path):
    path = tmp_path / "db"
    first = SqliteStore(path, Bells(Clock()))
    first.run(SEAT, lambda tx: [tx.put(Note(shelf="a", id=number, text=f"{number}")) for number in range(5)])
    first.close()

    class Renamed(Record, table="test_notes", key="shelf id", index="shelf title", version=2):
        shelf: str
        id: int
        title: str

        @classmethod
        def upgrade(cls, document, version):
            assert version == 1
            return {**document, "title": f"no. {document.get('text', '')}"}

    second = SqliteStore(path, Bells(Clock()))
    found = second.run(SEAT, lambda tx: tx.range(Renamed, "a", index="shelf title", low="no. 3"))
    assert [note.title for note in found] == ["no. 3", "no. 4"]
    second.close()
    from freehold.kernel.store import KINDS

    KINDS["test_notes"] = Note


def test_a_backup_is_a_whole_database(store, tmp_path):
    store.run(SEAT, lambda tx: tx.put(Note(shelf="a", id=7)))
    store.backup(str(tmp_path / "copy"))
    with sqlite3.connect(tmp_path / "copy") as copy:
        assert copy.execute("SELECT count(*) FROM test_notes").fetchone() == (1,)


def test_records_keep_unknown_past_fields_readable():
    assert isinstance(Note, RecordType)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode({"shelf": "a", "id": 1, "gone": True}), type=Note).id == 1


def test_operations_of_one_turn_share_a_commit_and_fail_alone(store):
    commits = []
    store.db.set_wal_hook(lambda db, name, frames: commits.append(frames) or apsw.SQLITE_OK)

    async def write(number):
        with suppress(ZeroDivisionError):
            await store.transact(SEAT, lambda tx: (tx.put(Note(shelf="turn", id=number)), 1 / (number % 3)))

    async def main():
        await asyncio.gather(*(write(number) for number in range(12)))
        await store.durable()

    asyncio.run(main())
    assert [note.id for note in store.run(SEAT, lambda tx: tx.range(Note, "turn"))] == [1, 2, 4, 5, 7, 8, 10, 11]
    assert len(commits) <= 2, "one for the table, one for all"


def test_what_could_not_be_written_is_lost_as_a_whole_and_said_so(store):
    store.run(SEAT, lambda tx: tx.put(Note(shelf="full", id=0)))

    async def main():
        losses = store.losses
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, limit[1]))  # as a full disk: no file may grow past this
        try:
            await asyncio.gather(
                *(store.transact(SEAT, lambda tx, id=id: tx.put(Note(shelf="full", id=id))) for id in (1, 2))
            )
            with suppress(apsw.Error):
                await store.durable()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        assert store.losses == losses + 1
        await store.transact(SEAT, lambda tx: tx.put(Note(shelf="full", id=3)))
        await store.durable()

    asyncio.run(main())
    assert [note.id for note in store.run(SEAT, lambda tx: tx.range(Note, "full"))] == [0, 3]
