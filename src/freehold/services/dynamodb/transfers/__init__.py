"""The wing of transfers: tables written to objects of S3, and made of them.

One idea: a transfer is a record of how far it has come and a promise to go on, kept as the one who asked for it; so it
goes on after a crash where it was, and may do in S3 what its asker may. It uses `recovery` to see tables as they were,
`definitions` to make new ones and `writing` to fill them.
"""

from freehold.services.dynamodb.transfers import exporting, importing, operations

__all__ = ["exporting", "importing", "operations"]
