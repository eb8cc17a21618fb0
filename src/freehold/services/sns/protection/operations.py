"""Operations on data protection policies. They may not know what policies say.

https://docs.aws.amazon.com/sns/latest/api/API_PutDataProtectionPolicy.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.sns.catalogue import opened, sns
from freehold.services.sns.protection import policies


def _resource_arn(call: Call, request: Request) -> str:
    return request["ResourceArn"]


def _put_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    return policies.needs(call.region, call.account, request["ResourceArn"], request["DataProtectionPolicy"])


@sns.operation(needs=_put_needs)
def put_data_protection_policy(call: Call, tx: Tx, request: Request) -> None:
    seat, topic = opened(tx, request["ResourceArn"], "PutDataProtectionPolicy", "ResourceArn")
    policies.put(seat, topic, request["DataProtectionPolicy"])
    if topic.protection:
        policies.ready(topic.protection).search.prepare(call)


@sns.operation(needs={"sns:GetDataProtectionPolicy": _resource_arn})
def get_data_protection_policy(call: Call, tx: Tx, request: Request) -> Response:
    _, topic = opened(tx, request["ResourceArn"], "GetDataProtectionPolicy", "ResourceArn")
    return {"DataProtectionPolicy": topic.protection}
