"""Names and URLs made of ARNs."""

from freehold.engines.addresses import log_group, queue_url

GROUP = "arn:aws:logs:us-east-1:111111111111:log-group:/aws/vendedlogs/pipes"


def test_a_queue_and_a_log_group_by_their_arns():
    assert queue_url("arn:aws:sqs:eu-west-1:1:jobs.fifo") == "https://sqs.eu-west-1.amazonaws.com/1/jobs.fifo"
    assert log_group(GROUP) == log_group(f"{GROUP}:*") == "/aws/vendedlogs/pipes"
