"""The library. Results as https://docs.jsonata.org describes them; numbers as JavaScript has them."""

import pytest

from freehold.engines.jsonata import UNDEFINED, Setting, compile

TEXTS = {
    "$string(1e21)": "1e+21",
    "$string(1e20)": "100000000000000000000",
    "$string(0.000001)": "0.000001",
    "$string(0.0000015)": "0.0000015",
    "$string(0.00000015)": "1.5e-7",
    "$string(0.1 + 0.2)": "0.3",
    "$string(-0)": "0",
    "$string({'a': [1.0, $sum, null]})": '{"a":[1,"",null]}',
    "$string([1, {'b': []}], true)": '[\n  1,\n  {\n    "b": []\n  }\n]',
    "$length('a\\ud83d\\ude00')": 2,
    "$substring('hello', -3, 2)": "ll",
    "$substring('hello', -9, 2)": "he",
    "$substringBefore('a-b', '-')": "a",
    "$substringAfter('a-b', '+')": "a-b",
    "$trim('  a \\n b ')": "a b",
    "$pad('ab', 5, '#-')": "ab#-#",
    "$pad('ab', -4)": "  ab",
    "$join(['a', 'b'], '-')": "a-b",
    "$join('a')": "a",
    "$split('a, b', ', ')": ["a", "b"],
    "$split('abc', '')": ["a", "b", "c"],
    "$split('a1b22c', /[0-9]+/, 2)": ["a", "b"],
    "$contains('abc', /B/i)": True,
    "$match('ab12cd3', /([a-z]+)([0-9])/)": [
        {"match": "ab1", "index": 0, "groups": ["ab", "1"]},
        {"match": "cd3", "index": 4, "groups": ["cd", "3"]},
    ],
    "$match('ab', /(a)|(b)/)[1].groups": [None, "b"],
    "$replace('John Smith', /(\\w+) (\\w+)/, '$2, $1')": "Smith, John",
    "$replace('aaa', 'a', 'b', 2)": "bba",
    "$replace('abc', /b/, function($m) { $uppercase($m.match) & $m.start })": "aB1c",
    "$replace('cost', /cost/, '$$5 $x $0')": "$5 $x cost",
    "/b/('abc').next()": UNDEFINED,
    "$base64encode('é')": "w6k=",
    "$base64decode('w6k=')": "é",
    "$encodeUrlComponent('a b/é')": "a%20b%2F%C3%A9",
    "$encodeUrl('http://a/?q=é')": "http://a/?q=%C3%A9",
    "$decodeUrl('%C3%A9%2F')": "é%2F",
    "$decodeUrlComponent('%C3%A9%2F')": "é/",
}

NUMBERS = {
    "$number('0x1F')": 31,
    "$number('1.50')": 1.5,
    "$number(true)": 1,
    "$sum([1, 2, 3.5])": 6.5,
    "$sum([])": 0,
    "$average([1, 2])": 1.5,
    "$max([])": UNDEFINED,
    "$min([3, 1.5])": 1.5,
    "$round(2.5)": 2,
    "$round(-3.5)": -4,
    "$round(123.456, 2)": 123.46,
    "$round(1250, -2)": 1200,
    "$floor(-1.5)": -2,
    "$power(2, 10)": 1024,
    "$sqrt(2)": 1.4142135623730951,
    "$formatBase(-255, 16)": "-ff",
    "$formatNumber(12345.6, '#,###.00')": "12,345.60",
    "$formatNumber(-0.14, '01%')": "-14%",
    "$formatNumber(1234.5678, '00.000e0')": "12.346e2",
    "$formatNumber(5, '#.#;(#)')": "5.0",
    "$formatNumber(-5, '#;(#)')": "(5)",
    "$formatInteger(1234567, '#,##0')": "1,234,567",
    "$formatInteger(1999, 'I')": "MCMXCIX",
    "$formatInteger(28, 'a')": "ab",
    "$formatInteger(2789, 'w')": "two thousand, seven hundred and eighty-nine",
    "$formatInteger(21, '1;o')": "21st",
    "$formatInteger(3, 'Ww;o')": "Third",
    "$parseInteger('twelve thousand and five', 'w')": 12005,
    "$parseInteger('MCMXCIX', 'I')": 1999,
    "$parseInteger('1,234', '#,##0')": 1234,
}

