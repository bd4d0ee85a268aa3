"""What a figure or a date says, as plain values.

What cannot be read is an `Unreadable` with its reason: nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["amount", "count", "percent", "share", "rank", "duration", "multiple"]
Direction = Literal["up", "down"]
Bound = Literal["exact", "about", "nearly", "over", "at_least", "at_most", "range"]
Status = Literal["achieved", "forecast", "target"]
Grain = Literal["time", "day", "month", "quarter", "half", "year", "span"]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a figure or a date has no value; false, so that `if quantity:` reads well."""

    reason: str

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with what it measures.

    Args:
        indicator: What is measured or counted, the text without the figure; empty where the figure stands alone.
        kind: `percent` is a change in percent or percentage points, `share` a level in percent.
        value: The stated figure in `unit`, negative where a change falls; `None` for a range.
        low: The least it can be; `None` where it is open (近2万: at most 20,000).
        high: The most it can be; `None` where it is open (超20万: more than 200,000).
        unit: Canonical: `CNY`, `t`, `ha`, `m2`, `person`, `%`, `pp` (percentage points), …; `item` with its
            `classifier`.
        classifier: The measure word as written, where things are counted (家, 个, 项).
        direction: Set where the figure is a change, not a level.
        bound: How the statement bounds the value: 约 is `about`, 近 `nearly`, 超 余 多 `over`, 以上 `at_least`,
            以内 `at_most`.
        before: The value a change started from (由66户整合至12户: 66).
        status: `forecast` or `target` where the words around say so (预计, 力争).
        basis: What it is relative to, as written: 同比, 高于全市; 全省 of 全省第三; 去年 of 是去年的3倍.
    """

    indicator: str
    kind: Kind
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    classifier: str = ""
    direction: Direction | None = None
    bound: Bound = "exact"
    before: Decimal | None = None
    status: Status = "achieved"
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """When: both days belong to it.

    Args:
        start: First day; `None` where the expression leaves it open.
        end: Last day.
        grain: What the expression names: a day, a month, …; `span` for a run of them (1至11月, 今年以来, “十四五”期间).
        approximate: Whether the expression is vague about its edges (年初, 月底, 多年来, 近三年).
    """

    start: date | None
    end: date | None
    grain: Grain
    approximate: bool = False
