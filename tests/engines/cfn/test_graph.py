"""Dependencies come from references and DependsOn; what is ready may be made, at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines import cfn

SHOP = """
Parameters: {Audited: {Type: String}}
Conditions: {Audit: !Equals [!Ref Audited, 'yes']}
Resources:
  Alarm: {Type: T, Condition: Audit, DependsOn: Queue}
  Policy:
    Type: T
    Properties: {For: !If [Audit, !Ref Alarm, !GetAtt Queue.Arn], Name: !Sub '${AWS::Region}-${Dead.Arn}'}
  Queue: {Type: T, Properties: {Dead: {Ref: Dead}}}
  Dead: {Type: T}
"""


def graph(text: str, **values: str) -> cfn.Graph:
    wanted = cfn.deployment(cfn.parse(text), values, {"AWS::Region": "eu-west-1"})
    return cfn.graph(wanted.template, wanted.environment)


def test_the_graph_follows_the_conditions():
    assert graph(SHOP, Audited="no").needs == {"Policy": {"Queue", "Dead"}, "Queue": {"Dead"}, "Dead": set()}
    assert graph(SHOP, Audited="yes").needs["Policy"] == {"Alarm", "Dead"}


def test_what_is_ready():
    shop = graph(SHOP, Audited="yes")
    assert shop.ready(done=[]) == ["Dead"]
    assert shop.ready(done=["Dead"]) == ["Queue"]
    assert shop.ready(done=["Dead"], started=["Queue"]) == []
    assert shop.order() == ["Dead", "Queue", "Alarm", "Policy"]
    assert shop.reverse().order() == ["Policy", "Alarm", "Queue", "Dead"]


@pytest.mark.parametrize(
    ("resources", "words"),
    [
        ("{A: {Type: T, DependsOn: B}, B: {Type: T, Properties: {P: !Ref A}}, C: {Type: T, DependsOn: A}}", "[A, B]"),
        ("{A: {Type: T, DependsOn: A}}", "[A]"),
    ],
)
def test_circles(resources, words):
    with pytest.raises(cfn.InvalidTemplate) as refused:
        graph(f"Resources: {resources}")
    assert refused.value.message == f"Circular dependency between resources: {words}"


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("Resources: {A: {Type: T, Condition: Never}, B: {Type: T, DependsOn: A}}", "Resources"),
        ("Resources: {A: {Type: T, Condition: Never}, B: {Type: T}}\nOutputs: {O: {Value: !Ref A}}", "Outputs"),
    ],
)
def test_what_a_condition_takes_away_cannot_be_referred_to(text, block):
    with pytest.raises(cfn.InvalidTemplate, match=rf"Unresolved resource dependencies \[A\] in the {block} block"):
        graph("Conditions: {Never: !Equals [a, b]}\n" + text)


@st.composite
def acyclic(draw):
    names = draw(st.lists(st.sampled_from("ABCDEFGHIJ"), unique=True, min_size=1))
    return {name: draw(st.sets(st.sampled_from(names[:at]))) if at else set() for at, name in enumerate(names)}


@given(acyclic(), st.randoms())
def test_ready_sets_respect_every_need(needs, random):
    order = list(needs)
    random.shuffle(order)
    graph = cfn.graph_of({name: needs[name] for name in order})
    done: list[str] = []
    while len(done) < len(needs):
        ready = graph.ready(done)
        assert ready and all(needs[name] <= set(done) for name in ready)
        done.append(random.choice(ready))
    backwards = graph.reverse().order()
    assert all(backwards.index(name) < backwards.index(need) for name in needs for need in needs[name])


@given(acyclic(), st.data())
def test_one_edge_too_many_is_a_circle(needs, data):
    name = data.draw(st.sampled_from(sorted(needs)))
    behind = {name}
    for later in needs:
        if needs[later] & behind:
            behind.add(later)
    needs[name] = needs[name] | {data.draw(st.sampled_from(sorted(behind)))}
    with pytest.raises(cfn.InvalidTemplate, match="Circular dependency"):
        cfn.graph_of(needs)
