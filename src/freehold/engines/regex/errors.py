"""What is wrong with a pattern, or with what it would take. It may not know who asks."""


class InvalidPattern(ValueError):
    """The text is no regular expression, or one that is too large."""


class Spent(Exception):
    """A search took more steps than its purse has, or would take more memory; `most` says how long a string may be
    for this pattern, 0 if it is about steps."""

    def __init__(self, most: int = 0):
        super().__init__("a regular expression takes too long")
        self.most = most
