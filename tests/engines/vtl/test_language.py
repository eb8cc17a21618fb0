"""The language itself: what a template renders to."""

import pytest

from freehold.engines.vtl import VtlError, apigateway, compile


def render(template: str, **variables) -> str:
    return compile(template).render(variables)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("$name", "Ada"),
        ("${name}s", "Adas"),
        ("$!name", "Ada"),
        ("$nobody ${nobody} $nobody.at.all()", "$nobody ${nobody} $nobody.at.all()"),
        ("[$!nobody][$!{nobody.x}]", "[][]"),
        ("$order.item.size", "large"),
        ("$order.items[1] $order['items'][0] $order.items.get(0)", "b a a"),
        ("$name.length() $name.toUpperCase().substring(0,2)", "3 AD"),
        ("$5.00 costs $ and 100%", "$5.00 costs $ and 100%"),
        ("$name. $name.", "Ada. Ada."),
        ("${name", "${name"),
        ("$name[, $name]", "Ada[, Ada]"),
    ],
)
def test_references(template, expected):
    order = {"item": {"size": "large"}, "items": ["a", "b"]}
    assert render(template, name="Ada", order=order) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (r"\$name", "$name"),
        (r"\\$name", r"\Ada"),
        (r"\$nobody", r"\$nobody"),
        (r"\#if(true)", "#if(true)"),
        (r"\\#if(true)x#end", r"\x"),
        (r"C:\dir #unknown #1", r"C:\dir #unknown #1"),
    ],
)
def test_escapes(template, expected):
    assert render(template, name="Ada") == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("7 / 2.0", "3.5"),
        ("1.0", "1.0"),
        ("10000000.0 * 10", "1.0E8"),
        ("1 - 1 - 1", "-1"),
        ("'a' + 1 + 2.5", "a12.5"),
        ("1 == 1.0", "true"),
        ("'1' == 1", "true"),
        ("1 < 2 && 2 le 2", "true"),
        ("1 gt 2 or 3 ge 3", "true"),
        ("!(1 ne 1)", "true"),
        ("not true", "false"),
        ("true and false || true", "true"),
        ("'abc' eq \"abc\"", "true"),
        ("[1, 'a', [2]]", "[1, a, [2]]"),
        ("[1..4]", "[1, 2, 3, 4]"),
        ("[2..-1]", "[2, 1, 0, -1]"),
        ("{'a': 1, 'b': {'c': true}}", "{a=1, b={c=true}}"),
        ("[]", "[]"),
        ("'it''s $x'", "it's $x"),
        ('"say ""hi"" to $who"', 'say "hi" to Ada'),
        ('"#if($who)yes#end"', "yes"),
        ("'back\\slash'", "back\\slash"),
    ],
)
def test_expressions(expression, expected):
    assert render(f"#set($result = {expression})$result", who="Ada") == expected


def test_division_by_zero_is_null():
    assert render("#set($x = 1 / 0)$!x#if($x == $null)none#end") == "none"


@pytest.mark.parametrize(
    ("value", "holds"), [(None, False), (False, False), (True, True), ("", True), (0, True), ([], True)]
)
def test_truth(value, holds):
    assert render("#if($x)yes#{else}no#end", x=value) == ("yes" if holds else "no")


def test_if_takes_the_first_branch_that_holds():
    template = "#if($n == 1)one#elseif($n == 2)two#elseif($n < 9)few#{else}many#end"
    assert [render(template, n=n) for n in (1, 2, 5, 9)] == ["one", "two", "few", "many"]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("#foreach($x in $list)$x#if($foreach.hasNext),#end#end", "a,b,c"),
        ("#foreach($x in $list)$foreach.index$foreach.count$velocityCount #end", "011 122 233 "),
        ("#foreach($x in $list)#if($foreach.first)<#end$x#if($foreach.last)>#end#end", "<abc>"),
        ("#foreach($x in $list)$x#if($x == 'b')#break#end#end!", "ab!"),
        ("#foreach($v in $map)$v#end", "12"),
        ("#foreach($e in $map.entrySet())$e.key=$e.value;#end", "k=1;l=2;"),
        ("#foreach($x in [1..2])#foreach($y in [1..2])$foreach.parent.count$y #end#end", "11 12 21 22 "),
        ("#foreach($x in $nothing)$x#end.", "."),
        ("#foreach($x in $list)$x#end$x", "abc$x"),
        ("before#stop after", "before"),
    ],
)
def test_loops(template, expected):
    assert render(template, list=["a", "b", "c"], map={"k": 1, "l": 2}) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("#macro(greet $who $how)$how $who!#end#greet('Ada' 'Hi') #greet($x, 'Yo')", "Hi Ada! Yo Bo!"),
        ("#greet()#macro(greet)early#end", "early"),
        ("#macro(down $n)$n#if($n > 0)#set($m = $n - 1)#down($m)#end#end#down(3)", "3210"),
        ("#define($block)<$x>#end$block#set($x = 'Cy')$block", "<Bo><Cy>"),
        ("#[[ $x #if( ]]#", " $x #if( "),
        ("a## comment $x\nb#* $x\n #if *#c", "abc"),
    ],
)
def test_macros_blocks_and_comments(template, expected):
    assert render(template, x="Bo") == expected


