"""Read the expression of a date as a period.

The text is first written in one way (`period_text`); then a few rules try it in turn, each for one kind of
expression. What the expression leaves out comes from the day of writing and the period spoken of before
(`period_frame`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from govnews.normalize.calendar_days import EVENTS, one_day, plan_years, shift_years, whole_year, years
from govnews.normalize.period_frame import DAY_WORDS, YEAR_WORDS, Frame
from govnews.normalize.period_lengths import is_length, read_length
from govnews.normalize.period_parts import CLOCK, UnknownPeriod, read_part
from govnews.normalize.period_text import SEPARATOR, plain_date
from govnews.normalize.values import Period, Unreadable

LONGEST = 60
"""No date is longer."""

_YEAR = re.compile(
    rf"(?P<year>[12][0-9]{{3}}年?|[0-9]{{2}}年(?=[0-9]{{1,2}}月|[初底末]|[上下]半年|第?[0-9]季度)|{YEAR_WORDS})度?年?(?P<rest>.*)"
)
_MONTH_WORD = re.compile(r"(?P<word>[本上下]个?月|[当同次]月)份?(?P<rest>.*)")
_DAY_WORD = re.compile(rf"(?P<word>{DAY_WORDS})(?P<clock>{CLOCK})")
_BARE_DAY = re.compile(rf"(?P<day>[0-9]{{1,2}})[日号](?P<clock>{CLOCK})")
_WEEK = re.compile(r"(?P<word>[本上下这])个?周")
_PLAN = re.compile(
    r"(?P<number>十?[一二三四五六七八九十])五(?:规划)?(?P<part>期间|时期|初期?|末期?|开局之年|收官之年)?"
)
_CENTURY = re.compile(
    r"(?P<century>上个?世纪|本世纪|[12][0-9]世纪)(?:(?P<decade>[0-9]0)年代)?(?P<part>初期?|中期?|末期?)?"
)
_DECADE = re.compile(r"(?P<decade>[5-9]0)年代(?P<part>初期?|中期?|末期?)?")
_SAME = re.compile(rf"(?P<year>[12][0-9]{{3}}年|{YEAR_WORDS})?同期")
_SINCE = re.compile(r"(?P<start>.+?)以?来")
_LOOSE = re.compile(
    r"(?P<core>.+?)(?P<end>前后|左右|期间|时期|之间|间|里|(?<=[年月日号底末初旬])(?:之?前|以前)|之?内|起|止)"
)
_EVENT = re.compile(r"(?:期间|以来|[前后])$")
_NUMERALS = {digit: value for value, digit in enumerate("一二三四五六七八九十", start=1)}


def parse_period(
    text: str, *, anchor: date | None = None, previous: Period | None = None, ahead: bool = False
) -> Period | Unreadable:
    """Read the span of a date.

    A year that is not said is taken from `previous` where that is the year of writing, or the next, or begins a story
    that goes on (3月12日…，5月…): see `Frame.place`. Else the day of writing decides: texts up to April look back on
    the year before (9月 and 全年 are last year's there), later ones speak of their own year, also of what is to come.

    Args:
        text: The expression alone: 今年以来, 1至11月, “十四五”末.
        anchor: The day of writing.
        previous: The period last read in the same paragraph.
        ahead: Whether the words around speak of what is to come (力争, 将, 确保): the nearest future then decides.

    Returns:
        The period, or why there is none. No string raises.

    >>> parse_period("去年9月", anchor=date(2024, 12, 20))
    Period(start=datetime.date(2023, 9, 1), end=datetime.date(2023, 9, 30), grain='month', approximate=False)
    """
    if len(text) > LONGEST:
        return Unreadable(f"longer than {LONGEST} characters, no date")
    try:
        period = _read(plain_date(text), Frame(anchor, previous, ahead))
    except UnknownPeriod as reason:
        return Unreadable(f"{text}: {reason}")
    except (ValueError, OverflowError):
        return Unreadable(f"{text}: the calendar has no such day")
    if period is None:
        event = _EVENT.search(text)
        return Unreadable(f"{text}: {'says around which event, not when' if event else 'names no day, month or year'}")
    return period


def _read(text: str, frame: Frame) -> Period | None:
    for rule in _RULES:
        period = rule(text, frame)
        if period is not None:
            return period
    return None


def _named_range(text: str, frame: Frame) -> Period | None:
    """1至11月, 2019—2023年, 3月5日至7日: the left end lends its month and year, the right one its unit."""
    left, separator, right = text.partition(SEPARATOR)
    if not separator:
        return None
    if right in ("今", "目前", "现在"):
        return _from(left, frame)
    if not left or not right or SEPARATOR in right:
        raise UnknownPeriod("is no range of two ends")
    right_unit = re.search(r"[0-9](年|月份?|日|号|季度)$", right)
    if left[-1].isdecimal() and right_unit:
        left += right_unit[1]
    month = re.search(r"([0-9]{1,2})月[0-9]{1,2}[日号]", left)
    if month and re.match(r"[0-9]{1,2}[日号]", right):
        right = f"{month[1]}月{right}"
    if is_length(left) or is_length(right):
        raise UnknownPeriod("is a length of time between two")
    right_year = _YEAR.fullmatch(right)
    if right_year and read_part(left, dated=False):
        last = _read(right, frame)
        return _joined(_left_end(left, last), last)
    first = _read(left, frame)
    return _joined(first, _right_end(left, right, first, frame))


def _joined(first: Period | None, last: Period | None) -> Period:
    if first is None or last is None:
        raise UnknownPeriod("has an end that names no day, month or year")
    if first.start is None or last.end is None or first.start > last.end:
        raise UnknownPeriod("ends before it begins")
    return Period(first.start, last.end, "span", first.approximate or last.approximate)


def _left_end(left: str, last: Period | None) -> Period | None:
    """11月至明年3月: the left end is the last such time before the right one."""
    part = read_part(left, dated=False)
    if part is None or last is None or last.start is None:
        return None
    first = part.of(last.start.year)
    before = first.start is not None and first.start <= last.start
    return first if before else part.of(last.start.year - 1)


def _right_end(left: str, right: str, first: Period | None, frame: Frame) -> Period | None:
    """The right end of a range takes the year of the left one, or the next where a winter lies between."""
    part = read_part(right, dated=False)
    if part is None or first is None or first.start is None:
        return _read(right, replace(frame, previous=first))
    last = part.of(first.start.year)
    over_new_year = last.end is not None and last.end < first.start and not _YEAR.fullmatch(left)
    return part.of(first.start.year + 1) if over_new_year else last


def _since(text: str, frame: Frame) -> Period | None:
    match = _SINCE.fullmatch(text)
    return _from(match["start"], frame) if match else None


def _from(name: str, frame: Frame) -> Period | None:
    """From the beginning of what is named to the day of writing."""
    event = EVENTS.get(name.removeprefix("党的").removeprefix("进入").removesuffix("召开"))
    begun = one_day(event) if event else _read("今年初" if name in ("年初", "开年") else name, frame)
    if begun is None or begun.start is None:
        return None
    if begun.start > frame.now():
        raise UnknownPeriod("begins after the day of writing")
    return Period(begun.start, frame.now(), "span", begun.approximate)


def _plan(text: str, frame: Frame) -> Period | None:
    match = _PLAN.fullmatch(text)
    if not match:
        return None
    tens, ones = match["number"][:-1], match["number"][-1]
    number = _NUMERALS[ones] + (10 if tens else 0)
    if number > 15:
        raise UnknownPeriod("no such five-year plan")
    first, last = plan_years(number)
    part = match["part"] or ""
    if part.startswith("初") or part == "开局之年":
        return whole_year(first, approximate=part != "开局之年")
    if part.startswith("末") or part == "收官之年":
        return whole_year(last, approximate=part != "收官之年")
    return years(first, last)


def _century(text: str, frame: Frame) -> Period | None:
    match = _CENTURY.fullmatch(text) or _DECADE.fullmatch(text)
    if not match:
        return None
    named = match.groupdict()
    century = named.get("century") or "20世纪"
    number = {"上": 20, "本": 21}.get(century[0]) or int(century[:2])
    part = (match["part"] or " ")[0]
    if match["decade"]:
        first = 100 * (number - 1) + int(match["decade"])
        edges = {"初": (0, 3), "中": (4, 6), "末": (7, 9)}.get(part, (0, 9))
    else:
        first = 100 * (number - 1) + 1
        edges = {"初": (0, 9), "中": (40, 59), "末": (90, 99)}.get(part, (0, 99))
    return years(first + edges[0], first + edges[1], approximate=part != " ")


def _same_period(text: str, frame: Frame) -> Period | None:
    match = _SAME.fullmatch(text)
    if not match:
        return None
    previous = frame.previous
    if previous is None or previous.start is None or previous.end is None:
        raise UnknownPeriod("compares with a period said before")
    if not match["year"]:
        return previous
    year = previous.end.year - 1 if match["year"] in ("上年", "上1年") else frame.year(match["year"])
    return shift_years(previous, year - previous.end.year)


def _beside(text: str, frame: Frame) -> Period | None:
    """今天上午, 当天, 上月底, 本周, 当季: beside the day of writing or what was said before."""
    if text in ("当季", "该季度"):
        return frame.quarter()
    if text in ("期末", "报告期末"):
        return frame.edge(text)
    day = _DAY_WORD.fullmatch(text)
    if day and (day["clock"] or len(day["word"]) > 1):
        return one_day(frame.day(day["word"]), "time" if day["clock"] else "day")
    month = _MONTH_WORD.fullmatch(text)
    if month:
        first = frame.month(month["word"])
        part = read_part(f"{first.month}月{month['rest']}", dated=True)
        return part.of(first.year) if part else None
    week = _WEEK.fullmatch(text)
    if week:
        monday = frame.now() - timedelta(days=frame.now().weekday())
        monday += timedelta(days=7 * {"上": -1, "下": 1}.get(week["word"], 0))
        return Period(monday, monday + timedelta(days=6), "span")
    return None


def _in_month(text: str, frame: Frame) -> Period | None:
    """24日上午, 当晚8时, 5时20分: the month or the day was said before."""
    day = _BARE_DAY.fullmatch(text)
    if day:
        return one_day(frame.day_of_month(int(day["day"])), "time" if day["clock"] else "day")
    if text and re.fullmatch(CLOCK, text):
        return one_day(frame.spoken_day("a time"), "time")
    return None


def _in_year(text: str, frame: Frame) -> Period | None:
    part = read_part(text, dated=False)
    if part:
        return frame.place(part)
    match = _YEAR.fullmatch(text)
    if not match:
        return None
    word, rest = match["year"], match["rest"]
    if word.isdecimal() and rest and not rest.startswith("年"):
        return None
    if not rest:
        return whole_year(frame.year(word)) if len(word) > 1 else None
    part = read_part(rest, dated=len(word) > 1 or rest in ("春", "夏", "秋", "冬")) or read_part(
        "年" + rest, dated=True
    )
    return part.of(frame.year(word)) if part else None


def _loose(text: str, frame: Frame) -> Period | None:
    """Read without 前后, 期间 and what else may close a date."""
    match = _LOOSE.fullmatch(text)
    if not match:
        return None
    period = _read(match["core"], frame)
    if period is None:
        return None
    return replace(period, approximate=True) if match["end"] in ("前后", "左右") else period


_RULES: tuple[Callable[[str, Frame], Period | None], ...] = (
    read_length,
    _plan,
    _century,
    _same_period,
    _beside,
    _in_month,
    _in_year,
    _named_range,
    _since,
    _loose,
)
