"""Stands for a payment processor: it takes small orders, declines large ones, and is sometimes busy."""

LIMIT = 100


class ProcessorBusy(Exception):
    """Asking again may help."""


def handler(order, context):
    if order["name"] == "busy":
        raise ProcessorBusy("the payment processor is busy")
    if order["quantity"] > LIMIT:
        return {"status": "declined", "reason": f"more than {LIMIT} of one thing"}
    return {"status": "paid"}
