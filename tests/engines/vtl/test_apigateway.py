"""Mapping templates: the variables API Gateway gives and how it prints them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.vtl import VtlError, apigateway, compile

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def render(template: str, body: str = "", **values) -> str:
    return compile(template).render(apigateway.variables(body, **values), apigateway.DIALECT)


@pytest.mark.parametrize(
    ("template", "body", "expected"),
    [
        ("$input.json('$')", '{"b": 1, "a": [1.0, "é"]}', '{"b":1,"a":[1.0,"é"]}'),
        ("$input.json('$')", "", "{}"),
        ("$input.json('$.a')", '{"a": "x"}', '"x"'),
        ("$input.json('$.zz')", '{"a": "x"}', '""'),
        ("$input.json('$.a')", "", '""'),
        ("$input.json('$')", "plain words", '"plain words"'),
        ("$input.body", "", "{}"),
        ("$input.body", '{ "a" :1', '{ "a" :1'),
        ("[$input.body.anything]", '{"anything": 1}', "[]"),
        ("$input.path('$')", '{"foo": "bar"}', "{foo=bar}"),
        ("$input.path('$')", '[{"foo": "bar"}]', '[{"foo":"bar"}]'),
        ("$input.path('$')", '{"foo": [{"nested": "bar"}], "n": 1.0}', '{foo=[{"nested":"bar"}], n=1.0}'),
        ("$input.path('$').toString()", '{"list": [1]}', "{list=[1]}"),
        ("$input.path('$')[0]", '[[{"foo": "bar"}]]', '[{"foo":"bar"}]'),
        ("$input.path('$.a.b').size()", '{"a": {"b": [1, 2]}}', "2"),
        ("$input.path('a.b')[1]", '{"a": {"b": [1, 2]}}', "2"),
        ("$input.path(\"$['a']['b'][-1]\")", '{"a": {"b": [1, 2]}}', "2"),
        ("$input.path('$..id')", '{"id": 1, "in": [{"id": 2}]}', "[1,2]"),
        ("$input.path('$.in[*].id')", '{"in": [{"id": 2}, {"id": 3}]}', "[2,3]"),
        ("$input.path('$.a[0:2]') $input.path('$.a[0,2]')", '{"a": [1, 2, 3]}', "[1,2] [1,3]"),
        ("[$input.path('$.zz')][$input.path('$.zz').deeper]", "{}", "[][]"),
    ],
)
def test_input(template, body, expected):
    assert render(template, body) == expected


def test_null_and_the_empty_string():
    template = '#set($r = $input.path("$.x"))[$r] #if($r == $null)null#end #if($r == "")empty#end #if($r)true#end'
    assert render(template, "") == "[] null empty "
    assert render(template, '{"x": null}') == "[] null empty "
    assert render(template, '{"x": []}') == "[[]]   true"


@pytest.mark.parametrize("body", ['{"a": 1', '{"a": }', "[1,", '"open'])
def test_a_malformed_body_cannot_be_transformed(body):
    with pytest.raises(VtlError, match="not JSON"):
        render("$input.json('$')", body)
    assert render("$input.body", body) == body


def test_params_looks_in_the_path_then_the_query_then_the_headers():
    params = {"path": {"a": "1"}, "querystring": {"a": "2", "b": "3"}, "header": {"b": "4", "Accept": "*/*"}}
    template = "$input.params('a')$input.params('b')$input.params('Accept')<$input.params('zz')>"
    assert render(template, params=params) == "13*/*<>"
    assert render("$input.params().header.get('Accept') $input.params().path", params=params) == "*/* {a=1}"


def test_all_parameters_pass_through():
    template = """#set($all = $input.params())
{
#foreach($kind in $all.keySet())
  #set($params = $all.get($kind))
  "$kind": {
  #foreach($name in $params.keySet())
    "$name": "$util.escapeJavaScript($params.get($name))"#if($foreach.hasNext),#end

  #end
  }#if($foreach.hasNext),#end

#end
}"""
    params = {"path": {"id": "7"}, "querystring": {"q": 'a"b', "r": "s"}, "header": {}}
    assert json.loads(render(template, params=params)) == params


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$util.urlEncode('a b&c=d/*~')", "a+b%26c%3Dd%2F*%7E"),
        ("$util.urlDecode('x=a+b%21')", "x=a b!"),
        ("$util.base64Encode('hi')$util.base64Decode('aGk=')$util.base64Decode('aGk')", "aGk=hihi"),
        ("$util.escapeJavaScript($q)", 'it\\\'s \\"x\\" \\\\ \\n \\u00E9'),
        ('$util.escapeJavaScript($q).replaceAll("\\\\\'","\'")', 'it\'s \\"x\\" \\\\ \\n \\u00E9'),
        ("$util.parseJson('[1,{\"k\":[2]}]')[1].k[0]", "2"),
        ("[$util.urlEncode($none)][$util.escapeJavaScript($none)][$util.nothing()]", "[][][]"),
    ],
)
def test_util(expression, expected):
    variables = apigateway.variables() | {"q": 'it\'s "x" \\ \n é'}
    assert compile(expression).render(variables, apigateway.DIALECT) == expected


def test_context_and_stage_variables():
    context = {"stage": "dev", "identity": {"sourceIp": "::1"}, "authorizer": {"claims": {"sub": "u"}}}
    template = (
        "$context.stage $context.identity.sourceIp $context.authorizer.claims.sub<$context.none>$stageVariables.t"
    )
    assert render(template, context=context, stage_variables={"t": "v"}) == "dev ::1 u<>v"


def test_overrides_outlive_the_template():
    context = {"stage": "dev"}
    variables = apigateway.variables(context=context)
    compile(
        "#set($context.responseOverride.status = 418)"
        "#set($context.responseOverride.header.Why = 'tea')"
        '#set($context["requestOverride"].querystring["q"] = "1")'
        "$context.requestOverride.path.put('p', '2')"
    ).render(variables, apigateway.DIALECT)
    assert variables["context"]["responseOverride"] == {"status": 418, "header": {"Why": "tea"}}
    assert variables["context"]["requestOverride"] == {"header": {}, "path": {"p": "2"}, "querystring": {"q": "1"}}
    assert context == {"stage": "dev"}


def test_a_queue_message_from_a_body():
    template = "Action=SendMessage&MessageBody={\"data\":$input.json('$')}"
    body = '{"quantity": 2, "name": "Soup"}'
    assert render(template, body) == 'Action=SendMessage&MessageBody={"data":{"quantity":2,"name":"Soup"}}'


@given(JSON)
def test_input_json_is_the_same_json(value):
    assert json.loads(render("$input.json('$')", json.dumps(value))) == value


@given(st.text())
def test_escapes_lead_back(text):
    variables = apigateway.variables() | {"t": text}
    escaped = compile("$util.escapeJavaScript($t)").render(variables, apigateway.DIALECT)
    assert json.loads('"' + escaped.replace("\\'", "'") + '"') == text
    assert compile("$util.urlDecode($util.urlEncode($t))").render(variables, apigateway.DIALECT) == text
    assert compile("$util.base64Decode($util.base64Encode($t))").render(variables, apigateway.DIALECT) == text
