"""Who may use a key: its policy decides, grants add to it, and services are known by what they ask through."""

import json

import pytest
from botocore.exceptions import ClientError

ALL = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}


@pytest.fixture
def kms(aws):
    return aws("kms")


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def root_of(aws):
    return {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{aws.account}:root"}, "Action": "kms:*",
            "Resource": "*"}  # fmt: skip


def refused(call, **request):
    with pytest.raises(ClientError) as refusal:
        call(**request)
    return refusal.value.response["Error"]["Code"]


def made(kms, **more):
    return kms.create_key(**more)["KeyMetadata"]["KeyId"]


def role(aws, name):
    return f"arn:aws:iam::{aws.account}:role/{name}"


def test_the_accounts_policies_count_where_the_key_says_so(aws, kms):
    open_key = made(kms)
    allowed = aws.as_role("kms", "allowed", ALL)
    allowed.encrypt(KeyId=open_key, Plaintext=b"x")
    assert refused(aws.as_role("kms", "nothing").encrypt, KeyId=open_key, Plaintext=b"x") == "AccessDeniedException"
    only = {"Effect": "Allow", "Principal": {"AWS": role(aws, "allowed")}, "Action": "kms:*", "Resource": "*"}
    kms.put_key_policy(KeyId=open_key, Policy=policy(only), BypassPolicyLockoutSafetyCheck=True)
    allowed.encrypt(KeyId=open_key, Plaintext=b"x")
    other = aws.as_role("kms", "other", ALL)
    assert refused(other.encrypt, KeyId=open_key, Plaintext=b"x") == "AccessDeniedException"
    assert refused(kms.encrypt, KeyId=open_key, Plaintext=b"x") == "AccessDeniedException"  # root itself


def test_who_writes_a_policy_may_not_lock_himself_out(aws, kms):
    nobody = policy({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}, "Action": "kms:*",
                     "Resource": "*"})  # fmt: skip
    assert refused(kms.create_key, Policy=nobody) == "MalformedPolicyDocumentException"
    assert refused(kms.create_key, Policy="{}") == "MalformedPolicyDocumentException"
    kms.create_key(Policy=nobody, BypassPolicyLockoutSafetyCheck=True)


def test_conditions_on_the_encryption_context(aws, kms):
    limited = root_of(aws) | {"Action": "kms:Encrypt", "Principal": {"AWS": "*"},
                              "Condition": {"StringEquals": {"kms:EncryptionContext:team": "blue",
                                                             "kms:CallerAccount": aws.account}}}  # fmt: skip
    key = made(kms, Policy=policy(root_of(aws), limited))
    someone = aws.as_role("kms", "someone")
    someone.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"team": "blue"})
    wrong = {"KeyId": key, "Plaintext": b"x", "EncryptionContext": {"team": "red"}}
    assert refused(someone.encrypt, **wrong) == "AccessDeniedException"


def test_a_grant_lets_in_as_far_as_its_constraints(aws, kms):
    key, someone = made(kms), aws.as_role("kms", "grantee")
    terms = {"KeyId": key, "GranteePrincipal": role(aws, "grantee"), "Operations": ["Encrypt", "DescribeKey"]}
    given = kms.create_grant(**terms, Constraints={"EncryptionContextSubset": {"a": "1"}}, Name="one")
    again = kms.create_grant(**terms, Constraints={"EncryptionContextSubset": {"a": "1"}}, Name="one")
    assert again["GrantId"] == given["GrantId"]
    someone.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"a": "1", "b": "2"})
    someone.describe_key(KeyId=key)
    assert refused(someone.encrypt, KeyId=key, Plaintext=b"x") == "AccessDeniedException"
    assert refused(someone.generate_data_key, KeyId=key, KeySpec="AES_256") == "AccessDeniedException"
    kms.revoke_grant(KeyId=key, GrantId=given["GrantId"])
    assert refused(someone.describe_key, KeyId=key) == "AccessDeniedException"
    kms.create_grant(**terms, Constraints={"EncryptionContextEquals": {"a": "1"}})
    someone.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"a": "1"})
    more = {"KeyId": key, "Plaintext": b"x", "EncryptionContext": {"a": "1", "b": "2"}}
    assert refused(someone.encrypt, **more) == "AccessDeniedException"


def test_a_grant_to_make_grants_gives_no_more_than_itself(aws, kms):
    key, maker, user = made(kms), aws.as_role("kms", "maker"), aws.as_role("kms", "user")
    kms.create_grant(KeyId=key, GranteePrincipal=role(aws, "maker"), Operations=["Encrypt", "CreateGrant"])
    more = {"KeyId": key, "GranteePrincipal": role(aws, "user"), "Operations": ["Encrypt", "Decrypt"]}
    assert refused(maker.create_grant, **more) == "AccessDeniedException"
    maker.create_grant(**more | {"Operations": ["Encrypt"]})
    user.encrypt(KeyId=key, Plaintext=b"x")


def test_grants_are_listed_and_retired(aws, kms):
    key, retirer = made(kms), aws.as_role("kms", "retirer")
    terms = {"KeyId": key, "GranteePrincipal": role(aws, "user"), "Operations": ["Encrypt"]}
    ids = [kms.create_grant(**terms, RetiringPrincipal=role(aws, "retirer"))["GrantId"] for _ in range(3)]
    pages = kms.get_paginator("list_grants").paginate(KeyId=key, PaginationConfig={"PageSize": 2})
    assert sorted(one["GrantId"] for page in pages for one in page["Grants"]) == sorted(ids)
    listed = kms.list_retirable_grants(RetiringPrincipal=role(aws, "retirer"))["Grants"]
    assert {one["GrantId"] for one in listed} == set(ids)
    retirer.retire_grant(KeyId=key, GrantId=ids[0])
    assert refused(aws.as_role("kms", "user").retire_grant, KeyId=key, GrantId=ids[1]) == "AccessDeniedException"
    assert refused(kms.revoke_grant, KeyId=key, GrantId=ids[0]) == "NotFoundException"
    assert refused(kms.retire_grant, GrantToken="none") == "InvalidGrantTokenException"
    assert len(kms.list_grants(KeyId=key)["Grants"]) == 2


def test_other_accounts_need_both_sides(aws, kms):
    stranger = aws("kms", key="999999999998")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    assert refused(stranger.encrypt, KeyId=arn, Plaintext=b"x") == "AccessDeniedException"
    let_in = {"Effect": "Allow", "Principal": {"AWS": "999999999998"}, "Action": "kms:Encrypt", "Resource": "*"}
    kms.put_key_policy(KeyId=arn, Policy=policy(root_of(aws), let_in))
    blob = stranger.encrypt(KeyId=arn, Plaintext=b"x")["CiphertextBlob"]
    assert refused(stranger.decrypt, CiphertextBlob=blob) == "AccessDeniedException"
    assert refused(stranger.disable_key, KeyId=arn) == "AccessDeniedException"
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
