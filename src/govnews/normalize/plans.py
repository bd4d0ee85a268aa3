"""Where a report turns from what was done to what is planned."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date

MAX_HEADING = 40
LOOKS_AHEAD = 4
"""Texts written up to this month plan the year of writing; later ones the years after it."""

_YEAR = re.compile("(20[0-9]{2}) ?年")
_PLANS = re.compile("工作|目标|任务|重点|安排|打算|实事|计划|思路|要求")
_REVIEWS = re.compile("回顾|总结|成就|成效|完成情况|主要工作情况")
_AHEAD = re.compile("下一步|下一阶段|明年|今后|下半年")
_AIMED = re.compile("预期目标|目标(?:是|为|:|：)|力争")


class Plans:
    r"""Tell of the places in a text whether they are planned.

    A heading that names a year still to come with 工作, 目标, 任务 and the like (二、2025年工作安排) opens what is
    planned, up to one that looks back (2024年工作回顾).

    Args:
        text: The document.
        anchor: The day it was written; without one only headings such as 下一步工作 tell.

    >>> plans = Plans("2024年工作回顾\n建成3座。\n2025年工作安排\n建成5座。", date(2025, 1, 15))
    >>> [plans.cover(at) for at in (12, 28)]
    [False, True]
    """

    def __init__(self, text: str, anchor: date | None) -> None:
        self._starts: list[int] = []
        self._planned: list[bool] = []
        at = 0
        for line in text.split("\n"):
            if len(line) <= MAX_HEADING and "。" not in line and (planned := _judge(line, anchor)) is not None:
                self._starts.append(at)
                self._planned.append(planned)
            at += len(line) + 1

    def cover(self, offset: int) -> bool:
        """Whether what stands there is planned."""
        section = bisect_right(self._starts, offset) - 1
        return section >= 0 and self._planned[section]


def is_aimed_at(before: str) -> bool:
    """Whether the words of a sentence before a figure say that it and what is listed with it are aims.

    >>> is_aimed_at("主要预期目标是：地区生产总值增长5%，"), is_aimed_at("去年增长5%，")
    (True, False)
    """
    return _AIMED.search(before) is not None


def _judge(heading: str, anchor: date | None) -> bool | None:
    """Whether a line opens what is planned, what was done, or neither."""
    if _REVIEWS.search(heading):
        return False
    if not _PLANS.search(heading):
        return None
    if _AHEAD.search(heading):
        return True
    years = [int(year) for year in _YEAR.findall(heading)]
    if anchor is None or not (years or "今年" in heading):
        return None
    return max(years, default=anchor.year) >= anchor.year + (anchor.month > LOOKS_AHEAD)
