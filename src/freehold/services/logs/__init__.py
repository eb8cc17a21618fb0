"""logs. One idea: to come."""

from freehold.services.logs.service import logs

__all__ = ["logs"]
