"""The wing of PartiQL: the same reading and writing, asked for by statements.

One idea: a statement becomes a span to read (`reading` does it) or a write like any other (`writing` does it); nothing
is done here that the other operations do not do. It may not know how items lie.
"""

from freehold.services.dynamodb.statements import access, changes, operations, reads

__all__ = ["access", "changes", "operations", "reads"]
