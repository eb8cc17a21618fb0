"""The catalogue of the room. It may not know how its records lie."""

from freehold.kernel.service import Service

logs = Service("logs")
