"""Stands for a system behind the shop that is told of an order: takes its time, and says that it was told."""

import time

TAKES_S = 0.035


def handler(event, context):
    time.sleep(TAKES_S)
    return {"updated": event["part"]}
