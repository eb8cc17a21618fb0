"""The wing of reading: items by their keys, and Query and Scan, a page at a time.

One idea: what is read is a span of a table or index, and a page is the beginning of what is left of it. It may not
change anything.
"""

from freehold.services.dynamodb.reading import items, operations, pages, sources

__all__ = ["items", "operations", "pages", "sources"]
