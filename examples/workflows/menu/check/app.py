"""Says whether an item is on the menu."""


def handler(event, context):
    item = event["item"]
    return {"item": item, "known": f"{item['size']} {item['drink']}" in event["drinks"]}
