"""The wing of message move tasks: dead-letter queues emptied back to where their messages came from.

One idea: a task is a record, moved on by steps that each promise the next. It uses the room's queues and messages.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

from freehold.services.sqs.moving import operations

__all__ = ["operations"]
