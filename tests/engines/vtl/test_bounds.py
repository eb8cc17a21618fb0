"""What keeps a hostile template from holding the process, and what holds for every template."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines.vtl import VtlError, apigateway, compile

REFERENCES = "$a ${b} $!c.d $a.get( [0] $x $q $foreach.parent .size() .split('a') $input.json('$') $input.path("
DIRECTIVES = (
    "#set($x= #if( #elseif( #else #end #foreach($i\u00a0in\u00a0[1..3]) #macro(m\u00a0$p) #m( #define($q) #stop"
)
SYMBOLS = "#break #[[ ]]# ## #* *# \" ' \\ { } ( ) , : && or ! == < + * / % 1 2.5 true null \n $util.parseJson("
FRAGMENTS = st.sampled_from(
    [piece.replace("\u00a0", " ") for line in (REFERENCES, DIRECTIVES, SYMBOLS) for piece in line.split(" ")]
)


@given(st.text(alphabet=st.characters(blacklist_characters="$#")))
def test_text_without_marks_renders_to_itself(text):
    assert compile(text).render({}) == text


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=25).map("".join)))
def test_nothing_but_vtl_error_comes_out(template):
    with suppress(VtlError):
        variables = apigateway.variables('{"a": [1, {"b": null}]}')
        variables |= {"a": "text", "b": {"k": [1]}, "c": {"d": 2.0}}
        assert isinstance(compile(template).render(variables, apigateway.DIALECT), str)


HOSTILE = {
    "nested loops": "#foreach($a in [1..1000])" * 4 + "x" + "#end" * 4,
    "doubling text": "#set($s = 'xxxxxxxx')#foreach($i in [1..1000])#set($s = \"$s$s\")#end",
    "doubling by replace": "#set($s = 'xx')#foreach($i in [1..1000])#set($s = $s.replace('x', 'xx'))#end",
    "squaring": "#set($n = 9)#foreach($i in [1..1000])#set($n = $n * $n)#end",
    "a map within itself": "#set($m = {})$m.put('m', $m)$m",
    "doubling printed lists": "#set($l = [1])#foreach($i in [1..100])#set($l = [$l, $l])#end$l",
    "comparing doubled lists": "#set($l = [1])#set($k = [1])"
    "#foreach($i in [1..100])#set($l = [$l, $l])#set($k = [$k, $k])#end#if($l == $k)x#end",
    "endless macro": "#macro(m)#m()#end#m()",
    "endless block": "#define($q)$q#end$q",
    "endless block in a string": '#define($q)#set($x = "$q")#end$q',
    "huge range": "#foreach($i in [1..999999999])#end",
    "deep parentheses": "#set($x = " + "(" * 5000 + "1" + ")" * 5000 + ")",
    "deep blocks": "#if(true)" * 5000 + "#end" * 5000,
    "deep not": "#set($x = " + "!" * 5000 + "true)",
    "a regular expression that backtracks": "$util.urlEncode('" + "a" * 40 + "').matches('(a+)+b')",
    "a scanning regular expression": "#set($s = 'aa')#foreach($i in [1..14])#set($s = \"$s$s\")#end$s.matches('.*.*b')",
    "too large": "x" * (300 * 1024 + 1),
}


@pytest.mark.parametrize("template", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.timeout(20)
def test_hostile_templates_are_stopped(template):
    with pytest.raises(VtlError):
        compile(template).render(apigateway.variables())


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["$", "#", "$a[", "#if", " #set", '"', "$a.b", "\\", "##", "#*", "#end"])
def test_long_templates_are_read_in_good_time(piece):
    with suppress(VtlError):
        compile(piece * (300 * 1024 // len(piece))).render({})


def test_a_long_sum_is_not_a_deep_one():
    assert compile("#set($x = 0" + " + 1" * 20_000 + ")$x").render({}) == "20000"


def test_a_loop_ends_after_a_thousand_turns():
    assert compile("#foreach($i in [1..1500])#set($n = $i)#end$n").render({}) == "1000"
