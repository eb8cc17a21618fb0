"""Positions of pipes. They may not know executions."""

from freehold import positions


class Position(positions.Position, table="pipes_positions", key="pipe shard"):
    """How far a pipe (by its id) has come in a shard."""

    pipe: str
