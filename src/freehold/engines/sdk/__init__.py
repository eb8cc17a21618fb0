"""The AWS SDKs' view of services: what they call them, and the shapes of what their operations take and tell.

Its one idea: Step Functions and EventBridge Scheduler call any operation by the names of the AWS SDK, and a service's
model says the rest. It may not know any service, nor who calls.
"""

from freehold.engines.sdk.names import model_of

__all__ = ["model_of"]
