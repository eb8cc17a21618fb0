"""Time to live: what is described, and that what has expired goes."""

import pytest
from botocore.exceptions import ClientError
from tests.services.counting import counted

from freehold.services.dynamodb.keepers import expire_some

from .shapes import index


def enable(client, table, enabled=True, name="ends"):
    wanted = {"Enabled": enabled, "AttributeName": name}
    return client.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)


def test_time_to_live_is_described(dynamodb, new_table):
    name = new_table()
    assert dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"] == {"TimeToLiveStatus": "DISABLED"}
    assert enable(dynamodb, name)["TimeToLiveSpecification"] == {"Enabled": True, "AttributeName": "ends"}
    told = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert told == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ends"}
    with pytest.raises(ClientError, match="TimeToLive is already enabled"):
        enable(dynamodb, name)
    with pytest.raises(ClientError, match="TimeToLive is active on a different AttributeName"):
        enable(dynamodb, name, False, "other")
    enable(dynamodb, name, False)
    with pytest.raises(ClientError, match="TimeToLive is already disabled"):
        enable(dynamodb, name, False)


def test_expired_items_go_with_their_index_entries(own_cloud, new_table):
    client = own_cloud("dynamodb")
    name = new_table(sort=None, attributes={"g": "S"}, client=client, GlobalSecondaryIndexes=[index("all", "g")])
    now = int(own_cloud.running.get("/_freehold/clock")["now"])

    def put(pk, **ends):
        client.put_item(TableName=name, Item={"pk": {"S": pk}, "g": {"S": "G"}, **ends})

    put("before", ends={"N": str(now + 50)})
    enable(client, name)
    put("soon", ends={"N": str(now + 50)})
    put("later", ends={"N": str(now + 5_000)})
    put("put off", ends={"N": str(now + 50)})
    put("put off", ends={"N": str(now + 5_000)})
    put("long ago", ends={"N": str(now - 6 * 365 * 86_400)})
    put("never")
    put("no number", ends={"S": str(now + 50)})
    stay = ["later", "long ago", "never", "no number", "put off"]
    own_cloud.advance(120)

    def left(**source):
        return sorted(item["pk"]["S"] for item in client.scan(TableName=name, **source)["Items"])

    for _ in range(100):  # the keeper has been woken, and has its turn among these requests
        if left() == stay:
            break
    assert left() == stay
    assert left(IndexName="all") == stay


def test_items_that_stay_are_not_looked_at(own_cloud, new_table):
    client = own_cloud("dynamodb")
    name = new_table(sort=None, client=client)
    enable(client, name)
    ends = str(int(own_cloud.running.get("/_freehold/clock")["now"]) + 5_000)
    for number in range(60):
        client.put_item(TableName=name, Item={"pk": {"S": f"{number}"}, "ends": {"N": ends}})
    call = own_cloud.running.cloud.door.call(own_cloud.account, own_cloud.region)
    with counted(own_cloud) as work:
        assert own_cloud.running.run(call.transact(expire_some)) is False
    assert len(work.statements) + work.rows < 20
