"""VtlError: a template that cannot be read, or cannot be rendered with the values it was given."""


class VtlError(Exception):
    """The one error of this engine. `str(error)` is for the owner of the template, not for the caller of an API.

    `text` and `at` say where, for a template that cannot be read; line and column, from 1, are counted when asked for.
    """

    def __init__(self, problem: str, text: str | None = None, at: int = 0):
        super().__init__(problem)
        self.problem = problem
        self.text = text
        self.at = at

    def __str__(self) -> str:
        if self.text is None:
            return self.problem
        line = self.text.count("\n", 0, self.at) + 1
        column = self.at - self.text.rfind("\n", 0, self.at)
        return f"Template line {line}, column {column}: {self.problem}"
