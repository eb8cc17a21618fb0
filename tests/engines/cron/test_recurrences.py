"""Recurrences in time zones against a slow search that looks at each minute by itself."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.cron import BadSchedule, Recurrence, expression

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata", "UTC")
# Minutes near the changes of these zones' clocks in 2024.
CHANGES = ("2024-03-10T07:00", "2024-11-03T06:00", "2024-03-31T01:00", "2024-10-27T01:00", "2024-04-06T15:00",
           "2024-10-05T15:30")  # fmt: skip
MINUTES = 3 * 24 * 60


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def told(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def due(text: str, moment: str, zone: str = "UTC", **bounds: str) -> str | None:
    given = {name: at(value) for name, value in bounds.items()}
    return told(Recurrence(expression(text), ZoneInfo(zone), **given).after(at(moment)))


@pytest.mark.parametrize(
    "text, moment, zone, found",
    [
        # In spring 02:30 does not come in New York: the day is left out.
        ("cron(30 2 * * ? *)", "2024-03-09T12:00", "America/New_York", "2024-03-11T06:30:00"),
        # In autumn 01:30 comes twice: the first counts.
        ("cron(30 1 * * ? *)", "2024-11-02T12:00", "America/New_York", "2024-11-03T05:30:00"),
        ("cron(30 1 * * ? *)", "2024-11-03T05:30", "America/New_York", "2024-11-04T06:30:00"),
        ("cron(0 9 ? * MON-FRI)", "2024-03-29T12:00", "Europe/Berlin", "2024-04-01T07:00:00"),
        ("at(2024-11-03T01:30:00)", "2024-01-01T00:00", "America/New_York", "2024-11-03T05:30:00"),
        ("at(2024-03-10T02:30)", "2024-01-01T00:00", "America/New_York", "2024-03-10T07:30:00"),
        ("at(2024-07-01T12:00:05)", "2024-01-01T00:00", "Asia/Kolkata", "2024-07-01T06:30:05"),
        ("at(2024-07-01T12:00:05)", "2024-07-01T12:00:05", "UTC", None),
    ],
)
def test_the_next_moment_in_a_zone(text, moment, zone, found):
    assert due(text, moment, zone) == found


def test_a_rate_begins_with_its_beginning_and_keeps_its_step_over_changes_of_clocks():
    start = {"since": "2024-03-10T06:00:30"}
    assert due("rate(1 day)", "2024-03-01T00:00", "America/New_York", **start) == "2024-03-10T06:00:30"
    assert due("rate(1 day)", "2024-03-10T06:00:30", "America/New_York", **start) == "2024-03-11T06:00:30"
    assert due("RATE(90minute)", "2024-03-10T06:00:30", **start) == "2024-03-10T07:30:30"


def test_bounds_are_within_and_do_not_hold_for_one_time():
    bounds = {"start": "2024-05-01T10:00:00", "end": "2024-05-01T12:00:00"}
    assert due("cron(0 * * * ? *)", "2024-01-01T00:00", **bounds) == "2024-05-01T10:00:00"
    assert due("cron(0 * * * ? *)", "2024-05-01T11:00", **bounds) == "2024-05-01T12:00:00"
    assert due("cron(0 * * * ? *)", "2024-05-01T12:00", **bounds) is None
    assert due("rate(2 hours)", "2024-01-01T00:00", **bounds) == "2024-05-01T10:00:00"
    assert due("rate(2 hours)", "2024-05-01T10:00", **bounds) == "2024-05-01T12:00:00"
    assert due("rate(7 hours)", "2024-05-01T10:00", **bounds) is None
    assert due("at(2025-01-01T00:00:00)", "2024-01-01T00:00", **bounds) == "2025-01-01T00:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "rate()", "rate(10)", "rate(0 minutes)", "rate(-10 minutes)", "rate( 10 minutes )", " rate(10 minutes)",
        "rate(10 seconds)", "rate(10 minutess)", "at(2021-12-31T23:59:59Z)", "at(2021-12-31)",
        "at(2021-02-30T00:00:00)",
        "at(2021-12-31 23:59:59)", "cron()", "cron(0 1 * *)", "cron(0 1 * * ? * *)", "cron(0 1 * * * *)", "noon", "",
    ],
)  # fmt: skip
def test_what_is_no_schedule(text):
    with pytest.raises(BadSchedule):
        expression(text)


@st.composite
def calendars(draw):
    minutes = draw(st.sampled_from(["0", "*/15", "30", "59", "0,30", "45"]))
    hours = draw(st.sampled_from(["*", "0-3", "1", "2", "1,2", "*/2", "3"]))
    days = draw(st.sampled_from(["* * ?", "? * *", "? * SUN", "10 3 ?", "L * ?"]))
    return f"cron({minutes} {hours} {days} *)"


@given(calendars(), st.sampled_from(ZONES), st.sampled_from(CHANGES), st.integers(-600, 600))
def test_what_is_due_is_what_a_search_of_minutes_finds(text, zone, change, offset):
    clock, start = ZoneInfo(zone), at(change) + 60 * offset
    calendar = expression(text)
    found = Recurrence(calendar, clock).after(start)
    minute = start
    for _ in range(MINUTES):
        minute += 60
        here = datetime.fromtimestamp(minute, clock)
        matches = here.minute in calendar.minutes and here.hour in calendar.hours and here.month in calendar.months
        if matches and not here.fold and here.day in calendar.days(here.year, here.month):
            break
    else:
        assert found is None or found > minute
        return
    assert told(found) == told(minute)


@given(st.integers(1, 5_000), st.floats(0, 2e9), st.floats(0, 2e9))
def test_a_rate_is_due_on_its_steps(minutes, since, moment):
    found = Recurrence(expression(f"rate({minutes} minutes)"), since=since).after(moment)
    assert found > moment and (found == since or found - 60 * minutes <= moment + 1e-3)
