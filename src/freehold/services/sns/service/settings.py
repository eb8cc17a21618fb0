"""Settings of SMS.

One idea: one record for an account and region. It may not know messages.

https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html
"""

import re

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Record, Tx
from freehold.services.sns.catalogue import sns
from freehold.services.sns.errors import InvalidSetting

SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}")
TYPES = ("Promotional", "Transactional")
NAMES = (
    *("MonthlySpendLimit", "DeliveryStatusIAMRole", "DeliveryStatusSuccessSamplingRate"),
    *("DefaultSenderID", "DefaultSMSType", "UsageReportS3Bucket"),
)
DEFAULTS = {"MonthlySpendLimit": "1"}


class Settings(Record, table="sns_settings", key="name"):
    """What was set; `name` is always `sms`."""

    name: str
    values: dict[str, str] = {}


@sns.operation(needs={"sns:SetSMSAttributes": "*"})
def set_sms_attributes(call: Call, tx: Tx, request: Request) -> Response:
    given = request["attributes"]
    for name, text in given.items():
        if name not in NAMES:
            raise InvalidSetting(name=name, fault="is not a valid attribute")
        if name == "DefaultSMSType" and text not in TYPES:
            raise InvalidSetting(name=name, fault="is invalid")
        if name == "DefaultSenderID" and not SENDER.fullmatch(text):
            # AWS's words leave two letters out of the name.
            raise InvalidSetting(name="DefaultSendID", fault="is not a valid attribute")
    settings = tx.get(Settings, "sms") or Settings(name="sms")
    settings.values |= given
    tx.put(settings)
    return {}


@sns.operation(needs={"sns:GetSMSAttributes": "*"})
def get_sms_attributes(call: Call, tx: Tx, request: Request) -> Response:
    settings = tx.get(Settings, "sms") or Settings(name="sms")
    known, wanted = DEFAULTS | settings.values, request.get("attributes")
    return {"attributes": {name: text for name, text in known.items() if not wanted or name in wanted}}
