"""Find the day a document was written, where the document says so itself."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from govnews.normalize.period import parse_period
from govnews.normalize.values import Period

HEAD_LINES, TAIL_LINES = 8, 4
"""Where a document tells its date: its first lines and its last ones, blank ones not counted."""

LONGEST_LINE = 120
"""A longer line is running text."""

_NUMBER = "[0-9〇零○一二三四五六七八九十]"
_DAY = rf"(?:{_NUMBER}{{4}}年{_NUMBER}{{1,2}}月{_NUMBER}{{1,3}}日|" + (
    r"[0-9]{4}(?P<sign>[-/.])[0-9]{1,2}(?P=sign)[0-9]{1,2})"
)
_TIME = r"(?:[T ]*[0-9]{1,2}[:时][0-9]{1,2}(?:[:分][0-9]{0,2}秒?)?)?"
_DATELINES = tuple(
    re.compile(pattern.replace("DAY", f"(?P<day>{_DAY})"))
    for pattern in (
        r"(?:发布|发表|发稿|刊发|公开)(?:日期|时间)? ?[:丨|] ?DAY",
        r"(?:成文|印发|签发|报告)(?:日期|时间)? ?[:丨|] ?DAY",
        r"^(?:日期|时间) ?[:丨|] ?DAY",
        r"(?:来源|出处|作者|编辑|记者|通讯员).*?DAY",
        rf"^[(\[]?DAY{_TIME}[)\]]?(?= *(?:来源|出处|作者|编辑|字号|浏览|阅读|点击|$))",
        r"^[(\[—-]*DAY *(?:在|于).{2,60}上(?: .{2,12})?[)\]]?$",
        r"^[(\[—-]*DAY[^。,]{0,20}?(?:在|于)[^。,]{2,50}(?:会议|大会)[^。,]{0,30}(?:报告|讲话)[。.]?$",
        r"^[^。;!?]{2,60}[(\[]DAY[)\]]$",
        r"^[^。,;!?]{2,20} +DAY$",
    )
)
"""Lines that date a document, the surest first."""

_TITLE_DAY = re.compile(rf"(?P<day>{_DAY})")
_TITLE_DIGITS = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")


def find_date(text: str, title: str = "") -> date | None:
    r"""Return the document's own date, from its first and last lines or its title.

    A day in the running text is none, and a year alone (2024年政府工作报告) does not make one: then there is no date.

    >>> find_date("政府工作报告\n2025年1月15日在雨湖区第七届人民代表大会第四次会议上\n各位代表：")
    datetime.date(2025, 1, 15)
    """
    lines = [_plain(line) for line in _edges(text)]
    for pattern in _DATELINES:
        for line in lines:
            match = pattern.search(line)
            day = _read(match["day"]) if match else None
            if day:
                return day
    return _in_title(_plain(title[: 2 * LONGEST_LINE]))


def _edges(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    tail = lines[max(HEAD_LINES, len(lines) - TAIL_LINES) :]
    return [line for line in lines[:HEAD_LINES] + tail if len(line) <= LONGEST_LINE]


def _plain(line: str) -> str:
    line = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", line)).strip()
    return re.sub(r" ?([年月]) ?| (?=日)", r"\1", line)


def _in_title(title: str) -> date | None:
    match = _TITLE_DAY.search(title)
    if match:
        return _read(match["day"])
    digits = _TITLE_DIGITS.search(title)
    return _read("-".join(digits.groups())) if digits else None


def _read(text: str) -> date | None:
    period = parse_period(text)
    return period.start if isinstance(period, Period) and period.grain == "day" else None
