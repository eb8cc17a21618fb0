"""Documents: what is none is refused in the service's words, whatever it is, and dialects of text do not matter."""

import json
from contextlib import suppress

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.openapi import BadDocument, describe
from freehold.kernel.errors import AwsError

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi")
)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "just words", "info: {}", "openapi: '4.0'", "a: [", "[" * 5000, "openapi: 3.0.1\n" + BOMB]
)
def test_what_is_no_document(text):
    with pytest.raises(BadDocument, match=r"Invalid OpenAPI input\."):
        describe(text)


def test_yaml_and_json_say_the_same():
    document = {
        "openapi": "3.0.1",
        "info": {"title": "shop", "version": "2022-09-01"},
        "paths": {"/p": {"get": {"x-amazon-apigateway-integration": {"type": "mock"}, "responses": {200: {}}}}},
    }
    assert describe(yaml.safe_dump(document)) == describe(json.dumps(document)) == describe(document)


NAMES = (
    *("get", "type", "uri", "parameters", "name", "in", "schema", "$ref", "responses", "200", "content", "security"),
    *("statusCode", "headers", "servers", "url", "variables", "basePath", "components", "schemas", "securitySchemes"),
    *("default", "/p", "x-amazon-apigateway-integration", "x-amazon-apigateway-authorizer"),
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["mock", "/p", "#/paths"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(
    st.fixed_dictionaries(
        {"openapi": st.just("3.0.1"), "paths": ANYTHING},
        optional=dict.fromkeys(("info", "components", "servers", "security"), ANYTHING),
    )
)
def test_nothing_but_an_answer_of_the_service_comes_out(document):
    with suppress(AwsError):
        msgspec.json.encode(describe(document))


def test_a_date_in_yaml_stays_as_it_is_written():
    assert describe("swagger: '2.0'\ninfo: {title: shop, version: 2022-09-01}").version == "2022-09-01"
