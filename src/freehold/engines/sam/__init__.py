"""SAM → CloudFormation: a pure face over AWS's own library, aws-sam-translator.

One idea: the library does the work; this gives it a region in place of a boto session, plain values in, plain values
out, and CloudFormation's words for its errors. It may not reach the network nor read the surroundings.

The library is imported on first use (about half a second, 60 MB): callers run `transform` in a worker process. The
library keeps the region in a class variable, so one process transforms one template at a time.
"""

from freehold.engines.sam.serverless import transform

__all__ = ["transform"]
