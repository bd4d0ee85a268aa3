"""Agreement beyond chance, from how often each combination of labels stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

Units = Mapping[tuple[Any, ...], int]
"""How many units, such as characters, have these labels: one a reading, in its order; None where a reading has none."""


def cohen_kappa(units: Units) -> float:
    """Cohen's kappa of two readings; 1 where they never differ.

    >>> round(cohen_kappa({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}), 4)
    0.4
    """
    from sklearn.metrics import cohen_kappa_score

    if all(first == second for first, second in units):
        return 1.0
    labels = {label: number for number, label in enumerate({label for unit in units for label in unit})}
    first, second = zip(*([labels[label] for label in unit] for unit in units), strict=True)
    return float(cohen_kappa_score(first, second, sample_weight=list(units.values())))


def krippendorff_alpha(units: Units) -> float:
    """Krippendorff's alpha of any number of readings, for labels without an order; 1 where they never differ.

    Units with fewer than two labels tell nothing and are left out. Krippendorff (2011): Computing Krippendorff's
    alpha-reliability.

    >>> round(krippendorff_alpha({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}), 4)
    0.4
    """
    differing = 0.0
    totals: Counter[Any] = Counter()
    for unit, times in units.items():
        counts = Counter(label for label in unit if label is not None)
        size = counts.total()
        if size > 1:
            differing += times * (size**2 - sum(count**2 for count in counts.values())) / (size - 1)
            totals.update({label: times * count for label, count in counts.items()})
    by_chance = totals.total() ** 2 - sum(count**2 for count in totals.values())
    return 1 - (totals.total() - 1) * differing / by_chance if differing else 1.0
