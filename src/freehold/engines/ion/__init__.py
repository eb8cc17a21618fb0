"""Ion text, as far as items of DynamoDB are written in it: read and written as attribute values.

One idea: a value of Ion is an attribute value, its sets marked by an annotation; what DynamoDB has no type for is
refused. It may not know tables.

https://amazon-ion.github.io/ion-docs/docs/spec.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from freehold.engines.ion.reader import IonError, read
from freehold.engines.ion.writer import MARK, write, write_item

__all__ = ["MARK", "IonError", "read", "write", "write_item"]
