"""One row a figure: which body reports what, in which programme, with which value, when."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

from govnews.normalize.body import find_body
from govnews.normalize.document import find_anchor, read_periods, read_quantities
from govnews.normalize.plans import Plans
from govnews.normalize.values import Period, Quantity, Unreadable
from govnews.records import MAX_CONTEXT, Document, Entity, Relation, SentenceIndex

CARRIES = re.compile("[，、,（(](?:[比较][^，。；、]{1,8})?")  # between a figure and its change: ，较上年
OPENS = frozenset("，；。！？：“在由\n \u3000")  # before a body that acts, not one that is acted on
LISTED = ("、", "等")

FIELDS: Mapping[str, type] = MappingProxyType(
    {
        "document": str,
        "organisation": str,
        "organisation_source": str,
        "programme": str,
        "indicator": str,
        "indicator_source": str,
        "value": float,
        "low": float,
        "high": float,
        "unit": str,
        "classifier": str,
        "kind": str,
        "direction": str,
        "bound": str,
        "before": float,
        "status": str,
        "status_source": str,
        "basis": str,
        "period": str,
        "period_start": str,
        "period_end": str,
        "grain": str,
        "period_approximate": bool,
        "part_of": str,
        "text": str,
        "unreadable": str,
        "sentence": str,
        "start": int,
        "end": int,
        "raw_start": int,
        "raw_end": int,
        "score": float,
    }
)
"""Columns of a table of facts; what is not known is None."""


class RawSpans(Protocol):
    """What knows where a span of the text stands in the file it was read from."""

    def raw_spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Half-open spans in reading order."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with all that is said about it; what is not known is None.

    Args:
        document: Id of the document.
        text: The METRIC as written.
        sentence: The sentence it stands in.
        start: Its first code point in the document.
        end: One past its last.
        organisation: The body that reports or is measured, as written; the body that the document reports on
            always by its fullest name.
        organisation_source: `stated` by a relation; `inferred` where the sentence leaves the body out and
            the document's reporting body takes its place; `none`.
        programme: The programme it belongs to.
        indicator: What is measured; this and those from `value` to `basis` are those of `Quantity`.
        indicator_source: `stated` in the METRIC; `inferred` for a change right after the figure that changed
            (地区生产总值98亿元，增长3.1%); `none`.
        period: The DATE as written; the four after it are those of `Period`, the days in ISO form.
        status_source: `stated` by the sentence; `inferred` for a target that a heading tells (2025年工作安排); `none`
            where nothing marks the figure as anything but achieved.
        part_of: The METRIC it is a part of, as written.
        unreadable: Why the figure, or its date, has no value.
        score: The least of the scores of what the row rests on; None where nothing is scored.
    """

    document: str
    text: str
    sentence: str
    start: int
    end: int
    organisation: str | None = None
    organisation_source: str = "none"
    programme: str | None = None
    indicator: str | None = None
    indicator_source: str = "none"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    classifier: str | None = None
    kind: str | None = None
    direction: str | None = None
    bound: str | None = None
    before: float | None = None
    status: str | None = None
    status_source: str = "none"
    basis: str | None = None
    period: str | None = None
    period_start: str | None = None
    period_end: str | None = None
    grain: str | None = None
    period_approximate: bool | None = None
    part_of: str | None = None
    unreadable: str | None = None
    score: float | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two rows of a document say the same: body, what is measured, value and period."""
        what = self.indicator if self.kind else self.text
        value = (self.value, self.low, self.high, self.unit)
        return self.organisation, what, *value, self.period_start, self.period_end

    def to_row(self, page: RawSpans | None = None) -> dict[str, Any]:
        """The fact as a row of `FIELDS`.

        Args:
            page: Tells where the METRIC stands in the file; without it the text is the file's.
        """
        spans = (page.raw_spans(self.start, self.end) if page else None) or [(self.start, self.end)]
        values = {**asdict(self), "raw_start": spans[0][0], "raw_end": spans[-1][1]}
        return {name: values[name] for name in FIELDS}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Fact:
        """The fact that `to_row` gave a row of."""
        return cls(**{name: value for name, value in row.items() if name in cls.__dataclass_fields__})


def find_facts(document: Document, *, anchor: date | None = None) -> list[Fact]:
    """The figures of a document in text order, each with body, programme and period. Linear in its length.

    The body is the ORG that HAS_METRIC names, or the one that RUNS the PROGRAM it names. Where the sentence leaves
    it out, it is the body the document reports on (`find_body`), unless another one opens a clause before the
    figure (云岭公司投产，新增…, not 支持云岭公司) and no 该区, 全市 or the like leads back. The period is the DATE of
    the figure, or of its programme.

    Args:
        document: Its entities and relations are taken as they are.
        anchor: The day that relative dates count from; else the document's own date, else one its text gives.

    >>> metric, org = Entity(10, 19, "METRIC"), Entity(6, 9, "ORG")
    >>> year = Entity(0, 5, "DATE")
    >>> relations = (Relation(org, metric, "HAS_METRIC"), Relation(metric, year, "HAS_DATE"))
    >>> [fact] = find_facts(Document("a", "2023年，青禾县有规上企业1200家。", (year, org, metric), relations))
    >>> fact.organisation, fact.value, fact.classifier, fact.period_end
    ('青禾县', 1200, '家', '2023-12-31')
    """
    return list(_Finder(document, anchor).facts())


class _Finder:
    """What the rows of one document share."""

    def __init__(self, document: Document, anchor: date | None) -> None:
        self.document = document
        self.sentences = SentenceIndex(document.text)
        self.body = find_body(document)
        anchor = anchor or find_anchor(document)
        self.periods = read_periods(document, anchor)
        self.plans = Plans(document.text, anchor)
        self.quantities = read_quantities(document, self.sentences)
        self.runs = _index(document.relations, "RUNS", by_tail=True)
        self.measures = _index(document.relations, "HAS_METRIC", by_tail=True)
        self.dates = _index(document.relations, "HAS_DATE")
        self.wholes = _index(document.relations, "PART_OF")

    def facts(self) -> Iterator[Fact]:
        """One a METRIC, in order."""
        foreign = 0  # end of the last ORG that is another body
        last: Fact | None = None
        for entity in self.document.entities:
            if entity.label == "METRIC":
                fact = self._fact(entity, foreign)
                if fact.kind == "percent" and not fact.indicator and last and self._follows(last, fact):
                    source = "inferred" if last.indicator else "none"
                    fact = replace(fact, indicator=last.indicator, indicator_source=source)
                yield fact
                last = fact
            elif entity.label == "ORG" and self._may_act(entity):
                foreign = entity.end

    def _fact(self, metric: Entity, foreign: int) -> Fact:
        surface = self.document.surface
        first, _ = self.sentences.spans[self.sentences.find(metric.start)]
        low, high = self.sentences.around(metric.start, metric.end)
        head = _nearest(self.measures[metric], metric)
        programme = head.head if head and head.head.label == "PROGRAM" else None
        runs = _nearest(self.runs[programme], programme) if programme else None
        stated = runs.head if runs else head.head if head and not programme else None
        dated = metric if programme is None or self.dates[metric] else programme
        when = _nearest(self.dates[dated], dated)
        whole = _nearest(self.wholes[metric], metric)
        quantity = self.quantities[metric]
        period = self.periods.get(when.tail) if when else None
        named = (self._name(stated), "stated") if stated else self._infer(first, foreign, metric.start)
        rests_on = [metric, *(end for r in (head, runs, when, whole) if r for end in (r, r.head, r.tail))]
        scores = [item.score for item in rests_on if item.score is not None]
        reasons = [value.reason for value in (quantity, period) if isinstance(value, Unreadable)]
        return Fact(
            document=self.document.id,
            text=surface(metric),
            sentence=self.document.text[low:high].strip(),
            start=metric.start,
            end=metric.end,
            organisation=named[0],
            organisation_source=named[1],
            programme=surface(programme) if programme else None,
            period=surface(when.tail) if when else None,
            part_of=surface(whole.tail) if whole else None,
            unreadable="; ".join(reasons) or None,
            score=min(scores, default=None),
            **_quantity_values(quantity),
            **self._status(quantity, metric),
            **_period_values(period),
        )

    def _may_act(self, organisation: Entity) -> bool:
        """Whether an ORG is another body that opens a clause: not an object (支持云岭公司), not a member of a list."""
        text = self.document.text
        opens = not organisation.start or text[organisation.start - 1] in OPENS
        listed = text.startswith(LISTED, organisation.end)
        other = not (self.body and self.body.covers(self.document.surface(organisation)))
        return opens and not listed and other

    def _status(self, quantity: Quantity | Unreadable, metric: Entity) -> dict[str, Any]:
        if not quantity:
            return {}
        if isinstance(quantity, Quantity) and quantity.status != "achieved":
            return {"status": quantity.status, "status_source": "stated"}
        if self.plans.cover(metric.start):
            return {"status": "target", "status_source": "inferred"}
        return {"status": "achieved"}

    def _name(self, organisation: Entity) -> str:
        """As written; the reporting body by its fullest name, so that its rows are told to be of one."""
        surface = self.document.surface(organisation)
        return self.body.name if self.body and self.body.is_named(surface) else surface

    def _follows(self, last: Fact, change: Fact) -> bool:
        between = self.document.text[last.end : min(change.start, last.end + MAX_CONTEXT)]
        return CARRIES.fullmatch(between) is not None

    def _infer(self, sentence: int, foreign: int, at: int) -> tuple[str | None, str]:
        """The reporting body, where neither another body nor 全省 or the like for a larger one stands before."""
        since = self.document.text[max(sentence, foreign, at - MAX_CONTEXT) : at]
        if self.body and self.body.is_subject(since, another=foreign > sentence):
            return self.body.name, "inferred"
        return None, "none"


def _index(relations: Iterable[Relation], label: str, *, by_tail: bool = False) -> defaultdict[Entity, list[Relation]]:
    """Relations of a label by one of their ends."""
    index: defaultdict[Entity, list[Relation]] = defaultdict(list)
    for relation in relations:
        if relation.label == label:
            index[relation.tail if by_tail else relation.head].append(relation)
    return index


def _nearest(relations: Sequence[Relation], entity: Entity) -> Relation | None:
    """The surest relation of an entity; of equally sure ones, that with the nearest other end."""

    def order(relation: Relation) -> tuple[float, int]:
        other = relation.tail if relation.head == entity else relation.head
        return -(relation.score or 0), abs(other.start - entity.start)

    return min(relations, key=order, default=None)


def _quantity_values(quantity: Quantity | Unreadable) -> dict[str, Any]:
    if isinstance(quantity, Unreadable):
        return {}
    values = {name: getattr(quantity, name) for name in Quantity.__dataclass_fields__ if name != "status"}
    plain = {name: _plain(value) if isinstance(value, Decimal) else value or None for name, value in values.items()}
    return {**plain, "indicator_source": "stated" if quantity.indicator else "none"}


def _period_values(period: Period | Unreadable | None) -> dict[str, Any]:
    if period is None or isinstance(period, Unreadable):
        return {}
    return {
        "period_start": period.start and period.start.isoformat(),
        "period_end": period.end and period.end.isoformat(),
        "grain": period.grain,
        "period_approximate": period.approximate,
    }


def _plain(value: Decimal) -> float:
    """A number as JSON and CSV show it best: whole where it is whole."""
    return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else float(value)
