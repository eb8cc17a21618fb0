"""Firehose: delivery streams, which gather records into files of a bucket.

One idea: records lie in a buffer until it is full or old enough; then its bounds and the name of its file are written
down, and the file is promised. So a crash neither loses a record nor files it twice.

Files go to S3 alone, as they come or compressed by gzip. `parity.toml` has the list of what is not done.
"""

from freehold.services.firehose import delivering, resources
from freehold.services.firehose.service import firehose

__all__ = ["delivering", "firehose", "resources"]
