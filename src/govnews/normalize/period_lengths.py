"""Lengths that place a figure: 五年来, 近三年, 今后五年, 三年前."""

from __future__ import annotations

import re
from datetime import date, timedelta

from govnews.normalize.calendar_days import months, one_day, shift_months, whole_year
from govnews.normalize.period_frame import Frame
from govnews.normalize.period_parts import UnknownPeriod
from govnews.normalize.values import Period

_OPEN = re.compile(r"(?:近|多|近几|近些|这些|这几|几|几10|数|数10)[年月天](?:以?来)?|长期以来|一直以来")
_LENGTH = re.compile(
    r"(?P<lead>刚刚过去的|过去的?|最近的?|近|这|前|今后的?|未来的?|往后|此后|接下来的?|连续|连着)?"
    r"(?P<count>[0-9]{1,3}|半)(?P<more>多|余|几)?"
    r"(?P<unit>年|个月|天|周)(?P<half>半)?(?P<rest>多|余)?"
    r"(?P<tail>以来|来|间|里|内|之?前|以前|之?后|下来)?"
)
_AHEAD = ("今后", "未来", "往后", "此后", "接下")


def is_length(text: str) -> bool:
    """Whether the text is a length of time, with or without what places it."""
    return bool(_LENGTH.fullmatch(text))


def read_length(text: str, frame: Frame) -> Period | None:
    """Read a length as the time up to the day of writing, or from it on; `None` where the text is none.

    >>> read_length("5年来", Frame(date(2021, 2, 3), None)).start
    datetime.date(2016, 2, 3)
    """
    if _OPEN.fullmatch(text):
        return Period(None, frame.now(), "span", True)
    match = _LENGTH.fullmatch(text)
    if not match:
        return None
    lead, tail = match["lead"] or "", match["tail"] or ""
    if lead == "前":
        return _before(match, frame)
    if tail.endswith("前"):
        return _ago(match, frame)
    return _around_now(match, frame)


def _around_now(match: re.Match[str], frame: Frame) -> Period:
    lead, unit, tail = match["lead"] or "", match["unit"], match["tail"] or ""
    if tail.endswith("后"):
        raise UnknownPeriod("counts from something outside the expression")
    if unit in ("天", "周") and not lead.startswith(("过去", "最近", "近", *_AHEAD)):
        raise UnknownPeriod("a length of time that does not say when")
    if match[0][:-1].isdecimal() and int(match["count"]) > 20:
        raise UnknownPeriod("a year or a length of time")
    if match[0] == "这1年":
        return whole_year(frame.spoken_year or frame.report_year)
    now = frame.now()
    if lead.startswith(_AHEAD):
        return Period(now, _moved(now, match, 1), "span", True)
    return Period(_moved(now, match, -1), now, "span", True)


def _before(match: re.Match[str], frame: Frame) -> Period | None:
    """前五年: the years before those spoken of."""
    if match["unit"] == "个月" or match["count"] == "1":  # 前10个月 are the first ones of a year, 前一年 is a year
        return None
    previous = frame.previous
    if match["unit"] != "年" or previous is None or previous.start is None or previous.grain != "span":
        raise UnknownPeriod("comes before a period that is not known")
    return Period(_moved(previous.start, match, -1), previous.start - timedelta(days=1), "span", previous.approximate)


def _ago(match: re.Match[str], frame: Frame) -> Period:
    """三年前: a year, a month or a day of which only the distance is known."""
    if match["more"] or match["rest"] or match["count"] == "半":
        raise UnknownPeriod("does not say how long ago")
    then = _moved(frame.now(), match, -1)
    if match["unit"] == "年":
        return whole_year(then.year, approximate=True)
    if match["unit"] == "个月":
        return months(then.year, then.month, then.month, "month", approximate=True)
    return one_day(then, approximate=True)


def _moved(day: date, match: re.Match[str], sign: int) -> date:
    half = 6 if match["half"] else 0
    if match["count"] == "半":
        count, half = 0, 6
    else:
        count = int(match["count"])
    if match["unit"] == "年":
        return shift_months(day, sign * (12 * count + half))
    if match["unit"] == "个月":
        return shift_months(day, sign * count)
    return day + timedelta(days=sign * count * (7 if match["unit"] == "周" else 1))
