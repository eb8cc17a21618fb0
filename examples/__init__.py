"""Applications that run on Freehold, as they would on AWS."""
