"""Verdicts: the order of evaluation, the table of namings, the denial texts. Knows the engine's public face only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.iam import Policy, Principal, Request, Verdict, denial, evaluate, parse

ACCOUNT = "123456789012"
BUCKET = "arn:aws:s3:::bucket/key"
USER = Principal("user", f"arn:aws:iam::{ACCOUNT}:user/ann", ACCOUNT, id="AIDAANN")
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/r"
SESSION = Principal("role-session", f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s", ACCOUNT, ROLE_ARN, "AROAR:s")
FEDERATED_USER = Principal("federated-user", f"arn:aws:sts::{ACCOUNT}:federated-user/f", ACCOUNT, USER.arn)
ROOT = Principal("root", f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)
LAMBDA = Principal("service", "lambda.amazonaws.com")
ANONYMOUS = Principal("anonymous")


def policy(*statements: tuple, kind: str = "identity", principal=None) -> Policy:
    """A policy of (effect, action) or (effect, action, resource)."""
    written = []
    for effect, action, *resource in statements:
        statement = {"Effect": effect, "Action": action}
        if kind != "trust":
            statement["Resource"] = resource[0] if resource else "*"
        written.append(statement | ({"Principal": principal} if principal else {}))
    return parse({"Version": "2012-10-17", "Statement": written}, kind)


def named(principal, effect="Allow", kind="resource", action="s3:GetObject") -> Policy:
    return policy((effect, action), kind=kind, principal=principal)


ALL = policy(("Allow", "*"))
NOTHING = policy(("Allow", "nothing:AtAll"))
NEVER = policy(("Deny", "s3:*"))
REQUEST = Request("s3:GetObject", BUCKET, principal=SESSION)


def test_without_policies_nothing_is_allowed():
    verdict = evaluate(REQUEST)
    assert verdict == Verdict(False, "no identity-based policy allows the s3:GetObject action")
    assert denial(REQUEST, verdict) == (
        "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: s3:GetObject on resource: "
        "arn:aws:s3:::bucket/key because no identity-based policy allows the s3:GetObject action"
    )


@pytest.mark.parametrize(
    "action, resource, expected",
    [
        ("s3:GetObject", BUCKET, True),
        ("S3:getobject", "*", True),
        ("s3:Get*", "arn:aws:s3:::bucket/*", True),
        ("s3:???Object", "arn:aws:s3:::b?cket*key", True),
        ("s3:GetObject", "arn:aws:s3:::Bucket/*", False),
        ("s3:GetObject", "arn:aws:s3:::bucket", False),
        ("s3:PutObject", "*", False),
        ("*", "arn:aws:s3:::${aws:username}/key", False),
    ],
)
def test_actions_are_of_any_case_and_resources_of_one(action, resource, expected):
    assert evaluate(REQUEST, identity=[policy(("Allow", action, resource))]).allowed is expected


def test_not_action_and_not_resource_are_everything_else():
    statement = {"Effect": "Allow", "NotAction": "s3:Put*", "NotResource": "arn:aws:s3:::secret/*"}
    rest = parse({"Version": "2012-10-17", "Statement": statement})
    assert evaluate(REQUEST, identity=[rest]).allowed
    assert not evaluate(Request("s3:PutObject", BUCKET, principal=SESSION), identity=[rest]).allowed
    assert not evaluate(Request("s3:GetObject", "arn:aws:s3:::secret/x", principal=SESSION), identity=[rest]).allowed


def test_variables_in_resources():
    home = policy(("Allow", "s3:*", "arn:aws:s3:::bucket/${aws:username}/*"))
    for username, key, expected in (("ann", "ann/x", True), ("ann", "bob/x", False), ("*", "bob/x", False)):
        request = Request("s3:GetObject", f"arn:aws:s3:::bucket/{key}", {"aws:username": username})
        assert evaluate(request, identity=[home]).allowed is expected


@pytest.mark.parametrize(
    "policies, reason",
    [
        ({"identity": [ALL, NEVER]}, "with an explicit deny in an identity-based policy"),
        ({"boundary": NEVER}, "with an explicit deny in a permissions boundary"),
        ({"session": [NEVER]}, "with an explicit deny in a session policy"),
        ({"scps": [[ALL, NEVER]]}, "with an explicit deny in a service control policy"),
        ({"rcps": [[ALL, NEVER]]}, "with an explicit deny in a resource control policy"),
        ({"resource": named("*", "Deny")}, "with an explicit deny in a resource-based policy"),
        ({"identity": []}, "because no identity-based policy allows the s3:GetObject action"),
        ({"boundary": NOTHING}, "because no permissions boundary allows the s3:GetObject action"),
        ({"session": [NOTHING]}, "because no session policy allows the s3:GetObject action"),
        ({"scps": [[ALL], [NOTHING]]}, "because no service control policy allows the s3:GetObject action"),
        ({"rcps": [[NOTHING]]}, "because no resource control policy allows the s3:GetObject action"),
        ({"same_account": False}, "because no resource-based policy allows the s3:GetObject action"),
        ({"resource_decides": True}, "because no resource-based policy allows the s3:GetObject action"),
    ],
)
def test_every_kind_of_policy_can_deny(policies, reason):
    verdict = evaluate(REQUEST, **{"identity": [ALL]} | policies)
    assert not verdict.allowed
    assert verdict.ending == reason


EVERY_WALL = {"identity": [], "boundary": NOTHING, "session": [NOTHING]}


@pytest.mark.parametrize(
    "caller, principal, binding",
    [
        (USER, {"AWS": USER.arn}, {"session"}),  # a user has no session policy; see the callers' facts
        (SESSION, {"AWS": ROLE_ARN}, {"boundary", "session"}),
        (SESSION, {"AWS": SESSION.arn}, set()),
        (FEDERATED_USER, {"AWS": FEDERATED_USER.arn}, set()),
        (FEDERATED_USER, {"AWS": USER.arn}, {"boundary", "session"}),
        (SESSION, {"AWS": ACCOUNT}, {"identity", "boundary", "session"}),
        (SESSION, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {"identity", "boundary", "session"}),
        (SESSION, "*", {"boundary", "session"}),
        (SESSION, {"AWS": "AROAR"}, {"boundary", "session"}),
    ],
)
def test_what_still_binds_a_caller_that_a_resource_policy_names(caller, principal, binding):
    request = Request("s3:GetObject", BUCKET, principal=caller)
    for wall, closed in EVERY_WALL.items():
        policies = {"identity": [ALL], "boundary": ALL, "session": [ALL], wall: closed}
        verdict = evaluate(request, resource=named(principal), **policies)
        # A wall that does not bind the named caller is passed; with identity policies open it binds by itself.
        passes = wall not in binding or (caller.kind == "user" and wall == "session")
        assert verdict.allowed is passes, wall


def test_across_accounts_both_sides_must_allow():
    stranger = Request("s3:GetObject", BUCKET, principal=USER)
    open_bucket = named({"AWS": USER.arn})
    assert evaluate(stranger, identity=[ALL], resource=open_bucket, same_account=False).allowed
    assert not evaluate(stranger, identity=[], resource=open_bucket, same_account=False).allowed
    assert not evaluate(stranger, identity=[ALL], same_account=False).allowed
    assert not evaluate(stranger, identity=[ALL], boundary=NOTHING, resource=open_bucket, same_account=False).allowed


def test_root_needs_no_policy_but_obeys_denies():
    request = Request("s3:GetObject", BUCKET, principal=ROOT)
    assert evaluate(request).allowed
    assert not evaluate(request, scps=[[NEVER]]).allowed
    assert not evaluate(request, resource=named({"AWS": ACCOUNT}, "Deny")).allowed


def test_a_federated_user_without_session_policy_has_nothing():
    assert not evaluate(Request("s3:GetObject", BUCKET, principal=FEDERATED_USER), identity=[ALL]).allowed


def test_services_and_strangers_need_the_resource_policy_alone():
    service = {"Service": "lambda.amazonaws.com"}
    assert evaluate(Request("s3:GetObject", BUCKET, principal=LAMBDA), resource=named(service)).allowed
    assert evaluate(
        Request("s3:GetObject", BUCKET, principal=LAMBDA), resource=named(service), scps=[[NOTHING]]
    ).allowed
    assert not evaluate(Request("s3:GetObject", BUCKET, principal=LAMBDA), identity=[ALL]).allowed
    assert evaluate(Request("s3:GetObject", BUCKET, principal=ANONYMOUS), resource=named("*")).allowed
    assert not evaluate(Request("s3:GetObject", BUCKET, principal=ANONYMOUS), resource=named({"AWS": ACCOUNT})).allowed


ASSUME = "sts:AssumeRole"


@pytest.mark.parametrize(
    "caller, principal, identity, expected",
    [
        (LAMBDA, {"Service": "lambda.amazonaws.com"}, [], True),
        (LAMBDA, {"Service": ["states.amazonaws.com"]}, [], False),
        (LAMBDA, {"Service": ["lambda.eu-west-1.amazonaws.com"]}, [], True),
        (LAMBDA, {"Service": ["states.eu-west-1.amazonaws.com"]}, [], False),
        (USER, {"AWS": USER.arn}, [], True),
        (USER, {"AWS": ACCOUNT}, [], False),
        (USER, {"AWS": ACCOUNT}, [ALL], True),
        (USER, {"Service": "lambda.amazonaws.com"}, [ALL], False),
        (ROOT, {"AWS": ACCOUNT}, [], True),
    ],
)
def test_a_role_is_assumed_by_those_its_trust_policy_names(caller, principal, identity, expected):
    request = Request(ASSUME, ROLE_ARN, principal=caller)
    trust = named(principal, kind="trust", action=ASSUME)
    assert evaluate(request, identity=identity, resource=trust).allowed is expected


def test_a_web_identity_is_named_by_its_provider():
    trust = named({"Federated": "cognito-identity.amazonaws.com"}, kind="trust", action="sts:AssumeRoleWithWebIdentity")
    caller = Principal("federated", "cognito-identity.amazonaws.com")
    assert evaluate(Request("sts:AssumeRoleWithWebIdentity", ROLE_ARN, principal=caller), resource=trust).allowed


def test_a_trust_policy_is_spoken_of_by_its_own_name():
    trust = named({"AWS": ACCOUNT}, "Deny", "trust", ASSUME)
    assert evaluate(Request(ASSUME, ROLE_ARN, principal=USER), resource=trust).reason == (
        "with an explicit deny in the role trust policy"
    )
    other = named({"AWS": "999999999999"}, kind="trust", action=ASSUME)
    assert evaluate(Request(ASSUME, ROLE_ARN, principal=USER), identity=[ALL], resource=other).ending == (
        "because no role trust policy allows the sts:AssumeRole action"
    )


def test_a_deny_of_all_but_some_spares_those_it_names_wholly():
    def deny_but(*arns):
        statement = {"Effect": "Deny", "NotPrincipal": {"AWS": list(arns)}, "Action": "*", "Resource": "*"}
        return parse({"Version": "2012-10-17", "Statement": statement}, "resource")

    root = f"arn:aws:iam::{ACCOUNT}:root"
    assert evaluate(REQUEST, identity=[ALL], resource=deny_but(SESSION.arn, ROLE_ARN, root)).allowed
    assert not evaluate(REQUEST, identity=[ALL], resource=deny_but(SESSION.arn, root)).allowed
    assert not evaluate(REQUEST, identity=[ALL], resource=deny_but(ROLE_ARN)).allowed


def test_an_allow_of_all_but_some_excludes_those_it_names_in_part():
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": ROLE_ARN}, "Action": "*", "Resource": "*"}
    but_role = parse({"Version": "2012-10-17", "Statement": statement}, "resource")
    assert not evaluate(REQUEST, resource=but_role).allowed
    assert evaluate(Request("s3:GetObject", BUCKET, principal=USER), resource=but_role).allowed


statements = st.tuples(
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["*", "s3:*", "s3:GetObject", "s3:Put*", "sqs:*"]),
    st.sampled_from(["*", "arn:aws:s3:::bucket/*", "arn:aws:s3:::other/*"]),
)
identities = st.lists(st.lists(statements, min_size=1, max_size=4).map(lambda each: policy(*each)), max_size=3)
callers = st.sampled_from([USER, SESSION, FEDERATED_USER, ROOT])
walls = st.fixed_dictionaries(
    {
        "boundary": st.none() | st.sampled_from([ALL, NOTHING]),
        "session": st.none() | st.sampled_from([[ALL], [NOTHING]]),
        "scps": st.sampled_from([[], [[ALL]], [[ALL], [NOTHING]]]),
        "resource": st.none() | st.sampled_from([named("*"), named({"AWS": ACCOUNT}), named({"AWS": ROLE_ARN})]),
        "same_account": st.booleans(),
    }
)


@given(callers.filter(lambda caller: caller != ROOT), identities, walls)
def test_an_explicit_deny_always_wins(caller, identity, walls):
    request = Request("s3:GetObject", BUCKET, principal=caller)
    verdict = evaluate(request, **walls, identity=[*identity, NEVER])
    assert not verdict.allowed
    assert verdict.reason.startswith("with an explicit deny")


@given(callers, identities, walls)
def test_one_more_allow_never_denies(caller, identity, walls):
    request = Request("s3:GetObject", BUCKET, principal=caller)
    before = evaluate(request, **walls, identity=identity)
    after = evaluate(request, **walls, identity=[*identity, ALL])
    assert after.allowed >= before.allowed


@given(callers, identities, walls)
def test_a_boundary_or_session_policy_only_takes_away(caller, identity, walls):
    request = Request("s3:GetObject", BUCKET, principal=caller)
    open_walls = walls | {"boundary": None, "session": [ALL], "scps": ()}
    assert evaluate(request, **open_walls, identity=identity).allowed >= (
        evaluate(request, **walls, identity=identity).allowed
    )


def test_an_empty_name_names_nobody():
    nobody = named({"AWS": [""], "Service": ""})
    assert not evaluate(Request("s3:GetObject", BUCKET), resource=nobody).allowed
    assert not evaluate(Request("s3:GetObject", BUCKET, principal=Principal("service")), resource=nobody).allowed
