"""Scalars as text, as strangers write them."""

import pytest

from freehold.wire.codecs import texts, xmls


@pytest.mark.parametrize("text", ["", "abc", "1e5", "1_000", "\u0661", "9" * 5_000])
def test_what_is_no_integer(text):
    with pytest.raises(ValueError, match="is not an integer"):
        texts.read_integer(text)


@pytest.mark.parametrize("text, value", [("0", 0), ("-1", -1), (" 7 ", 7), ("+7", 7), ("9" * 20, int("9" * 20))])
def test_integers(text, value):
    assert texts.read_integer(text) == value


@pytest.mark.parametrize(
    "text", ["junk", "", "99999999999999", "1e999", "NaN", "9999999-01-01T00:00:00Z", "Fri, 01 Jan 99999 00:00:00 GMT"]
)
def test_what_is_no_time(text):
    with pytest.raises(ValueError, match="is not a time"):
        texts.read_time(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_no_document_declares_entities(encoding):
    document = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(ValueError):
        xmls.load(document.encode(encoding))
