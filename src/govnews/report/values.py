"""Write the value and the period of a fact as people read them."""

from __future__ import annotations

from datetime import date, timedelta

from govnews.facts import Fact
from govnews.normalize import units

UNITS = {unit.name: word for word, unit in reversed(units.UNITS.items()) if unit.factor == 1} | {
    "item": "",
    "rank": "位",
}
SIGNS = {"about": "≈ ", "nearly": "≲ ", "over": "> ", "at_least": "≥ ", "at_most": "≤ "}
ARROWS = {"up": "▲ ", "down": "▼ "}


def show_value(fact: Fact) -> str:
    """The figure of a fact, short.

    >>> show_value(Fact("a", "资金26.54亿元", "", 0, 8, value=2654000000, unit="CNY", bound="over"))
    '> 26.54亿元'
    >>> show_value(Fact("a", "下降3.2%", "", 0, 5, value=-3.2, unit="%", direction="down"))
    '▼ 3.2%'
    """
    name = fact.classifier or UNITS.get(fact.unit or "", fact.unit or "")
    low, high = fact.low, fact.high
    if fact.value is not None:
        value = abs(fact.value) if fact.direction == "down" else fact.value
        number = f"{SIGNS.get(fact.bound or '', '')}{show_number(value)}"
    elif low is not None and high is not None:
        number = f"{show_number(low)}–{show_number(high)}"
    elif low is not None or high is not None:
        number = f"≥ {show_number(low)}" if low is not None else f"≤ {show_number(high or 0)}"
    else:
        return ""
    place = "第 " if fact.kind == "rank" and not fact.direction else ""
    before = "" if fact.before is None else f"{show_number(fact.before)} → "
    return f"{ARROWS.get(fact.direction or '', '')}{before}{place}{number}{name}"


def show_number(value: float) -> str:
    """A number in 万 and 亿, as Chinese counts.

    >>> [show_number(number) for number in (0.5, 3700, 12000, 2654000000, 1400000000000)]
    ['0.5', '3700', '1.2万', '26.54亿', '1.4万亿']
    """
    for size, name in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")):
        if abs(value) >= size:
            return f"{value / size:.10g}{name}"
    return f"{value:.10g}"


def show_period(fact: Fact) -> str:
    """The days of a fact's period, as short as they can be said.

    >>> year = Fact("a", "", "", 0, 0, period_start="2024-01-01", period_end="2024-12-31")
    >>> months = Fact("a", "", "", 0, 0, period_start="2024-01-01", period_end="2024-11-30", period_approximate=True)
    >>> show_period(year), show_period(months)
    ('2024', '≈ 2024-01 – 2024-11')
    """
    start = fact.period_start and date.fromisoformat(fact.period_start)
    end = fact.period_end and date.fromisoformat(fact.period_end)
    if not start or not end:
        return f"– {end}" if end else f"{start} –" if start else ""
    last = end + timedelta(days=1) if end < date.max else end
    if start.day == last.day == 1:
        first, until = start.isoformat()[:7], end.isoformat()[:7]
        if start.month == last.month == 1:
            first, until = first[:4], until[:4]
    else:
        first, until = start.isoformat(), end.isoformat()
    return f"{'≈ ' if fact.period_approximate else ''}{first if first == until else f'{first} – {until}'}"
