"""Archive: what FIFO topics keep of what was published, and its replay to a subscription.

One idea: a replay is a place in the archive that goes forward. Until it has reached the end, what is published waits in
the archive with the rest, so a subscription hears everything in order. It may not know operations.

https://docs.aws.amazon.com/sns/latest/dg/fifo-message-archiving-replay.html
"""
