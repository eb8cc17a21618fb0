"""The catalogue of Secrets Manager's operations. It may not know what they do."""

from freehold.kernel.service import Service
from freehold.services.secretsmanager.rates import RATES

secretsmanager = Service("secretsmanager")
secretsmanager.rates = RATES
