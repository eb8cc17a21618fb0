"""Measures Freehold beside its peers: the same signed requests, in turns, in one run."""
