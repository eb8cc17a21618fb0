"""Schedules against a plain reference: each minute looked at by itself. Knows the public face."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.cron import BadSchedule, Cron, Rate, parse

DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def told(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    "text, moment, due",
    [
        ("cron(0 10 * * ? *)", "2024-05-01T10:00", "2024-05-02T10:00"),
        ("cron(0 10 * * ? *)", "2024-05-01T09:59", "2024-05-01T10:00"),
        ("cron(15 12 * * ? *)", "2024-05-01T00:00", "2024-05-01T12:15"),
        ("cron(0 18 ? * MON-FRI *)", "2024-05-03T18:00", "2024-05-06T18:00"),
        ("cron(0 8 1 * ? *)", "2024-01-31T00:00", "2024-02-01T08:00"),
        ("cron(0/15 * * * ? *)", "2024-01-01T10:15", "2024-01-01T10:30"),
        ("cron(*/20 8-9 * * ? *)", "2024-01-01T09:40", "2024-01-02T08:00"),
        ("cron(0/5 8-17 ? * MON-FRI *)", "2024-05-03T17:55", "2024-05-06T08:00"),
        ("cron(15 10 ? * 6L 2002-2005)", "2002-01-01T00:00", "2002-01-25T10:15"),
        ("cron(15 10 ? * 6L 2002-2005)", "2006-01-01T00:00", None),
        ("cron(0 2 ? * SAT#3 *)", "2024-05-01T00:00", "2024-05-18T02:00"),
        ("cron(0 0 ? * MON#5 *)", "2024-05-01T00:00", "2024-07-29T00:00"),
        ("cron(0 0 L * ? *)", "2024-02-01T00:00", "2024-02-29T00:00"),
        ("cron(0 0 LW * ? *)", "2024-06-01T00:00", "2024-06-28T00:00"),
        ("cron(0 0 1W * ? *)", "2024-06-01T00:00", "2024-06-03T00:00"),
        ("cron(0 0 15W * ? *)", "2024-06-01T00:00", "2024-06-14T00:00"),
        ("cron(0 0 31 * ? *)", "2024-03-31T00:00", "2024-05-31T00:00"),
        ("cron(0 0 29 FEB ? *)", "2024-03-01T00:00", "2028-02-29T00:00"),
        ("cron(0 0 ? * L *)", "2024-05-01T00:00", "2024-05-04T00:00"),
        ("cron(0 0 ? * FRI-SUN *)", "2024-05-05T00:00", "2024-05-10T00:00"),
        ("cron(5,35 14 * * ? *)", "2024-05-01T14:05", "2024-05-01T14:35"),
        ("cron(0 0 1 JAN,jul ? 2024/2)", "2024-07-01T00:00", "2026-01-01T00:00"),
        ("cron(0 0 1 1 ? 2024)", "2024-01-01T00:00", None),
    ],
)
def test_the_next_moment(text, moment, due):
    assert told(parse(text).after(at(moment))) == due


@pytest.mark.parametrize(
    "text",
    [
        "cron(0 1 * * * *)", "cron(0 1 ? * ? *)", "cron(7 20 * * NOT *)", "cron(71 8 1 * ? *)", "cron(INVALID)",
        "cron(0 dummy ? * MON-FRI *)", "cron(0 24 * * ? *)", "cron(0 0 0 * ? *)", "cron(0 0 1 13 ? *)",
        "cron(0 0 ? * 8 *)", "cron(0 0 ? * MON#6 *)", "cron(0 0 * * ? 1969)", "cron(0/0 0 * * ? *)",
        "cron(0 0 * * ?)", "cron(, 0 * * ? *)", "cron(0 0 32W * ? *)", "cron(0 0 * * ? 2030-2020)", "cron",
        "rate(0 minutes)", "rate(1 minutes)", "rate(2 minute)", "rate(-1 minutes)", "rate(1 second)", "rate(1.5 hours)",
        "rate( 1 minute)", "rate(1  minute)", "rate(1 MINUTE)", " rate(1 minute)", "", "every day",
    ],
)  # fmt: skip
def test_what_is_no_schedule(text):
    with pytest.raises(BadSchedule):
        parse(text)


def test_rates_count_from_their_beginning():
    every = parse("rate(5 minutes)")
    assert every == Rate(300)
    assert every.after(1_000.0, 1_000.0) == 1_300.0
    assert every.after(1_300.0, 1_000.0) == 1_600.0
    assert parse("rate(1 day)").after(100_000.0, 7.5) == 7.5 + 2 * 86_400


def test_a_zone_leaves_minutes_out_and_has_others_twice():
    berlin = ZoneInfo("Europe/Berlin")
    nightly = Cron.parse("30 2 * * ? *")
    spring = nightly.after(at("2024-03-30T12:00"), zone=berlin)
    assert told(spring) == "2024-04-01T00:30"  # the 31st has no 02:30
    autumn = nightly.after(at("2024-10-26T12:00"), zone=berlin)
    assert told(autumn) == "2024-10-27T00:30"
    assert told(nightly.after(autumn, zone=berlin)) == "2024-10-28T01:30"


numbers = st.integers


@st.composite
def expressions(draw):
    """An expression, and whether it means a minute."""

    def simple(low, high):
        first, second = sorted((draw(numbers(low, high)), draw(numbers(low, high))))
        step = draw(numbers(1, 9))
        return draw(
            st.sampled_from(
                [
                    ("*", set(range(low, high + 1))),
                    (str(first), {first}),
                    (f"{first}-{second}", set(range(first, second + 1))),
                    (f"{first}/{step}", set(range(first, high + 1, step))),
                    (f"{first},{second}", {first, second}),
                ]
            )
        )

    minute, hour, day, month, weekday = simple(0, 59), simple(0, 23), simple(1, 31), simple(1, 12), simple(1, 7)
    by_week = draw(st.booleans())
    text = f"{minute[0]} {hour[0]} {'?' if by_week else day[0]} {month[0]} {weekday[0] if by_week else '?'} *"

    def means(when: datetime) -> bool:
        days = when.isoweekday() % 7 + 1 in weekday[1] if by_week else when.day in day[1]
        return when.minute in minute[1] and when.hour in hour[1] and when.month in month[1] and days

    return text, means


@given(expressions(), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_what_is_due_is_meant_and_nothing_before_it(expression, start):
    text, means = expression
    cron = Cron.parse(text)
    due = cron.after(start.replace(tzinfo=UTC).timestamp())
    if due is None:
        assert not any(means(datetime(2024, month, day)) for month in range(1, 13) for day in range(1, 29))
        return
    when = datetime.fromtimestamp(due, UTC).replace(tzinfo=None)
    assert means(when) and when > start and when.second == 0
    earlier = start.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for _ in range(2_000):
        if earlier >= when:
            break
        assert not means(earlier)
        earlier += timedelta(minutes=1)


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(1, 31))
def test_the_nearest_weekday_is_a_weekday_near_by(year, month, day):
    length = monthrange(year, month)[1]
    found = Cron.parse(f"0 0 {day}W * ? *").days(year, month)
    if day > length:
        assert not found
        return
    assert datetime(year, month, found[0]).weekday() < 5 and abs(found[0] - day) <= 2


@given(st.integers(2000, 2100), st.integers(1, 12), st.sampled_from(DAYS), st.integers(1, 5))
def test_the_nth_and_the_last_weekday(year, month, day, nth):
    weekday = (DAYS.index(day) - 1) % 7
    length = monthrange(year, month)[1]
    all_of_them = [each for each in range(1, length + 1) if datetime(year, month, each).weekday() == weekday]
    assert Cron.parse(f"0 0 ? * {day}#{nth} *").days(year, month) == all_of_them[nth - 1 : nth]
    assert Cron.parse(f"0 0 ? * {day}L *").days(year, month) == all_of_them[-1:]
