"""Show how far readings agree, and where they part, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

from govnews.colours import COLOURS
from govnews.corpus.agree import Agreement, Chance
from govnews.corpus.differences import Difference
from govnews.metrics.scores import Score
from govnews.report.documents import ordered


def agreement_tables(
    agreement: Agreement, differences: Sequence[Difference], *, names: Sequence[str], limit: int
) -> RenderableType:
    """Agreement per label and, of more than two readings, per pair; and the first differences."""
    parts: list[RenderableType] = [_label_table(agreement)]
    if agreement.pairs:
        parts.append(_pair_table(agreement, names))
    if differences:
        parts.append(difference_table(differences[:limit], names))
        if len(differences) > limit:
            parts.append(Text(f"{limit} of {len(differences)} differences shown; --output FILE writes all"))
    return Group(*parts)


def _label_table(agreement: Agreement) -> Table:
    table = Table("", "strict F1", "boundary F1", "Cohen's kappa", "Krippendorff's alpha", "marked", title="Agreement")
    table.title_justify = "left"
    for label in ordered(agreement.entities.per_label):
        strict = agreement.entities.per_label[label]
        table.add_row(Text(label), *_cells(strict, agreement.boundaries.per_label[label], agreement.labels.get(label)))
    total = _cells(agreement.entities.micro, agreement.boundaries.micro, agreement.characters)
    table.add_row("entities", *total, style="bold")
    for label in ordered(agreement.relations.per_label):
        table.add_row(Text(label), *_cells(agreement.relations.per_label[label]))
    table.add_row("relations", *_cells(agreement.relations.micro), style="bold")
    return table


def _cells(strict: Score, boundary: Score | None = None, chance: Chance | None = None) -> list[str]:
    return [
        f"{strict.f1:.3f}",
        f"{boundary.f1:.3f}" if boundary else "–",
        *((f"{chance.kappa:.3f}", f"{chance.alpha:.3f}") if chance else ("–", "–")),
        f"{strict.gold} and {strict.predicted}, {strict.hits} alike",
    ]


def _pair_table(agreement: Agreement, names: Sequence[str]) -> Table:
    table = Table("", "", "entities F1", "boundary F1", "relations F1", "Cohen's kappa", title="Each pair")
    table.title_justify = "left"
    for (first, second), pair in agreement.pairs.items():
        scores = (pair.entities.micro, pair.boundaries.micro, pair.relations.micro)
        table.add_row(
            Text(names[first]), Text(names[second]), *(f"{score.f1:.3f}" for score in scores), f"{pair.kappa:.3f}"
        )
    return table


def difference_table(differences: Sequence[Difference], names: Sequence[str]) -> Table:
    """Differences side by side, what each reading has in a column of its name."""
    columns = (Column(escape(name), overflow="fold") for name in names)
    table = Table("document", "offset", *columns, title="Differences", title_justify="left")
    for difference in differences:
        cells = [Text(shown or "–", style=_colour(shown)) for shown in difference.shown()]
        table.add_row(Text(difference.document.id), str(difference.start), *cells)
    return table


def _colour(shown: str) -> str:
    label = shown.partition(" ")[0]
    return COLOURS[label].terminal if label in COLOURS else ""
