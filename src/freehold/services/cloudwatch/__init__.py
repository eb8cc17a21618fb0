"""cloudwatch. One idea: to come."""

from freehold.services.cloudwatch.service import cloudwatch

__all__ = ["cloudwatch"]
