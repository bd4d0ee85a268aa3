"""Days of the calendar: years, months and what the country counts in, five-year plans and congresses."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from govnews.normalize.values import Grain, Period

EVENTS: dict[str, date] = {
    "十六大": date(2002, 11, 8),
    "十七大": date(2007, 10, 15),
    "十八大": date(2012, 11, 8),
    "十九大": date(2017, 10, 18),
    "二十大": date(2022, 10, 16),
    "十八届三中全会": date(2013, 11, 9),
    "十九届五中全会": date(2020, 10, 26),
    "二十届三中全会": date(2024, 7, 15),
    "改革开放": date(1978, 12, 18),
    "新中国成立": date(1949, 10, 1),
    "建国": date(1949, 10, 1),
    "本世纪": date(2001, 1, 1),
    "新世纪": date(2001, 1, 1),
    "21世纪": date(2001, 1, 1),
}
"""First days of what 以来 counts from."""

SPRING_FESTIVALS: dict[int, tuple[int, int]] = {
    2010: (2, 14), 2011: (2, 3), 2012: (1, 23), 2013: (2, 10), 2014: (1, 31), 2015: (2, 19), 2016: (2, 8),
    2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22),
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
    2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip
"""Month and day of the lunar new year."""


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def months(year: int, first: int, last: int, grain: Grain, *, approximate: bool = False) -> Period:
    """Return whole months of one year, both inside.

    >>> months(2024, 1, 3, "quarter").end
    datetime.date(2024, 3, 31)
    """
    return Period(date(year, first, 1), last_day(year, last), grain, approximate)


def whole_year(year: int, *, approximate: bool = False) -> Period:
    """Return a calendar year."""
    return months(year, 1, 12, "year", approximate=approximate)


def years(first: int, last: int, *, approximate: bool = False) -> Period:
    """Return a run of calendar years, both inside."""
    return Period(date(first, 1, 1), date(last, 12, 31), "span", approximate)


def one_day(day: date, grain: Grain = "day", *, approximate: bool = False) -> Period:
    """Return a single day."""
    return Period(day, day, grain, approximate)


def plan_years(number: int) -> tuple[int, int]:
    """Return the first and last year of a five-year plan; between the second and the third lay three years.

    >>> plan_years(14)
    (2021, 2025)
    """
    first = 1951 + 5 * number if number > 2 else 1948 + 5 * number
    return first, first + 4


def shift_months(day: date, count: int) -> date:
    """Move a day by months, back to the last day of a month that is too short.

    >>> shift_months(date(2024, 2, 29), -12)
    datetime.date(2023, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), last_day(year, month + 1))


def next_month(day: date) -> date:
    """Return the first day of the month after."""
    return shift_months(day.replace(day=1), 1)


def shift_years(period: Period, count: int) -> Period:
    """Move a period by years; the end of a February stays its end."""
    return Period(_shift(period.start, count), _shift(period.end, count), period.grain, period.approximate)


def _shift(day: date | None, count: int) -> date | None:
    if day is None:
        return None
    moved = shift_months(day, 12 * count)
    ends_february = day.month == 2 and day == last_day(day.year, 2)
    return last_day(moved.year, 2) if ends_february else moved
