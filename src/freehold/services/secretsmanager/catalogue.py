"""The catalogue of Secrets Manager's operations. It may not know what they do."""

from freehold.kernel.service import Service

secretsmanager = Service("secretsmanager")
