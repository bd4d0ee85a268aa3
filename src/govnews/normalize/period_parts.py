"""Parts of a year, still without the year: a month, a quarter, 年底, 国庆期间."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from govnews.normalize.calendar_days import SPRING_FESTIVALS, last_day
from govnews.normalize.values import Grain, Period

Scope = Literal["point", "stretch", "edge", "within"]
CLOCK = (
    r"(?:凌晨|清晨|早晨|早上|一大早|一早|早|上午|中午|午间|下午|午后|傍晚|晚间|晚上|晚|深夜|夜里|夜间)?"
    r"(?:[0-9]{1,2}(?:[时点](?:[0-9]{1,2}分?|半)?许?|:[0-9]{2}))?"
)
"""A part of the day, a clock time, both or none."""


class UnknownPeriod(Exception):  # noqa: N818 (a reason carried up to `parse_period`, no failure)
    """Say why an expression has no value."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a year.

    Args:
        first: Month and day it begins.
        last: Month and day it ends; day 0 is the last of the month, a month above 12 lies in the next year.
        grain: What the expression names.
        approximate: Whether its edges are vague.
        scope: How a year is found for it: a `point` has its nearest past, a `stretch` is spoken of when it is over,
            an `edge` (年底, 全年) belongs to the year reported on, `within` (年内) to the year of writing.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    grain: Grain
    approximate: bool = False
    scope: Scope = "point"

    def of(self, year: int) -> Period:
        """Return the part of this year.

        Raises:
            ValueError: The year has no such day.
        """
        carry, month = divmod(self.last[0] - 1, 12)
        end = date(year + carry, month + 1, self.last[1]) if self.last[1] else last_day(year + carry, month + 1)
        return Period(date(year, *self.first), end, self.grain, self.approximate)


@dataclass(frozen=True, slots=True)
class SpringFestival:
    """The lunar new year, or the days around it."""

    days: bool
    scope: Scope = "point"

    def of(self, year: int) -> Period:
        """Return the festival of this year.

        Raises:
            UnknownPeriod: The table has no such year.
        """
        if year not in SPRING_FESTIVALS:
            raise UnknownPeriod(f"the lunar new year of {year} is in no table")
        day = date(year, *SPRING_FESTIVALS[year])
        return Period(day, day + timedelta(days=6), "span", True) if self.days else Period(day, day, "day")


def _months(first: int, last: int, grain: Grain, *, approximate: bool = False, scope: Scope = "stretch") -> Part:
    return Part((first, 1), (last, 0), grain, approximate, scope)


_FIXED: dict[str, Part] = {
    "全年": _months(1, 12, "year", scope="edge"),
    "年内": _months(1, 12, "year", scope="within"),
    "年初": _months(1, 1, "month", approximate=True, scope="edge"),
    "年中": _months(6, 7, "span", approximate=True, scope="edge"),
    "年底": _months(12, 12, "month", approximate=True, scope="edge"),
    "上半年": _months(1, 6, "half"),
    "下半年": _months(7, 12, "half"),
    "春": _months(3, 5, "span", approximate=True, scope="point"),
    "夏": _months(6, 8, "span", approximate=True, scope="point"),
    "秋": _months(9, 11, "span", approximate=True, scope="point"),
    "冬": Part((12, 1), (14, 0), "span", True),
}
_SAME = {"整年": "全年", "全年度": "全年", "年末": "年底", "年终": "年底", "开年": "年初", "上半年度": "上半年"}
_AFTER_YEAR = {"初": "年初", "中": "年中", "底": "年底", "末": "年底", "内": "年内", "终": "年底"}
_DECADS: dict[str, tuple[int, int, bool]] = {
    "上旬": (1, 10, False),
    "中旬": (11, 20, False),
    "下旬": (21, 0, False),
    "上中旬": (1, 20, False),
    "中下旬": (11, 0, False),
    "初": (1, 10, True),
    "中": (11, 20, True),
    "底": (21, 0, True),
    "末": (21, 0, True),
}
_FEASTS: dict[str, tuple[int, int, int]] = {"元旦": (1, 1, 3), "五一": (5, 1, 5), "劳动": (5, 1, 5), "国庆": (10, 1, 7)}

_MONTH = re.compile(r"([0-9]{1,2})月(?:份|当月)?")
_DECAD = re.compile(r"([0-9]{1,2})月份?(上中旬|中下旬|上旬|中旬|下旬|初|中|底|末)")
_DAY = re.compile(rf"([0-9]{{1,2}})月([0-9]{{1,2}})[日号]?({CLOCK})")
_QUARTER = re.compile(r"第?([1-4])季度?|(首季)度?")
_FIRST_QUARTERS = re.compile(r"[前头]([234])个?季度")
_FIRST_MONTHS = re.compile(r"[前头]([0-9]{1,2})个?月份?")
_SEASON = re.compile(r"([春夏秋冬])[天季]?")
_FEAST = re.compile(r"(元旦|五一|劳动|国庆|春节)节?(期间|假期|假日|长假|黄金周|7天|七天)*")


def read_part(text: str, *, dated: bool) -> Part | SpringFestival | None:
    """Read what names a part of a year; `dated` tells that a year stands before it, so that 底 is 年底.

    >>> read_part("3季度", dated=False).of(2024).start
    datetime.date(2024, 7, 1)
    """
    fixed = _FIXED.get(_SAME.get(text, _AFTER_YEAR.get(text, text) if dated else text))
    if fixed:
        return fixed
    for pattern, make in _READERS:
        match = pattern.fullmatch(text)
        if match:
            return make(match)
    return None


def _month(match: re.Match[str]) -> Part:
    month = _month_number(match[1])
    return _months(month, month, "month", scope="point")


def _decad(match: re.Match[str]) -> Part:
    month = _month_number(match[1])
    first, last, approximate = _DECADS[match[2]]
    return Part((month, first), (month, last), "span", approximate)


def _day(match: re.Match[str]) -> Part:
    day = _month_number(match[1]), int(match[2])
    if not 1 <= day[1] <= 31:
        raise UnknownPeriod(f"no month has a day {match[2]}")
    return Part(day, day, "time" if match[3] else "day")


def _quarter(match: re.Match[str]) -> Part:
    number = int(match[1] or 1)
    return _months(3 * number - 2, 3 * number, "quarter")


def _feast(match: re.Match[str]) -> Part | SpringFestival:
    if match[1] == "春节":
        return SpringFestival(days=bool(match[2]))
    month, day, last = _FEASTS[match[1]]
    return Part((month, day), (month, last), "span", True) if match[2] else Part((month, day), (month, day), "day")


def _month_number(digits: str) -> int:
    if not 1 <= int(digits) <= 12:
        raise UnknownPeriod(f"no year has a month {digits}")
    return int(digits)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Part | SpringFestival]], ...] = (
    (_MONTH, _month),
    (_DECAD, _decad),
    (_DAY, _day),
    (_QUARTER, _quarter),
    (_FIRST_QUARTERS, lambda match: _months(1, 3 * int(match[1]), "span")),
    (_FIRST_MONTHS, lambda match: _months(1, _month_number(match[1]), "span")),
    (_SEASON, lambda match: _FIXED[match[1]]),
    (_FEAST, _feast),
)
