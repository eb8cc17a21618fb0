"""ssm. One idea: to come."""

from freehold.services.ssm.service import ssm

__all__ = ["ssm"]
