"""The catalogue of KMS's operations. It may not know what they do."""

from freehold.kernel.service import Service
from freehold.services.kms.rates import RATES

kms = Service("kms")
kms.rates = RATES
