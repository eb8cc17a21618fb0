"""A clinic's topic, whose policy lets each department hear what is for it, and nobody what is for none."""
