"""Positions of event source mappings. They may not know functions."""

from freehold import positions


class Position(positions.Position, table="lambda_positions", key="mapping shard"):
    """How far a mapping (by its UUID) has come in a shard."""

    mapping: str
