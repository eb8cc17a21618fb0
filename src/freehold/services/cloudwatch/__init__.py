"""CloudWatch: metrics and dashboards.

One idea: all values of a metric in one minute are one record of a few numbers, to which more may always be added; every
statistic is made of such records when it is asked for. What this cloud's own services measure comes in by the same way.

Not done: alarms, metric math, metric streams, insight rules, anomaly detection. `parity.toml` has the list.
"""

from freehold.services.cloudwatch import keepers, resources
from freehold.services.cloudwatch.service import cloudwatch

__all__ = ["cloudwatch", "keepers", "resources"]
