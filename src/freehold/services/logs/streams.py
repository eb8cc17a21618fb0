"""Log streams: what is remembered of them.

One idea: a stream's events belong to its id, which no stream had before. It may not know how events lie.
"""

from freehold.kernel.store import Record, Tx
from freehold.services.logs import errors
from freehold.services.logs.groups import LAST, Group

ID_LENGTH = 16
DIGITS = "0123456789"


class Stream(Record, table="logs_streams", key="group_id name", index="group_id last_at"):
    """A log stream of the group with this id. Moments in epoch milliseconds, 0 for never; `stored` in bytes.

    `puts` counts the batches taken, and so numbers them.
    """

    group_id: str
    name: str
    id: str
    created_at: int
    first_at: int = 0
    last_at: int = 0
    ingested_at: int = 0
    stored: int = 0
    puts: int = 0

    @property
    def sequence_token(self) -> str:
        """What AWS gave writers to keep order, and still gives; nobody has to send it."""
        return f"49{self.puts:054d}"


def create_stream(tx: Tx, group: Group, name: str) -> Stream:
    """Raises ResourceAlreadyExistsException."""
    stream = Stream(group_id=group.id, name=name, id=tx.ids.text(ID_LENGTH, DIGITS), created_at=int(tx.now * 1_000))
    if not tx.add(stream):
        raise errors.StreamExists()
    return stream


def open_stream(tx: Tx, group: Group, name: str) -> Stream:
    """Raises ResourceNotFoundException."""
    stream = tx.get(Stream, group.id, name)
    if stream is None:
        raise errors.StreamNotFound()
    return stream


def list_streams(tx: Tx, group: Group, prefix: str, reverse: bool, after: tuple | None, limit: int) -> list[Stream]:
    """Streams in order of their names."""
    low, high = (prefix, prefix + LAST) if prefix else (None, None)
    return tx.range(Stream, group.id, low=low, high=high, reverse=reverse, after=after, limit=limit)


def list_by_time(tx: Tx, group: Group, reverse: bool, after: tuple | None, limit: int) -> list[Stream]:
    """Streams in order of their last events."""
    return tx.range(Stream, group.id, index="group_id last_at", reverse=reverse, after=after, limit=limit)


def stored(tx: Tx, group: Group) -> int:
    """The bytes of all events of a group."""
    return sum(stream.stored for stream in tx.range(Stream, group.id))
