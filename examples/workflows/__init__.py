"""Workflows: four published examples, each in two ways that do the same for a different price."""
