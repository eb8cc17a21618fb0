"""API Gateway's REST APIs (v1): described, deployed, and served at their own addresses.

One idea: an API is a document in API Gateway's own members. Importing writes it, a patch edits it, a deployment is a
copy of it under the deployment's id, and the data plane serves copies only; so what is deployed changes by nothing but
the next deployment.

Not done: API keys and usage plans, custom domains, VPC links, client certificates, caches, canaries, throttling,
Cognito authorizers, access logs, TestInvokeMethod. `parity.toml` has the list.
"""

from freehold.services.apigateway import front, resources
from freehold.services.apigateway.service import apigateway

__all__ = ["apigateway", "front", "resources"]
