"""The API of CloudWatch: one function an operation, by noun. It may not know how values are kept."""

from freehold.services.cloudwatch.service import dashboards, metrics, statistics, tags
from freehold.services.cloudwatch.service.catalogue import cloudwatch

__all__ = ["cloudwatch", "dashboards", "metrics", "statistics", "tags"]
