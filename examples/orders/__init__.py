"""The orders app: a queue in front, a workflow behind, a mail at the end."""
