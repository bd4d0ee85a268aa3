"""Read a figure and its indicator."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from govnews.normalize.figures import ends, find_figures, name_unit
from govnews.normalize.idioms import TIMES, Figure
from govnews.normalize.numerals import NUMERAL, fold
from govnews.normalize.units import CLASSIFIERS, UNITS, Unit
from govnews.normalize.values import Bound, Direction, Kind, Quantity, Unreadable
from govnews.normalize.wording import (
    CHANGE_START,
    PLACE_END,
    RANK_SCOPE,
    TARGET_VERB,
    WINDOW,
    one_of,
    read_front,
    read_status,
)

MAX_LENGTH = 400
"""A longer text is no figure with its indicator, and is not searched."""

_EACH = one_of(["常住人口", "人口", "居民", *UNITS, *CLASSIFIERS])
_PER_EACH = re.compile(rf"每(?P<unit>(?:{NUMERAL})?(?:{_EACH}|[\u4e00-\u9fff]))(?:拥有|有)?")
_FROM = re.compile(r"(?:由|从|自)(?P<then>[^由从自，]{0,10})$")
_TO = re.compile(r"^[^，。；]{0,14}(?:到|至|为|成|达)了?$")
_AND = re.compile(r"(?:、|和|及|以及|与)$")
_NOTE = re.compile(r"^\([^()]*\)")
_TIMES_OF = re.compile(r"(?:相当于|达到|[是为达占])(?P<base>[^是为达占]{1,12})的$")


def parse_quantity(text: str, *, before: str = "") -> Quantity | Unreadable:
    """Read a METRIC span.

    The figure is the one that closes the span (投资2000万元以上项目达34个), else the one that opens it
    (82个产值过10亿元的增长点), else the last with a unit.

    Args:
        text: The span as the guidelines cut it.
        before: The sentence left of it; forecast and target words directly in front are read.

    Returns:
        What it says, or why it cannot be read; never an exception.

    >>> quantity = parse_quantity("成交额下降6.2%")
    >>> quantity.indicator, quantity.kind, quantity.value, quantity.direction
    ('成交额', 'percent', Decimal('-6.2'), 'down')
    """
    if len(text) > MAX_LENGTH:
        return Unreadable(f"longer than {MAX_LENGTH} characters")
    folded = fold(text)
    figures = find_figures(folded)
    at = _choose(figures, folded)
    if at is None:
        return Unreadable(f"no figure in {text!r}")
    figure = figures[at]
    front_end, start, then = figure.start, None, ""
    if at and (origin := _origin(folded, figures[at - 1], figure)):
        start = figures[at - 1]
        front_end, then = origin
        figure, start = _share_unit(figure, start)
    if figure.reason:
        return Unreadable(figure.reason)
    parts = _Parts(text, folded, figure, front_end, then)
    listed = _listed(fold(before[-WINDOW:])) if figure.start == 0 and ends(figure, folded) else None
    quantity = parts.rank() if figure.rank else parts.measure(listed)
    if isinstance(quantity, Unreadable):
        return quantity
    stated = start.values[0] if start is not None and len(start.values) == 1 else None
    status = "target" if TARGET_VERB.search(folded[: figure.start]) else read_status(fold(before[-WINDOW:]))
    return replace(quantity, before=stated, status=status)


def _choose(figures: list[Figure], text: str) -> int | None:
    if not figures:
        return None
    closing = [at for at, figure in enumerate(figures) if ends(figure, text)]
    if closing:
        return closing[-1]
    if figures[0].start == 0:
        return 0
    return max((at for at, figure in enumerate(figures) if figure.unit), default=len(figures) - 1)


def _origin(text: str, first: Figure, second: Figure) -> tuple[int, str] | None:
    """Find where a change between two values begins, and the words before its first value."""
    if not _TO.match(text[first.end : second.start]):
        return None
    if found := _FROM.search(text[: first.start]):
        return found.start(), found["then"]
    return (0, "") if first.start == 0 else None


def _listed(before: str) -> Direction | None:
    """Read the change that a list gives its later figures: 13.1% of 分别增长12.5%、13.1%."""
    for figure in reversed(find_figures(before)):
        if not _AND.fullmatch(before[figure.end :]):
            return None
        before = before[: figure.start]
        if not _AND.search(before):
            return read_front(before).direction
    return None


def _share_unit(figure: Figure, first: Figure) -> tuple[Figure, Figure | None]:
    """Give the second value the unit that only the first names (由21.8%下降到零), and the other way."""
    if first.unit and (figure.unit is None or (figure.classifier == "个" and first.classifier.startswith("个"))):
        values = tuple(value * first.unit.factor for value in figure.values)
        return replace(figure, unit=first.unit, classifier=first.classifier, values=values), first
    if first.unit is None and figure.unit and not first.rank:
        return figure, replace(first, values=tuple(value * figure.unit.factor for value in first.values))
    same = first.unit and figure.unit and (first.unit.name, first.rank) == (figure.unit.name, figure.rank)
    return figure, first if same or first.unit is figure.unit else None


class _Parts:
    """A span cut around its figure: words in front, figure, words behind."""

    def __init__(self, text: str, folded: str, figure: Figure, front_end: int, then: str) -> None:
        self.figure = figure
        self.front, self.folded_front = text[:front_end], folded[:front_end]
        note = _NOTE.match(folded[figure.end :])
        behind = figure.end + (note.end() if note else 0)
        self.back, self.folded_back = text[behind:], folded[behind:]
        self.per = figure.per
        for match in reversed(list(_PER_EACH.finditer(self.folded_front))):
            self._cut(match)
            self.per = "/" + name_unit(match["unit"]) + self.per
        for match in _PER_EACH.finditer(then):
            self.per += "/" + name_unit(match["unit"])

    def _cut(self, match: re.Match[str]) -> None:
        self.front = self.front[: match.start()] + self.front[match.end() :]
        self.folded_front = self.folded_front[: match.start()] + self.folded_front[match.end() :]

    def rank(self) -> Quantity:
        """Read a place: the indicator, and among whom it holds."""
        front = self.folded_front
        if found := RANK_SCOPE.search(front):
            indicator, basis = front[: found.start()], found["scope"]
            if not indicator and front.startswith(("排名", "排位")):
                indicator = front[:2]
        elif found := PLACE_END.search(front):
            indicator, basis = front[: found.start()], found["scope"]
        else:
            indicator, basis = front, ""
        indicator = _FROM.sub("", read_front(indicator).rest)
        figure = self.figure
        low, high = figure.values[0], figure.values[-1]
        value = low if figure.bound != "range" else None
        unit = figure.unit.name if figure.unit else "rank"
        classifier = figure.classifier if unit == "rank" else ""
        return Quantity(
            _tidy(self.front[: len(indicator)] + self.back), "rank", value, low, high, unit, classifier,
            bound=figure.bound, basis=_tidy(basis),
        )  # fmt: skip

    def measure(self, listed: Direction | None) -> Quantity | Unreadable:
        """Read an amount, count, share, change, duration or multiple."""
        figure = self.figure
        unit = figure.unit or Unit("count" if _tidy(self.back) else "amount", "item" if _tidy(self.back) else "")
        front, base = self.folded_front, ""
        if unit == TIMES and (found := _TIMES_OF.search(front)):
            front, base = front[: found.start()], found["base"]
        rest, direction, against = read_front(front, points=unit.name == "pp")
        back, folded_back = self.back, self.folded_back
        if direction is None and unit.name == "%" and (change := CHANGE_START.match(folded_back)):
            direction = "up" if change["up"] else "down"
            back = back[change.end() :]
        if unit.name == "%":
            direction = direction or listed
        if figure.change:
            direction = "down" if figure.change in {"下降", "降幅"} else "up"
        if figure.values[0] < 0 and direction == "down":
            return Unreadable("a fall by less than nothing")
        if figure.values[0] < 0 and direction == "up":
            direction, figure = "down", replace(figure, values=tuple(-value for value in figure.values))
        indicator = _tidy(self.front[: len(rest)]) + _tidy(back)
        kind: Kind = unit.kind
        if kind == "share" and direction:
            kind = "percent"
        elif unit.name == "" and indicator.endswith("比"):
            kind, unit = "multiple", TIMES
        classifier = figure.classifier if unit.name == "item" else ""
        value, low, high = _limits(figure.values, figure.bound, direction)
        return Quantity(
            indicator, kind, value, low, high, unit.name + self.per, classifier, direction, figure.bound,
            basis=base or against,
        )  # fmt: skip


def _limits(
    values: tuple[Decimal, ...], bound: Bound, direction: Direction | None
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Work out value, low and high; the bound is one of the size of a change, so a fall turns it round."""
    value: Decimal | None = values[0] if len(values) == 1 else None
    low = values[0] if bound in {"exact", "range", "over", "at_least"} else None
    high = values[-1] if bound in {"exact", "range", "nearly", "at_most"} else None
    if direction == "down":
        low, high = None if high is None else -high, None if low is None else -low
        value = None if value is None else -value
    return value, low, high


def _tidy(text: str) -> str:
    return text.strip(" \t\u3000的，、：:；;。,")