VALUES = {
    "$boolean([0, {}])": False,
    "$boolean('')": False,
    "$not(null)": True,
    "$exists(nothing)": False,
    "$type([])": "array",
    "$type(null)": "null",
    "$type($sum)": "function",
    "$keys([{'a': 1}, {'b': 2, 'a': 3}])": ["a", "b"],
    "$keys({'a': 1})": "a",
    "$lookup([{'a': 1}, {'a': 2}], 'a')": [1, 2],
    "$spread([{'a': 1, 'b': 2}])": [{"a": 1}, {"b": 2}],
    "$merge([{'a': 1}, {'a': 2, 'b': 3}])": {"a": 2, "b": 3},
    "$append(1, [2])": [1, 2],
    "$append(nothing, 1)": 1,
    "$count(nothing)": 0,
    "$count('x')": 1,
    "$sort(['b', 'a'])": ["a", "b"],
    "$sort([1, 3, 2], function($l, $r) { $l < $r })": [3, 2, 1],
    "$reverse([1, 2])": [2, 1],
    "$distinct([1, '1', 1.0, true, [1], [1]])": [1, "1", True, [1]],
    "$zip([1, 2], ['a', 'b', 'c'])": [[1, "a"], [2, "b"]],
    "$map([1, 2], function($v, $i, $a) { $v + $i + $count($a) })": [3, 5],
    "$filter([1..4], function($v) { $v % 2 = 0 })": [2, 4],
    "$single([1, 2], function($v) { $v = 2 })": 2,
    "$reduce([1, 2, 3], function($a, $v) { $a * $v }, 10)": 60,
    "$each({'a': 1, 'b': 2}, function($v, $k) { $k & $v })": ["a1", "b2"],
    "$sift({'a': 1, 'b': 2}, function($v) { $v > 1 })": {"b": 2},
    "$sift({'a': 1}, function($v) { false })": UNDEFINED,
    "$assert(true, 'fine')": UNDEFINED,
    "$eval('a + 1', {'a': 2})": 3,
    "($x := 2; $eval('$x'))": 2,
}

MOMENTS = {
    "$now()": "2024-02-29T12:34:56.789Z",
    "$millis()": 1709210096789,
    "$now('[D1o] [MNn] [Y]', '+0930')": "29th February 2024",
    "$fromMillis(0)": "1970-01-01T00:00:00.000Z",
    "$fromMillis(-62135596800000, '[Y0001]-[M01]-[D01] [FNn,3-3]')": "0001-01-01 Mon",
    "$fromMillis(1709210096789, '[h]:[m01] [PN] [Z]', '-0530')": "7:04 AM -05:30",
    "$fromMillis(1104537600000, 'W[W01] [X] week [w] of [xNn]')": "W53 2004 week 5 of December",
    "$fromMillis(1709210096789, '[d] [F0] [H01][m01][s01].[f001] [z] [[x]]')": "60 4 123456.789 GMT+00:00 [x]",
    "$toMillis('1970-01-02')": 86400000,
    "$toMillis('2024-02-29T12:34:56.789+02:00')": 1709202896789,
    "$toMillis('29/02/2024', '[D01]/[M01]/[Y0001]')": 1709164800000,
    "$toMillis('Feb 1st, 2020 at 3pm', '[MNn,3-3] [D1o], [Y] at [h][Pn]')": 1580569200000,
    "$toMillis('12:00', '[H01]:[m01]')": 1709208000000,
    "$toMillis('nonsense', '[Y]')": UNDEFINED,
}

SETTING = Setting(now=1709210096.789)


@pytest.mark.parametrize(
    ("text", "value"), [each for table in (TEXTS, NUMBERS, VALUES, MOMENTS) for each in table.items()]
)
def test_value(text, value):
    result = compile(text).evaluate(None, {}, SETTING)
    assert result is value if value is UNDEFINED else (result == value and type(result) is type(value))


def test_chance_is_the_setting_s():
    setting = Setting(random=iter([0.25, 0.0, 0.5, 0.0]).__next__)
    assert compile("$random()").evaluate(None, {}, setting) == 0.25
    assert compile("$shuffle([1, 2, 3])").evaluate(None, {}, setting) == [3, 2, 1]
