"""Operations on phone numbers: the sandbox, and who opted out.

One idea: nobody can answer an SMS that went to the outbox, so nobody ever opts out, and an account needs no sandbox;
the numbers in it are kept and verified as AWS does. It may not know how codes are made.

https://docs.aws.amazon.com/sns/latest/api/API_Operations.html
"""

from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.sns.catalogue import PAGE, read_token, sns, token
from freehold.services.sns.delivery import deliveries
from freehold.services.sns.phones import sandbox
from freehold.services.sns.phones.sandbox import Number

CODE = "Your verification code is {code}"


@sns.operation(needs={"sns:CreateSMSSandboxPhoneNumber": "*"})
def create_sms_sandbox_phone_number(call: Call, tx: Tx, request: Request) -> Response:
    entered = sandbox.enter(tx, request["PhoneNumber"])
    parcel = deliveries.sms(entered.number, CODE.format(code=entered.code), "")
    promise(tx, parcel.to, parcel.operation, parcel.request)
    return {}


@sns.operation(needs={"sns:VerifySMSSandboxPhoneNumber": "*"})
def verify_sms_sandbox_phone_number(call: Call, tx: Tx, request: Request) -> Response:
    sandbox.verify(tx, request["PhoneNumber"], request["OneTimePassword"])
    return {}


@sns.operation(needs={"sns:DeleteSMSSandboxPhoneNumber": "*"})
def delete_sms_sandbox_phone_number(call: Call, tx: Tx, request: Request) -> Response:
    tx.delete(Number, sandbox.find(tx, request["PhoneNumber"]).number)
    return {}


@sns.operation(needs={"sns:ListSMSSandboxPhoneNumbers": "*"})
def list_sms_sandbox_phone_numbers(call: Call, tx: Tx, request: Request) -> Response:
    limit = request.get("MaxResults", PAGE)
    found = tx.range(Number, after=read_token(request, 1), limit=limit + 1)
    told = [{"PhoneNumber": one.number, "Status": one.status} for one in found[:limit]]
    return {"PhoneNumbers": told} | (token(found[limit - 1].number) if len(found) > limit else {})


@sns.operation(needs={"sns:GetSMSSandboxAccountStatus": "*"})
def get_sms_sandbox_account_status(call: Call, tx: Tx, request: Request) -> Response:
    return {"IsInSandbox": False}


@sns.operation(needs={"sns:CheckIfPhoneNumberIsOptedOut": "*"})
def check_if_phone_number_is_opted_out(call: Call, tx: Tx, request: Request) -> Response:
    sandbox.check(request["phoneNumber"])
    return {"isOptedOut": False}


@sns.operation(needs={"sns:OptInPhoneNumber": "*"})
def opt_in_phone_number(call: Call, tx: Tx, request: Request) -> Response:
    sandbox.check(request["phoneNumber"])
    return {}


@sns.operation(needs={"sns:ListPhoneNumbersOptedOut": "*"})
def list_phone_numbers_opted_out(call: Call, tx: Tx, request: Request) -> Response:
    return {"phoneNumbers": []}


@sns.operation(needs={"sns:ListOriginationNumbers": "*"})
def list_origination_numbers(call: Call, tx: Tx, request: Request) -> Response:
    """None: numbers are rented of another service."""
    return {"PhoneNumbers": []}
