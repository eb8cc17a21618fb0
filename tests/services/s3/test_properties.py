"""What holds of S3's rules whatever they are: locks never loosen, nobody hears twice, objects only move down."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from freehold.kernel.errors import AwsError
from freehold.kernel.ids import Ids
from freehold.services.s3.access import policies
from freehold.services.s3.aging import lifecycles
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.locks import retention
from freehold.services.s3.news import configurations, events
from freehold.services.s3.versions import Version

NOW = datetime(2030, 1, 1, tzinfo=UTC).timestamp()
DAY = 86_400

modes = st.sampled_from(["GOVERNANCE", "COMPLIANCE"])
wishes = st.one_of(
    st.just({}), st.fixed_dictionaries({"Mode": modes, "RetainUntilDate": st.integers(-5, 50).map(lambda d: NOW + d)})
)


@given(st.lists(wishes, max_size=8))
def test_compliance_never_loosens(wanted):
    """Whatever is asked for, and even if every bypass is granted."""
    version = Version(bucket="b", key="k", modified_at=NOW)
    for wish in wanted:
        mode, until = retention.retained(version, NOW), version.said.get(retention.UNTIL, 0.0)
        try:
            retention.replaced(version, wish, NOW)
        except AwsError:
            assert version.said.get(retention.UNTIL, 0.0) == until
        if mode == "COMPLIANCE":
            assert retention.retained(version, NOW) == mode and version.said[retention.UNTIL] >= until


@given(modes, st.integers(1, 50), wishes)
def test_only_what_loosens_governance_needs_a_bypass(mode, days, wish):
    version = Version(bucket="b", key="k", modified_at=NOW)
    version.said = {retention.MODE: "GOVERNANCE", retention.UNTIL: NOW + days}
    try:
        bypassed = retention.replaced(version, wish, NOW)
    except AwsError:
        return
    assert bypassed == (wish.get("RetainUntilDate", 0) < NOW + days)


texts = st.text("ab", max_size=3)
names = st.sampled_from(sorted(events.SUPPORTED))
parts = st.builds(
    lambda heard, prefix, suffix: {
        "Events": heard,
        "Filter": {
            "Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}, {"Name": "suffix", "Value": suffix}]}
        },
        "QueueArn": "arn:aws:sqs:us-east-1:111111111111:q",
    },
    st.lists(names, min_size=1, max_size=2), texts, texts,
)  # fmt: skip


@given(st.lists(parts, min_size=2, max_size=3), st.sampled_from(sorted(events.KINDS)), st.text("ab", max_size=6))
def test_nobody_hears_twice(wanted, event, key):
    try:
        found = configurations.checked({"QueueConfigurations": wanted}, "us-east-1", Ids(1))
    except AwsError:
        return
    heard = [one for _, one in configurations.each(found) if configurations.concerns(one, event, key)]
    assert len(heard) <= 1


kinds = st.sampled_from(lifecycles.DESCENT[2:])
moves = st.lists(st.fixed_dictionaries({"Days": st.integers(0, 400), "StorageClass": kinds}), min_size=1, max_size=3)
rules = st.lists(
    moves.map(lambda wanted: {"ID": "r", "Status": "Enabled", "Filter": {}, "Transitions": wanted}), max_size=3
)


@given(rules, st.lists(st.integers(0, 500), min_size=2, max_size=6).map(sorted), st.integers(0, 300_000))
def test_objects_only_move_down(wanted, days, size):
    bucket = Bucket(name="b", account="1", region="r", created_at=0.0, settings={lifecycles.SETTING: {"Rules": wanted}})
    version = Version(bucket="b", key="k", modified_at=NOW, size=size)
    depths = []
    for day in days:
        kind = lifecycles.storage_class(bucket, wanted, version, NOW + day * DAY)
        version.said = {"StorageClass": kind}
        depths.append(lifecycles.DESCENT.index(kind))
    assert depths == sorted(depths)
    if size < lifecycles.LEAST_SIZE:
        assert set(depths) == {0}


@given(st.integers(0, 10**6), st.integers(0, 10**4), st.integers(0, 10**4), st.booleans())
def test_later_events_are_greater(place, before_ms, after_ms, removed):
    """Of a key: a newer version's are greater at the same moment, and so is a version's removal."""
    older = Version(bucket="b", key="k", place=-place, modified_at=NOW)
    newer = Version(bucket="b", key="k", place=-place - 1, modified_at=NOW)
    made = events.sequencer(older, NOW, removed=False)
    assert made < events.sequencer(older, NOW, removed=True) < events.sequencer(newer, NOW, removed=removed)
    assert made <= events.sequencer(older, NOW + after_ms / 1000, removed=removed)


def test_which_policies_are_public():
    def public(principal, **condition):
        one = {"Effect": "Allow", "Principal": principal, "Action": "s3:*", "Resource": "arn:aws:s3:::b"}
        return policies.public(json.dumps({"Statement": one | ({"Condition": condition} if condition else {})}))

    assert public("*") and public({"AWS": "*"}) and public({"AWS": ["1", "*"]})
    assert not public({"AWS": "arn:aws:iam::111111111111:root"}) and not public({"Service": "sns.amazonaws.com"})
    assert not public("*", StringEquals={"aws:SourceAccount": "111111111111"})
    assert not public("*", IpAddress={"aws:SourceIp": "10.0.0.0/8"})
    assert public("*", IpAddress={"aws:SourceIp": "0.0.0.0/0"})
    assert public("*", StringLike={"aws:PrincipalArn": "arn:aws:iam::*:role/x"})
    assert public("*", StringEquals={"s3:prefix": "a"})
