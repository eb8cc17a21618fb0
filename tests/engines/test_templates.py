"""Input templates: where values are put, with quotation marks and without."""

import pytest

from freehold.engines.templates import Unfit, cut, cut_for_pipes

VALUES = {
    "id": "0a", "payload": {"acc": "0a", "sf": "baz"}, "one": ["HIGH"], "two": ["ON", "OFF"], "yes": True,
    "said": 'he said "no"', "n": 1.5,
}  # fmt: skip


@pytest.mark.parametrize(
    "template, filled",
    [
        ('"Event of <id> <none>"', '"Event of 0a "'),
        ('"{[/Check <id>"', '"{[/Check 0a"'),
        ('"<payload> and <two> is <yes>!"', '"{acc:0a,sf:baz} and [ON,OFF] is true!"'),
        ('"<one> one"\n"<id> id"', '"[HIGH] one"\n"0a id"'),
        ('{"id": <id>, "body": <payload>}', '{"id": "0a", "body": {"acc":"0a","sf":"baz"}}'),
        ('{"path": "users/<id>/second/<id>"}', '{"path": "users/0a/second/0a"}'),
        ('{"a": <none>, "b": [<id>, "x"], "n": <n>}', '{"a": "", "b": ["0a", "x"], "n": 1.5}'),
        ('{"a": "\\"<id>\\""}', '{"a": "\\"0a\\""}'),
        ('{"a": "<said>", "b": <said>}', '{"a": "he said \\"no\\"", "b": "he said \\"no\\""}'),
        ("<payload>", '{"acc":"0a","sf":"baz"}'),
        ('{"a": 1}', '{"a": 1}'),
    ],
)
def test_what_is_put_in(template, filled):
    assert cut(template).fill(VALUES.get) == filled


@pytest.mark.parametrize("template", ["<one> single", '{"a": "<one>"}', '{"a": "<one>", "b": "<two>"}', "{<id>}"])
def test_what_is_no_json(template):
    with pytest.raises(Unfit):
        cut(template).fill(VALUES.get)


def test_names():
    assert cut('{"a": <aws.events.event.json>, "b": "<x-y>"}').names == ["aws.events.event.json", "x-y"]


@pytest.mark.parametrize(
    "template, filled",
    [
        ("Hello, <$.id>", "Hello, 0a"),
        ('"Body is <$.payload>"', '"Body is {acc:0a,sf:baz}"'),
        (
            '{"b": "Body is <$.payload>", "c": <$.payload>}',
            '{"b": "Body is {acc:0a,sf:baz}", "c": {"acc":"0a","sf":"baz"}}',
        ),
        ('{"a": "<$.said>", "n": <$.none>}', '{"a": "he said \\"no\\"", "n": ""}'),
        ('["<aws.pipes.name>", <$.two[0]>]', '["pipe", "ON"]'),
        ("no <id> here", "no <id> here"),
    ],
)
def test_what_pipes_put_in(template, filled):
    found = VALUES | {"two[0]": "ON"}
    assert cut_for_pipes(template).fill(lambda name: found.get(name[2:]) if name[0] == "$" else "pipe") == filled


def test_a_placeholder_alone():
    assert [cut_for_pipes(text).sole for text in (" <$.body> ", "<$.a><$.b>", '"<$.a>"', "x", "")] == [
        "$.body",
        "",
        "",
        "",
        "",
    ]
