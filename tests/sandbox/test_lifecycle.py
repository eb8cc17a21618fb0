"""The table of runtimes, beside AWS's own list of names."""

import re

import pytest

from freehold.sandbox.runtimes.lifecycle import RUNTIMES, blocked, dates_of


def test_names_are_those_of_the_model() -> None:
    from botocore.session import Session

    names = Session().get_service_model("lambda").shape_for("Runtime").enum
    assert set(RUNTIMES) == set(names)


def test_dates_are_days_in_order() -> None:
    for name, dates in RUNTIMES.items():
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d|", day) for day in dates), name
        assert dates.create_blocked_at <= dates.update_blocked_at, name


@pytest.mark.parametrize(
    ("runtime", "day", "update", "refused"),
    [
        ("nodejs14.x", "2024-01-08", False, False),
        ("nodejs14.x", "2024-01-09", False, True),
        ("nodejs14.x", "2026-01-01", True, False),
        ("python3.13", "2026-01-01", False, False),
        ("nodejs26.x", "2099-01-01", False, False),
    ],
)
def test_blocked_from_a_day_on(runtime: str, day: str, update: bool, refused: bool) -> None:
    assert blocked(runtime, day, update=update) is refused


def test_a_name_that_aws_does_not_have() -> None:
    assert dates_of("cobol85") is None
