"""DNS messages, byte by byte."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines import dns


def asked(name, type=dns.A, id=7, flags=0x0100, kind=1, count=1):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".") if part)
    return struct.pack("!6H", id, flags, count, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", type, kind)


def test_a_question_is_read():
    query = dns.read(asked("SQS.eu-west-1.amazonaws.com", dns.AAAA, id=99))
    assert (query.id, query.name, query.type, query.fault) == (99, "sqs.eu-west-1.amazonaws.com", dns.AAAA, 0)


def test_an_answer_repeats_the_question_and_points_at_it():
    packet = asked("a.example")
    told = dns.answer(dns.read(packet), [bytes([127, 0, 0, 1])], ttl_s=60)
    assert told[:12] == struct.pack("!6H", 7, 0x8580, 1, 1, 0, 0)
    assert told[12 : len(packet)] == packet[12:]
    assert told[len(packet) :] == b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x7f\0\0\x01"


def test_what_does_not_fit_into_a_packet_is_left_out():
    told = dns.answer(dns.read(asked("a.example", dns.AAAA)), [bytes(16)] * 100)
    assert len(told) <= dns.UDP_MAX
    assert struct.unpack_from("!H", told, 6)[0] == 17


@pytest.mark.parametrize(
    ("packet", "fault"),
    [
        (asked("a.example", flags=0x2800), dns.NOT_IMPLEMENTED),
        (asked("a.example", kind=3), dns.REFUSED),
        (asked("a.example", count=2), dns.FORMAT_ERROR),
        (asked("a.example", count=0), dns.FORMAT_ERROR),
        (asked("a.example")[:-3], dns.FORMAT_ERROR),
        (struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b"\xc0\x0c\0\x01\0\x01", dns.FORMAT_ERROR),
        (struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b"\x03a.b\0\0\x01\0\x01", dns.FORMAT_ERROR),
        (asked(".".join(["a" * 60] * 6)), dns.FORMAT_ERROR),
    ],
)
def test_what_is_no_question_of_ours_is_told_so(packet, fault):
    query = dns.read(packet)
    assert query.fault == fault
    assert dns.answer(query, code=fault)[3] & 15 == fault


def test_answers_and_scraps_are_not_answered():
    assert dns.read(asked("a.example", flags=0x8180)) is None
    assert dns.read(b"\0" * 11) is None


@given(st.binary(max_size=600))
def test_no_packet_does_harm(packet):
    query = dns.read(packet)
    assert query is None or len(dns.answer(query, [bytes(4)], code=query.fault)) <= dns.UDP_MAX
