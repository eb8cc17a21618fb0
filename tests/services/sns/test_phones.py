"""Phones: the sandbox's numbers, and who opted out."""

import re

NUMBER = "+4915112345678"


def test_a_number_is_verified_by_the_code_sent_to_it(aws, letters, refused):
    sns = aws("sns")
    sns.create_sms_sandbox_phone_number(PhoneNumber=NUMBER)
    assert sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"] == [{"PhoneNumber": NUMBER, "Status": "Pending"}]
    code = re.search(r"\d{6}", letters(1)[0]["body"])[0]
    with refused("VerificationException"):
        sns.verify_sms_sandbox_phone_number(PhoneNumber=NUMBER, OneTimePassword=f"{(int(code) + 1) % 10**6:06}")
    sns.verify_sms_sandbox_phone_number(PhoneNumber=NUMBER, OneTimePassword=code)
    assert sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"] == [{"PhoneNumber": NUMBER, "Status": "Verified"}]
    sns.delete_sms_sandbox_phone_number(PhoneNumber=NUMBER)
    with refused("ResourceNotFound"):
        sns.delete_sms_sandbox_phone_number(PhoneNumber=NUMBER)


def test_a_sandbox_holds_ten_numbers(aws, refused):
    sns = aws("sns")
    for number in range(10):
        sns.create_sms_sandbox_phone_number(PhoneNumber=f"{NUMBER[:-1]}{number}")
    with refused("UserError"):
        sns.create_sms_sandbox_phone_number(PhoneNumber="+12065550100")
    first = sns.list_sms_sandbox_phone_numbers(MaxResults=7)
    rest = sns.list_sms_sandbox_phone_numbers(NextToken=first["NextToken"])
    assert (len(first["PhoneNumbers"]), len(rest["PhoneNumbers"])) == (7, 3)


def test_nobody_opted_out(aws, refused):
    sns = aws("sns")
    assert sns.check_if_phone_number_is_opted_out(phoneNumber=NUMBER)["isOptedOut"] is False
    assert sns.list_phone_numbers_opted_out()["phoneNumbers"] == []
    assert sns.get_sms_sandbox_account_status()["IsInSandbox"] is False
    assert sns.list_origination_numbers()["PhoneNumbers"] == []
    sns.opt_in_phone_number(phoneNumber=NUMBER)
    with refused("InvalidParameter", "input incorrectly formatted"):
        sns.opt_in_phone_number(phoneNumber="no")
