"""Parts of requests that several tests write."""


def index(name, hash, sort=None, projection="ALL", include=()):
    """An index's description, for CreateTable and UpdateTable."""
    keys = [{"AttributeName": hash, "KeyType": "HASH"}]
    keys += [{"AttributeName": sort, "KeyType": "RANGE"}] if sort else []
    told = {"ProjectionType": projection} | ({"NonKeyAttributes": list(include)} if include else {})
    return {"IndexName": name, "KeySchema": keys, "Projection": told}
