"""What AWS says of each runtime: when it is deprecated, and from when no function may be created or changed with it.

One idea: one table, name → dates, each a day in UTC; "" where AWS has named none. Rooms ask `dates_of`; whether a date
counts is theirs to say, since only they know what time it is. It may not know what can be run on this machine.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (2026)
"""

from typing import NamedTuple


class Dates(NamedTuple):
    """ISO days; "" is never, so far. They compare as text with the day of a moment."""

    deprecated_at: str = ""
    create_blocked_at: str = ""
    update_blocked_at: str = ""


RUNTIMES: dict[str, Dates] = {
    "dotnet6": Dates("2024-12-20", "2027-02-01", "2027-03-03"),
    "dotnet8": Dates("2026-11-10", "2027-02-01", "2027-03-03"),
    "dotnet10": Dates("2028-11-14", "2028-12-14", "2029-01-15"),
    "dotnetcore1.0": Dates("2019-06-27", "2019-06-30", "2019-07-30"),
    "dotnetcore2.0": Dates("2019-05-30", "2019-04-30", "2019-05-30"),
    "dotnetcore2.1": Dates("2022-01-05", "2022-01-05", "2022-04-13"),
    "dotnetcore3.1": Dates("2023-04-03", "2023-04-03", "2023-05-03"),
    "go1.x": Dates("2024-01-08", "2024-02-08", "2027-03-03"),
    "java8": Dates("2024-01-08", "2024-02-08", "2027-03-03"),
    "java8.al2": Dates("2027-06-30", "2027-07-31", "2027-08-31"),
    "java8.al2023": Dates(),
    "java11": Dates("2027-06-30", "2027-07-31", "2027-08-31"),
    "java11.al2023": Dates(),
    "java17": Dates("2027-06-30", "2027-07-31", "2027-08-31"),
    "java17.al2023": Dates(),
    "java21": Dates("2029-06-30", "2029-07-31", "2029-08-31"),
    "java25": Dates("2029-06-30", "2029-07-31", "2029-08-31"),
    "nodejs": Dates("2016-08-30", "2016-09-30", "2016-10-31"),
    "nodejs4.3": Dates("2020-03-05", "2020-02-03", "2020-03-05"),
    "nodejs4.3-edge": Dates("2020-03-05", "2019-03-31", "2019-04-30"),
    "nodejs6.10": Dates("2019-08-12", "2019-07-12", "2019-08-12"),
    "nodejs8.10": Dates("2020-03-06", "2020-02-04", "2020-03-06"),
    "nodejs10.x": Dates("2021-07-30", "2021-07-30", "2022-02-14"),
    "nodejs12.x": Dates("2023-03-31", "2023-03-31", "2023-04-30"),
    "nodejs14.x": Dates("2023-12-04", "2024-01-09", "2027-03-03"),
    "nodejs16.x": Dates("2024-06-12", "2027-02-01", "2027-03-03"),
    "nodejs18.x": Dates("2025-09-01", "2027-02-01", "2027-03-03"),
    "nodejs20.x": Dates("2026-04-30", "2027-02-01", "2027-03-03"),
    "nodejs22.x": Dates("2027-04-30", "2027-06-01", "2027-07-01"),
    "nodejs24.x": Dates("2028-04-30", "2028-06-01", "2028-07-01"),
    "nodejs26.x": Dates(),
    "provided": Dates("2024-01-08", "2024-02-08", "2027-03-03"),
    "provided.al2": Dates("2026-07-31", "2027-02-01", "2027-03-03"),
    "provided.al2023": Dates("2029-06-30", "2029-07-31", "2029-08-31"),
    "python2.7": Dates("2021-07-15", "2021-07-15", "2022-05-30"),
    "python3.6": Dates("2022-07-18", "2022-07-18", "2022-08-29"),
    "python3.7": Dates("2023-12-04", "2024-01-09", "2027-03-03"),
    "python3.8": Dates("2024-10-14", "2027-02-01", "2027-03-03"),
    "python3.9": Dates("2025-12-15", "2027-02-01", "2027-03-03"),
    "python3.10": Dates("2026-10-31", "2027-02-01", "2027-03-03"),
    "python3.11": Dates("2027-06-30", "2027-07-31", "2027-08-31"),
    "python3.12": Dates("2028-10-31", "2028-11-30", "2029-01-10"),
    "python3.13": Dates("2029-06-30", "2029-07-31", "2029-08-31"),
    "python3.14": Dates("2029-06-30", "2029-07-31", "2029-08-31"),
    "python3.15": Dates(),
    "ruby2.5": Dates("2021-07-30", "2021-07-30", "2022-03-31"),
    "ruby2.7": Dates("2023-12-07", "2024-01-09", "2027-03-03"),
    "ruby3.2": Dates("2026-03-31", "2027-02-01", "2027-03-03"),
    "ruby3.3": Dates("2027-03-31", "2027-04-30", "2027-05-31"),
    "ruby3.4": Dates("2028-03-31", "2028-04-30", "2028-05-31"),
    "ruby4.0": Dates("2029-03-31", "2029-04-30", "2029-05-31"),
}


def dates_of(runtime: str) -> Dates | None:
    """The dates of a runtime; None where AWS has no runtime of that name."""
    return RUNTIMES.get(runtime)


def blocked(runtime: str, day: str, *, update: bool = False) -> bool:
    """Whether AWS refuses to create (or `update`) functions with this runtime on an ISO day."""
    dates = RUNTIMES.get(runtime, Dates())
    since = dates.update_blocked_at if update else dates.create_blocked_at
    return bool(since) and day >= since
