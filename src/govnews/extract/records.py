"""What was found in one document, as the JSON object that every output is a view of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from govnews.corpus.page import Page
from govnews.facts import find_facts
from govnews.formats import jsonl
from govnews.records import Document, SentenceIndex

ROW_FIELDS: dict[str, type] = {
    "document": str,
    "kind": str,
    "label": str,
    "text": str,
    "start": int,
    "end": int,
    "raw_start": int,
    "raw_end": int,
    "tail_label": str,
    "tail_text": str,
    "tail_start": int,
    "tail_end": int,
    "score": float,
    "sentence": str,
}
"""Columns of a table of mentions: one row an entity, one a relation (`text` is then its head)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document to read: its page, and the file it came from."""

    document: Document
    page: Page
    path: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in one source."""

    source: Source
    document: Document

    def to_dict(self) -> dict[str, Any]:
        """The document, its file, each entity's place in the file, and its facts: one line of the JSONL output."""
        page = self.source.page
        data = jsonl.to_dict(self.document)
        for entity in data["entities"]:
            entity["raw"] = [list(span) for span in page.raw_spans(entity["start"], entity["end"])]
        facts = [fact.to_row(page) for fact in find_facts(self.document)]
        return {"path": "", **data, "facts": facts} | {"path": self.source.path}


def mention_rows(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The entities and relations of a record as rows of `ROW_FIELDS`."""
    sentences = SentenceIndex(record["text"])
    entities = record["entities"]
    for entity in entities:
        yield {**_row(record, "entity", entity, sentences), "score": entity.get("score")}
    for relation in record["relations"]:
        tail = entities[relation["tail"]]
        yield {
            **_row(record, "relation", entities[relation["head"]], sentences),
            "label": relation["label"],
            "tail_label": tail["label"],
            "tail_text": tail["text"],
            "tail_start": tail["start"],
            "tail_end": tail["end"],
            "score": relation.get("score"),
        }


def _row(record: dict[str, Any], kind: str, entity: dict[str, Any], sentences: SentenceIndex) -> dict[str, Any]:
    start, end = sentences.around(entity["start"], entity["end"])
    return {
        **dict.fromkeys(ROW_FIELDS),
        "document": record["id"],
        "kind": kind,
        "label": entity["label"],
        "text": entity["text"],
        "start": entity["start"],
        "end": entity["end"],
        "raw_start": entity["raw"][0][0],
        "raw_end": entity["raw"][-1][1],
        "sentence": record["text"][start:end].strip(),
    }