def test_a_line_with_only_a_directive_leaves_no_trace():
    template = (
        "{\n  #set($x = 1)\n  #if($x == 1)\n  one\n  #elseif($x)\n  two\n  #else\n  three\n  #end  \n  #* note *#\n}"
    )
    assert render(template) == "{\n  one\n}"
    assert render("a #if(true)\nb#end\nc") == "a \nb\nc"


def test_what_a_template_sets_stays_in_its_context():
    context = {"seen": {"list": [1]}}
    compile("#set($a = 2)#set($seen.b = 'x')#set($seen['c'] = $a)#set($seen.list[0] = 9)").render(context)
    assert context == {"a": 2, "seen": {"list": [9], "b": "x", "c": 2}}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$s.replaceAll('[aeiou]', '<$0>')", "h<e>ll<o> w<o>rld"),
        ("$s.replaceAll('(\\w+) (\\w+)', '$2 $1')", "world hello"),
        ("$s.replace('l', 'L')", "heLLo worLd"),
        ("$s.replaceFirst('l', '')", "helo world"),
        ("$s.split(' ').size()", "2"),
        ("$csv.split(',')", "[a, b]"),
        ("$s.contains('wor') $s.startsWith('hell') $s.endsWith('x')", "true true false"),
        ("$s.indexOf('o') $s.lastIndexOf('o') $s.indexOf('zz')", "4 7 -1"),
        ("$s.matches('h.* w.*') $s.matches('hello')", "true false"),
        ("$s.equals('hello world') $s.isEmpty() $s.concat('!')", "true false hello world!"),
        ("$s.charAt(1) $s.equalsIgnoreCase('HELLO WORLD')", "e true"),
        ("$m.size() $m.keySet() $m.values() $m.containsKey('a') $m.get('zz')", "2 [a, b] [1, 2] true "),
        ("$m.put('a', 5) $m.a $m.remove('a') $m", "1 5 5 {b=2}"),
        ("$l.add('z') $l.size() $l.contains('z') $l.indexOf('y') $l.remove(0) $l", "true 3 true 1 x [y, z]"),
        ("$l.isEmpty() $l.subList(0, 1) $l.getClass() $s.class", "false [x]  "),
        ("$n.intValue() $n.toString().length()", "3 4"),
    ],
)
def test_java_methods(expression, expected):
    values = {"s": "hello world", "csv": "a,b,,", "m": {"a": 1, "b": 2}, "l": ["x", "y"], "n": 3.75}
    assert compile(expression).render(values, apigateway.DIALECT) == expected


@pytest.mark.parametrize(
    "template",
    [
        "#if(true)",
        "#end",
        "#if(1 +)x#end",
        "#set($x)",
        "#set(x = 1)",
        "#foreach($x of $y)#end",
        "$x.call('unclosed",
        "#set($x = 12345678901234567890)",
    ],
)
def test_what_is_not_vtl_is_refused_with_its_place(template):
    with pytest.raises(VtlError, match=r"line 1, column \d+"):
        compile(template)


@pytest.mark.parametrize(
    "template", ["$l.get(7)", "$l[2]", "$s.substring(9)", "$s.replaceAll('[', '')", "$s.split(1)", "$s.contains(1)"]
)
def test_what_java_answers_with_an_exception_is_an_error(template):
    with pytest.raises(VtlError):
        render(template, l=[1], s="abc")
