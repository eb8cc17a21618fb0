import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines import pii
from freehold.engines.pii.families import MATCH_MAX
from freehold.engines.pii.identifiers import TABLE
from freehold.engines.pii.reading import read
from freehold.engines.pii.scanning import READERS

MANAGED = pii.scanner(pii.NAMES - READERS.keys())
EAGER = pii.scanner(pii.NAMES - READERS.keys(), keywords_optional=True)

# Texts made of what the patterns look for, so that much of it nearly matches.
KEYWORDS = sorted({word for row in TABLE for word in row.keywords})
PIECES = st.one_of(
    st.sampled_from(KEYWORDS),
    st.from_regex(r"[0-9]{1,20}|[A-Z]{1,3}[0-9]{5,10}|[0-9]{2,4}([ ./-][0-9]{2,6}){1,4}", fullmatch=True),
    st.sampled_from(
        ["4539148803436467", "10.0.0.1", "a@b.co", "DE89370400440532013000", "-----BEGIN PRIVATE KEY-----"]
    ),
    st.sampled_from([" ", ": ", '":"', "\\n", "\u200b", "é", "\\u0031", ",", "-", "\n"]),
    st.text(max_size=5),
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=40).map(" ".join))


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_findings_are_places_of_the_text_in_order_and_do_not_overlap_their_like(text):
    found = MANAGED.find(text)
    assert found == MANAGED.find(text) == sorted(found, key=lambda finding: (finding.start, finding.name))
    ends: dict[str, int] = {}
    for name, start, end in found:
        assert ends.get(name, 0) <= start < end <= len(text)
        ends[name] = end


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_what_is_found_is_found_again_beside_a_keyword_of_its_own(text):
    for name, start, end in MANAGED.find(text):
        keywords = {word for row in TABLE if row.name == name for word in row.keywords or ("",)}
        assert any(pii.scanner([name]).find(f"{word} {text[start:end]} ") for word in keywords), (name, text[start:end])


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_without_keywords_no_less_is_found(text):
    places = {
        name: {place for one in EAGER.find(text) if one.name == name for place in range(one.start, one.end)}
        for name in {one.name for one in MANAGED.find(text)}
    }
    for name, start, end in MANAGED.find(text):
        assert places[name] & set(range(start, end))


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_masks_keep_the_length_and_leave_nothing_to_find_at_their_places(text):
    found = MANAGED.find(text)
    masked, redacted = pii.masked(text, found, "#"), pii.redacted(text, found)
    covered = {place for finding in found for place in range(finding.start, finding.end)}
    assert masked == "".join("#" if place in covered else character for place, character in enumerate(text))
    assert redacted == "".join(character for place, character in enumerate(text) if place not in covered)


@settings(deadline=None, max_examples=100)
@given(TEXTS, st.sampled_from(sorted({row.name for row in TABLE})))
def test_a_scanner_of_one_finds_what_the_scanner_of_all_finds_of_it(text, name):
    assert pii.scanner([name]).find(text) == [finding for finding in MANAGED.find(text) if finding.name == name]


ADVERSARIAL = {
    "digits": "1",
    "spaced digits": "1 ",
    "numbers": "123456789 ",
    "keywords": "card number ssn iban passport ",
    "keywords and numbers": "ssn 123456789 card 4539148803436467 passport 123456789 ",
    "near addresses": "1.1.1.1.",
    "colons": "a:",
    "hex": "1::",
    "begun keys": "-----BEGIN PRIVATE KEY-----",
    "key lines": "-----BEGIN PRIVATE KEY-----\n" + "QUJDREVGR0hJSktMTU5P/+ " * 20,
    "putty": "PuTTY-User-Key-File-2: ",
    "near emails": "a@",
    "emails": "a@b.co,",
    "dotted": "a.a@a.a",
    "phones": "+1 ",
    "near ibans": "iban DE89 3704 ",
    "dates": "dob 12/12/",
    "unseen": "1\u200b",
    "escapes": "\\u0031",
    "quotes": '\\"',
    "widths": "é１－",
    "base64": "QUJD/+",
}


def steps(scanner, text):
    """What a scan does for a text: how many matches are judged, and how many characters of them are looked at."""
    proposals = list(scanner._proposals(b"\n%b\n" % read(text).data))
    return len(proposals), sum(end - start for start, end, row in proposals if row.check)


@pytest.mark.parametrize("scanner", [MANAGED, EAGER], ids=["managed", "eager"])
@pytest.mark.parametrize("seed", ADVERSARIAL.values(), ids=ADVERSARIAL.keys())
def test_the_work_grows_no_faster_than_the_text(seed, scanner):
    judged, characters = steps(scanner, seed * (4_000 // len(seed)))
    judged_4, characters_4 = steps(scanner, seed * (16_000 // len(seed)))
    assert judged_4 <= 4.5 * judged + 100
    assert characters_4 <= 4.5 * characters + 100 * MATCH_MAX


@pytest.mark.parametrize("seed", ADVERSARIAL.values(), ids=ADVERSARIAL.keys())
def test_messages_of_256_kilobytes_are_read(seed):
    text = (seed * (262_144 // len(seed) + 1))[:262_144]
    assert len(pii.masked(text, MANAGED.find(text), "#")) == len(text)


def test_overlapping_findings_of_different_names_are_all_told():
    found = pii.scanner(["CreditCardNumber", "BankAccountNumber-US"]).find("bank account or card 4539148803436467")
    assert [name for name, _, _ in found] == ["BankAccountNumber-US", "CreditCardNumber"]


def test_scanners_are_made_once():
    assert pii.scanner(["NhsNumber-GB", "IpAddress"]) is pii.scanner(["IpAddress", "NhsNumber-GB"])


def ran(code):
    """What a fresh interpreter prints."""
    environment = os.environ | {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def test_nothing_heavy_is_loaded_before_the_first_scan():
    code = "import sys, freehold.engines.pii; print({'re2', 'hyperscan', 'stdnum'} & set(sys.modules))"
    assert ran(code) == "set()"


def test_what_is_warm_loads_and_compiles_nothing_more():
    code = """
import sys, hyperscan
from freehold.engines import pii
compiled = []
class Database(hyperscan.Database):
    def compile(self, *given, **named):
        compiled.append(1)
        return super().compile(*given, **named)
hyperscan.Database = Database
scanner = pii.scanner(["Name", "Address", "PhoneNumber", "Ssn-US"])
scanner.warm()
known, number = set(sys.modules), len(compiled)
scanner.find("Mr. John Smith, phone +1 212 555 0199, SSN 536-90-4399, 12 Main St, Boston, MA 02108")
scanner.warm()
print(set(sys.modules) - known, len(compiled) - number, number > 3)
"""
    assert ran(code) == "set() 0 True"


def test_threads_share_scanners():
    text = "card 4539148803436467, SSN 536-90-4399, phone 206-555-0142, 10.0.0.1, a@b.co " * 50
    expected = pii.scanner(pii.NAMES - READERS.keys()).find(text)
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda _: (MANAGED.warm(), MANAGED.find(text))[1], range(40)):
            assert found == expected
