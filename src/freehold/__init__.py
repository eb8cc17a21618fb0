"""Freehold: a serverless cloud that people own. The package's version, and nothing else."""

__version__ = "0.1.0"
