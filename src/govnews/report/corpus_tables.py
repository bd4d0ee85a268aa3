"""Show what an annotated corpus holds, how varied it is, and what in it deserves a second reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from govnews.corpus.overlap import Overlap
from govnews.corpus.review import Doubt
from govnews.corpus.stats import CorpusStats
from govnews.corpus.variety import Variety
from govnews.records import LABELS, SIGNATURES, Document
from govnews.report.documents import highlight, ordered

CONTEXT = 12


def stats_table(parts: Mapping[str, CorpusStats]) -> Table:
    """Counts of parts of a corpus side by side."""
    table = Table("", *parts, title="Corpus", title_justify="left")
    rows = {
        name: [str(getattr(stats, name)) for stats in parts.values()]
        for name in ("documents", "characters", "sentences")
    }
    for label in ordered({*LABELS, *(label for stats in parts.values() for label in stats.entities)}):
        rows[label] = [f"{s.entities[label]} ({s.mentions[label]} different)" for s in parts.values()]
    rows["entities"] = [str(s.entities.total()) for s in parts.values()]
    for label in ordered({*SIGNATURES, *(label for stats in parts.values() for label in stats.relations)}):
        rows[label] = [str(s.relations[label]) for s in parts.values()]
    rows["relations"] = [str(s.relations.total()) for s in parts.values()]
    for name, cells in rows.items():
        table.add_row(Text(name), *cells, style="bold" if name in {"entities", "relations"} else None)
    return table


def doubt_tables(documents: Sequence[Document], doubts: Sequence[Doubt], *, limit: int) -> RenderableType:
    """The likeliest slips in their context, entities in colour and the place reversed; and how many of each kind."""
    texts = {document.id: document for document in documents}
    table = Table("document", "offset", "kind", "context", "why", title="To be read again", title_justify="left")
    for doubt in doubts[:limit]:
        document = texts[doubt.document]
        low, high = max(0, doubt.start - CONTEXT), min(len(document.text), doubt.end + CONTEXT)
        shown = highlight(document.cut(low, high))
        shown.stylize("reverse", doubt.start - low, doubt.end - low)
        context = Text(" ").join(shown.split("\n"))
        table.add_row(Text(doubt.document), str(doubt.start), doubt.kind, context, Text(doubt.why))
    counts = ", ".join(f"{kind} {count}" for kind, count in Counter(doubt.kind for doubt in doubts).most_common())
    return Group(table, Text(f"{len(doubts)} places: {counts or 'none'}; {min(limit, len(doubts))} shown"))


def overlap_table(overlaps: Sequence[Overlap]) -> Table:
    """Shared runs with their places."""
    table = Table("document", "offset", "shared", title="Shared with other text", title_justify="left")
    for overlap in overlaps:
        table.add_row(Text(overlap.document), str(overlap.offset), Text(overlap.text))
    return table


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def variety_table(results: Mapping[str, Variety]) -> Table:
    """Variety of several texts side by side."""
    table = Table("", *map(escape, results), title="Variety", title_justify="left")
    rows = {
        "documents": [str(v.documents) for v in results.values()],
        "characters": [str(v.characters) for v in results.values()],
        "different trigrams a thousand characters": [f"{v.different_trigrams:.0f}" for v in results.values()],
        "openings no other document has": [f"{v.openings:.3f}" for v in results.values()],
        "clauses seen before, numbers masked": [f"{v.clauses_seen:.3f}" for v in results.values()],
        "sentences seen before, entities masked": [_share(v.sentences_seen) for v in results.values()],
        "entity mentions seen before": [_share(v.mentions_seen) for v in results.values()],
    }
    for name, cells in rows.items():
        table.add_row(name, *cells)
    return table
