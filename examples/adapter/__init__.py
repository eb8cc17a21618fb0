"""Ordinary web applications behind function URLs."""
