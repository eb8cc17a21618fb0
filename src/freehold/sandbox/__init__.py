"""Where function code runs: environments, and the Runtime API they speak. It may not know the Lambda service.

One idea: a function is a description (`FunctionSpec`) and an invocation is bytes in, a `Result` out; everything
between is an operating system process that speaks the public Runtime API, so any real runtime client runs here
unchanged.
"""

from freehold.sandbox.code import UnpackError, unpack
from freehold.sandbox.pool import Sandbox
from freehold.sandbox.spec import Credentials, FunctionSpec, Result, Standing, Status
from freehold.sandbox.streams import Stream

__all__ = ["Credentials", "FunctionSpec", "Result", "Sandbox", "Standing", "Status", "Stream", "UnpackError", "unpack"]
