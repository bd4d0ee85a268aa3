"""Hold two systems against each other on the same gold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from govnews.errors import GovnewsError
from govnews.evaluation import FIGURES, Evaluation
from govnews.metrics.resample import PermutationTest, permutation_test
from govnews.records import Document, Entity, Relation
from govnews.scoring import evaluate

if TYPE_CHECKING:
    from spacy.language import Language

SCHEMA_VERSION = 1
"""Of what `govnews compare --output` writes."""

Item = Entity | Relation


@dataclass(frozen=True, slots=True)
class Contrast:
    """Something one system has right and the other has not.

    Args:
        document: The gold document it is about.
        kind: `found` where the one found gold that the other missed; `spared` where the other
            predicted what is not gold and the one did not.
        item: The gold item that was found, or the wrong one that was spared.
    """

    document: Document
    kind: Literal["found", "spared"]
    item: Item


@dataclass(frozen=True)
class Comparison:
    """Two systems on the same documents; in a notebook it shows their figures side by side.

    Args:
        names: What to call them.
        systems: Their evaluations, of the same gold documents in the same order.

    Raises:
        GovnewsError: They were scored on different gold, or their names are the same.
    """

    names: tuple[str, str]
    systems: tuple[Evaluation, Evaluation]

    def __post_init__(self) -> None:
        if len({*self.names, "gold"}) < 3:
            raise GovnewsError(
                f"the systems are called {self.names[0]!r} and {self.names[1]!r}",
                hint="Give them two different names, neither of them gold.",
            )
        first, second = ([gold for gold, _ in system.pairs] for system in self.systems)
        if len(first) != len(second) or any(a != b for a, b in zip(first, second, strict=True)):
            raise GovnewsError(
                "the two systems were not scored on the same gold documents",
                hint="Evaluate both on the same file or folder, with the same split.",
            )

    @cached_property
    def tests(self) -> dict[str, PermutationTest]:
        """A paired permutation test of F1 for each headline figure."""
        return {name: permutation_test(*(system.count(name) for system in self.systems)) for name in self.figures}

    @property
    def figures(self) -> list[str]:
        """The headline figures that can be compared: those of relations where either system looks for them."""
        relate = any(system.relates for system in self.systems)
        given = all(system.pairs_on_gold is not None for system in self.systems)
        known = {"relations_on_gold": given, "facts": any(system.facts.per_label for system in self.systems)}
        return [name for name in (FIGURES if relate else FIGURES[:1]) if known.get(name, True)]

    @cached_property
    def contrasts(self) -> tuple[list[Contrast], list[Contrast]]:
        """What only the first system has right, and what only the second has, in the order of the text."""
        return self._contrast(0, 1), self._contrast(1, 0)

    def _contrast(self, one: int, other: int) -> list[Contrast]:
        contrasts = []
        pairs = zip(self.systems[one].pairs, self.systems[other].pairs, strict=True)
        for (gold, better), (_, worse) in pairs:
            for what in ("entities", "relations"):
                truth, mine, theirs = (set(getattr(document, what)) for document in (gold, better, worse))
                contrasts += [Contrast(gold, "found", item) for item in sorted((truth & mine) - theirs)]
                contrasts += [Contrast(gold, "spared", item) for item in sorted(theirs - truth - mine)]
        return contrasts

    def to_dict(self) -> dict[str, Any]:
        """The comparison as `govnews compare --output` writes it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "systems": [
                {"name": name, **system.to_dict(details=False)}
                for name, system in zip(self.names, self.systems, strict=True)
            ],
            "tests": {name: test.to_dict() for name, test in self.tests.items()},
            "only_right": [[contrast_to_dict(c) for c in contrasts] for contrasts in self.contrasts],
        }

    def _repr_html_(self) -> str:
        rows = []
        for name, test in self.tests.items():
            values = "".join(f"<td>{system.f1(name):.3f}</td>" for system in self.systems)
            rows.append(
                f"<tr><th>{name.replace('_', ' ')}</th>{values}<td>{test.difference:+.3f}</td>"
                f"<td>{test.p_value:.4f}</td></tr>"
            )
        heads = "".join(f"<th>{escape(name)}</th>" for name in ("F1", *self.names, "difference", "p"))
        return f"<table><tr>{heads}</tr>{''.join(rows)}</table>"


def contrast_to_dict(contrast: Contrast) -> dict[str, Any]:
    """A contrast as plain JSON values."""
    data: dict[str, Any] = {"document": contrast.document.id, "kind": contrast.kind, "label": contrast.item.label}
    if isinstance(contrast.item, Entity):
        return data | _span(contrast.document, contrast.item)
    ends = (contrast.item.head, contrast.item.tail)
    return data | {role: _span(contrast.document, end) for role, end in zip(("head", "tail"), ends, strict=True)}


def _span(document: Document, entity: Entity) -> dict[str, Any]:
    return {"start": entity.start, "end": entity.end, "text": document.surface(entity)}


def compare(
    first: Language | str | Path | Iterable[Document],
    second: Language | str | Path | Iterable[Document],
    gold: str | Path | Iterable[Document],
    *,
    split: str | None = None,
    names: tuple[str, str] | None = None,
) -> Comparison:
    """Compare two systems on the same gold; what a system and gold may be is said at `govnews.evaluate`.

    Args:
        first: A system.
        second: The other one.
        gold: Annotated documents, or a file or corpus folder of them.
        split: Of a corpus folder only `train`, `validation` or `test`.
        names: What to call the systems; their paths or package names by default.

    Raises:
        GovnewsError: As `govnews.evaluate`; or the two were not scored on the same documents.
    """
    if not isinstance(gold, (str, Path)):
        gold = list(gold)
    given = [str(system) if isinstance(system, (str, Path)) else "" for system in (first, second)]
    called = names or (given[0] or "first", given[1] or "second")
    return Comparison(called, (evaluate(first, gold, split=split), evaluate(second, gold, split=split)))
