"""What a few services ask for where all that is known is an ARN. They may not know who asks, nor whether it is there.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
"""


def queue_url(arn: str) -> str:
    """The URL of a queue."""
    _, _, _, region, account, name = arn.split(":", 5)
    return f"https://sqs.{region}.amazonaws.com/{account}/{name}"


def log_group(arn: str) -> str:
    """The name of a log group, told by its ARN or by that of all that is in it (`…:*`)."""
    return arn.split(":", 5)[5].removeprefix("log-group:").removesuffix(":*")
