"""The wing of definitions: how tables are described, made, altered and told of.

One idea: a description is read into what is remembered of a table, and what is told of a table is derived from that. It
may not know what lies in tables beyond how much it is.
"""
