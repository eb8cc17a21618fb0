"""Wildcards against a plain reference. Knows the glob functions only."""

import time

from hypothesis import example, given
from hypothesis import strategies as st

from freehold.engines.patterns.globs import Wild, any_glob, as_text, glob, wild_parts

texts = st.text("ab/:\n.[*?", max_size=10)
forms = st.text("ab/:\n.[*?", max_size=7)


def matches(form: str, text: str) -> bool:
    """The definition: * is any run, ? any character, all else itself."""
    if not form:
        return not text
    if form[0] == "*":
        return any(matches(form[1:], text[skipped:]) for skipped in range(len(text) + 1))
    return bool(text) and form[0] in ("?", text[0]) and matches(form[1:], text[1:])


@given(forms, texts)
@example("*a*", "ba")
@example("a*ab", "aab")
@example("*ab*ab", "abab")
@example("*?", "")
def test_a_glob_matches_what_its_definition_matches(form, text):
    assert glob(wild_parts(form))(text) is matches(form, text)


@given(st.lists(forms, max_size=5), texts)
def test_any_glob_is_any_of_its_globs(several, text):
    assert any_glob(map(wild_parts, several))(text) is any(matches(form, text) for form in several)


@given(forms)
def test_parts_are_the_text(form):
    assert as_text(wild_parts(form)) == form


def test_a_literal_star_is_no_wildcard():
    literal = glob(("*", Wild.RUN))
    assert literal("*x") and not literal("x")


def test_no_form_takes_long():
    before = time.process_time()
    assert not glob(wild_parts("*a" * 60 + "b"))("a" * 6000)
    assert not any_glob([wild_parts("*a?*a" * 30 + "b")])("a" * 6000)
    assert time.process_time() - before < 1
