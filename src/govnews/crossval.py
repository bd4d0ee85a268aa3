"""Cross-validate a training config, grouped so that no section is in two folds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from govnews.errors import GovnewsError
from govnews.evaluation import TRACKED, Evaluation
from govnews.records import Document, Entity, Relation
from govnews.scoring import evaluate
from govnews.training.fit import train_config


@dataclass(frozen=True, slots=True)
class Fold:
    """One fold under one seed."""

    seed: int
    held_out: tuple[str, ...]
    evaluation: Evaluation


def make_folds(documents: Sequence[Document], n_folds: int) -> list[tuple[list[Document], list[Document]]]:
    """Split documents into (training, held-out) parts of about equal length in characters.

    Each document, or section of one, is held out exactly once and never trained on meanwhile.

    Raises:
        GovnewsError: There are fewer documents than folds.
    """
    from sklearn.model_selection import GroupKFold

    if len(documents) < n_folds:
        raise GovnewsError(
            f"{len(documents)} documents or sections cannot be split into {n_folds} folds",
            hint="Pass a smaller --folds, or mark more sections.",
        )
    # GroupKFold balances by number of rows: one row a hundred characters
    groups = [n for n, document in enumerate(documents) for _ in range(1 + len(document.text) // 100)]
    folds = []
    for train, held_out in GroupKFold(n_folds).split(groups, groups=groups):
        parts = [sorted({groups[row] for row in rows}) for rows in (train, held_out)]
        folds.append(([documents[n] for n in parts[0]], [documents[n] for n in parts[1]]))
    return folds


def cross_validate(
    config: str | Path,
    documents: Sequence[Document],
    *,
    n_folds: int = 5,
    seeds: Sequence[int] = (0,),
    overrides: dict[str, Any] | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> Iterator[Fold]:
    """Train a config once a fold and seed, and evaluate it on what was held out.

    The last model is the one scored: choosing the best checkpoint on the held-out part would
    flatter it.

    Args:
        config: A spaCy training config; its corpora are replaced.
        documents: Gold documents or sections.
        n_folds: Number of folds.
        seeds: One whole cross-validation each.
        overrides: Config values to change, by dotted name.
        progress: Called with a line before each training.
    """
    folds = make_folds(documents, n_folds)
    for seed in seeds:
        for number, (train, held_out) in enumerate(folds, start=1):
            progress(f"{Path(config).stem}: seed {seed}, fold {number} of {n_folds}")
            evaluation = evaluate(train_config(config, train, overrides, seed=seed), held_out)
            yield Fold(seed, tuple(document.id for document in held_out), evaluation)


def summarize(folds: Sequence[Fold]) -> dict[str, Any]:
    """Pool the counts of each seed's folds; mean, spread and worst F1 over the seeds.

    Every section is held out once a seed, so pooled counts are those of one evaluation of the
    whole corpus.
    """
    import numpy as np

    seeds = sorted({fold.seed for fold in folds})
    pooled = {seed: _pool([fold.evaluation for fold in folds if fold.seed == seed]) for seed in seeds}
    spread = {}
    for what in TRACKED:
        values = [scores.micro.f1 for seed in seeds if (scores := getattr(pooled[seed], what)) is not None]
        if values:
            spread[what] = {
                "mean_f1": round(float(np.mean(values)), 4),
                "std_f1": round(float(np.std(values, ddof=1)), 4) if len(values) > 1 else None,
                "worst_f1": round(min(values), 4),
            }
    return {
        "summary": spread,
        "pooled": {str(seed): evaluation.to_dict(details=False) for seed, evaluation in pooled.items()},
        "folds": [
            {"seed": fold.seed, "held_out": list(fold.held_out), **fold.evaluation.to_dict(details=False)}
            for fold in folds
        ],
    }


def pool_predictions(folds: Sequence[Fold]) -> list[Document]:
    """What was predicted for each document while it was held out, all seeds together.

    The score of an entity or relation is the share of the seeds that predicted it; entities of different seeds may
    overlap.
    """
    seeds = len({fold.seed for fold in folds})
    found: dict[str, tuple[Document, Counter[Entity], Counter[Relation]]] = {}
    for fold in folds:
        for gold, predicted in fold.evaluation.pairs:
            _, entities, relations = found.setdefault(gold.id, (gold, Counter(), Counter()))
            entities.update(set(predicted.entities))
            relations.update(set(predicted.relations))
    return [
        replace(
            gold,
            entities=tuple(replace(e, score=round(count / seeds, 4)) for e, count in entities.items()),
            relations=tuple(replace(r, score=round(count / seeds, 4)) for r, count in relations.items()),
        )
        for gold, entities, relations in found.values()
    ]


def _pool(evaluations: Sequence[Evaluation]) -> Evaluation:
    total = evaluations[0]
    for evaluation in evaluations[1:]:
        total = total + evaluation
    return total
