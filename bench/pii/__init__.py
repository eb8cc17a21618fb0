"""How well engines/pii finds what it looks for, and how fast: data gathered, a model taught, texts made, results."""
