"""How API Gateway refuses a document: each a BadRequestException in its own words."""

from freehold.kernel.errors import AwsError


class BadDocument(AwsError):
    """Not JSON, not YAML, or neither OpenAPI 3.0 nor Swagger 2.0."""

    code = "BadRequestException"
    words = "Invalid OpenAPI input."
    status = 400


class MalformedIntegration(AwsError):
    """An integration that is no object, or of no known type."""

    code = "BadRequestException"
    words = "Unable to parse API definition because of a malformed integration at path {path}."
    status = 400


class ImportErrors(AwsError):
    """Parts of the document that API Gateway would refuse one by one; `problems` is a list of sentences."""

    code = "BadRequestException"
    words = "Errors found during import:\n\t{sentences}"
    status = 400

    def __init__(self, problems: list[str]):
        super().__init__(sentences="\n\t".join(problems))


class ImportWarnings(AwsError):
    """The warnings of an import that was to fail on warnings."""

    code = "BadRequestException"
    words = "Warnings found during import:\n\t{sentences}"
    status = 400

    def __init__(self, warnings: list[str]):
        super().__init__(sentences="\n\t".join(warnings))
