"""What a figure in a text is, and the fixed expressions that are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from govnews.normalize.numerals import DIGITS, NUMERAL, plain, read_numeral
from govnews.normalize.units import UNITS, Unit
from govnews.normalize.values import Bound
from govnews.normalize.wording import AFTER, BEFORE, one_of

PERCENT = UNITS["%"]
TIMES = UNITS["倍"]
RANK = UNITS["位次"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it stands in a folded text.

    Args:
        start: Where it begins, with its approximating words.
        end: Where it ends, with unit and 以上.
        values: The stated number in `unit`, or the two ends of a range; empty where it cannot be read.
        unit: `None` where the number has no unit that is known.
        classifier: The unit as written.
        bound: From the words on either side.
        rank: Whether it is a place (第三, 前十, 百强).
        per: Canonical unit behind a slash, with the slash.
        change: Word of change that is part of it (两位数增长, 翻番).
        reason: Why it cannot be read.
    """

    start: int
    end: int
    values: tuple[Decimal, ...]
    unit: Unit | None = None
    classifier: str = ""
    bound: Bound = "exact"
    rank: bool = False
    per: str = ""
    change: str = ""
    reason: str = ""


# 签约, 最近, 通过, 网上 are no approximation.
BEFORE_WORD = (
    rf"(?:(?<![签节预合条契履解制])约|(?<![最附就])近|(?<![通经])过|(?<![以网线路海])上(?=[百千万亿])|"
    rf"{one_of([word for word in BEFORE if word not in ('约', '近', '过', '上')])})"
)

_RATIO = re.compile(r"\d+(?:\.\d+)?(?::\d+(?:\.\d+)?)+")
_DOUBLING = re.compile(rf"翻(?:了|{BEFORE_WORD})*(?P<n>{NUMERAL})?番(?P<half>半)?(?P<after>{one_of(AFTER)})?")
_TWO_DIGITS = re.compile(r"(?P<n>[一两二三四个])位数(?:的?(?P<change>增长|增速|增幅|下降|降幅))?")
_IN_A_ROW = re.compile(rf"(?P<n>{NUMERAL})(?P<unit>连[丰增涨降冠胜升调])")
_HALF = re.compile(rf"(?P<over>过半|一多半|大半)|(?P<words>{BEFORE_WORD})?(?:一半|半数)(?P<after>{one_of(AFTER)})?")


def find_idioms(text: str) -> Iterator[Figure]:
    """Find the figures of a folded text that are fixed expressions: 翻一番, 两位数增长, 十九连丰, 过半, 3:1."""
    for match in _RATIO.finditer(text):
        parts = [Decimal(part) for part in match[0].split(":")] if len(match[0]) < 40 else []
        if len(parts) == 2 and parts[1] == 1:
            yield Figure(*match.span(), (plain(parts[0]),), TIMES)
        else:
            yield Figure(*match.span(), (), reason="a proportion of several numbers")
    for match in _DOUBLING.finditer(text):
        times = read_numeral(match["n"]) if match["n"] else Decimal(1)
        if times is None or match["half"] or times > 9 or times != times.to_integral_value():
            yield Figure(*match.span(), (), reason="not doubled a whole number of times")
        else:
            words = [word for word in BEFORE if word in match[0]]
            bound = BEFORE[words[0]] if words else _bound_after(match["after"])
            yield Figure(*match.span(), (2 ** Decimal(times) - 1,), TIMES, bound=bound, change="增长")
    for match in _TWO_DIGITS.finditer(text):
        digits = 1 if match["n"] in "一个" else int(DIGITS[match["n"]])
        low, high = Decimal(10) ** (digits - 1) if digits > 1 else Decimal(0), Decimal(10) ** digits
        yield Figure(*match.span(), (low, high), PERCENT, bound="range", change=match["change"] or "")
    for match in _IN_A_ROW.finditer(text):
        if (value := read_numeral(match["n"])) is not None:
            yield Figure(*match.span(), (value,), Unit("count", "item"), match["unit"])
    for match in _HALF.finditer(text):
        bound = "over" if match["over"] else BEFORE.get(match["words"] or "", _bound_after(match["after"]))
        yield Figure(*match.span(), (Decimal(50),), PERCENT, bound=bound)


def _bound_after(word: str | None) -> Bound:
    return AFTER[word] if word else "exact"
