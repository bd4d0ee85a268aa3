"""The figures and dates of a whole document, each read in the light of what stands around it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from govnews.normalize.anchor import find_date
from govnews.normalize.period import parse_period
from govnews.normalize.plans import is_aimed_at
from govnews.normalize.quantity import parse_quantity
from govnews.normalize.values import Period, Quantity, Unreadable
from govnews.records import Document, Entity, SentenceIndex

MAX_SENTENCE = 400  # characters of a sentence before a figure that may say it is aimed at
MAX_BEFORE = 60  # characters before a figure that may say whether it is a target
_AHEAD = re.compile("力争|确保|争取|计划|拟|将")
_BASE = re.compile("[比较与为]$")  # 比2019年增长: what is spoken of stays what it was
_CLAUSE = re.compile("[，；。！？\\n]")


def find_anchor(document: Document) -> date | None:
    """The day that a document's relative dates count from: its own date, else one that its text gives."""
    try:
        return date.fromisoformat(document.date or "")
    except ValueError:
        return find_date(document.text, document.meta.get("title", ""))


def read_quantities(document: Document, sentences: SentenceIndex) -> dict[Entity, Quantity | Unreadable]:
    """What each METRIC says, with the words before it in its sentence: aims reach to its end (预期目标是：A，B)."""
    quantities: dict[Entity, Quantity | Unreadable] = {}
    for entity in document.entities:
        if entity.label == "METRIC":
            start, _ = sentences.spans[sentences.find(entity.start)]
            before = document.text[max(start, entity.start - MAX_SENTENCE) : entity.start]
            quantity = parse_quantity(document.surface(entity), before=before[-MAX_BEFORE:])
            if isinstance(quantity, Quantity) and quantity.status == "achieved" and is_aimed_at(before):
                quantity = replace(quantity, status="target")
            quantities[entity] = quantity
    return quantities


def read_periods(document: Document, anchor: date | None) -> dict[Entity, Period | Unreadable]:
    """When each DATE is; one that leans on another (同期, 当年) leans on the last that was read in its paragraph.

    Bases of comparison (比2019年, 去年同期) are read, but nothing leans on them.
    """
    text = document.text
    periods: dict[Entity, Period | Unreadable] = {}
    previous: Period | None = None
    at = 0
    for entity in document.entities:
        if entity.label == "DATE":
            if "\n" in text[at : entity.start]:
                previous = None
            surface = document.surface(entity)
            clause = _CLAUSE.split(text[max(0, entity.start - MAX_BEFORE) : entity.start])[-1]
            ahead = bool(_AHEAD.search(clause)) or text.startswith("前", entity.end)
            period = parse_period(surface, anchor=anchor, previous=previous, ahead=ahead)
            periods[entity] = period
            if isinstance(period, Period) and not _BASE.search(clause) and not surface.endswith("同期"):
                previous = period
            at = entity.end
    return periods
