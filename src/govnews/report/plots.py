"""Plots of scores as SVG: the text in them stays text, and nothing is fetched."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

from govnews.curve import Curve
from govnews.errors import GovnewsError
from govnews.metrics.buckets import Calibration
from govnews.metrics.labels import LabelScores
from govnews.report.documents import ordered
from govnews.simulation import Simulation, SimulationPoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 2
"""Panels side by side."""

RATES = {"precision": "#7fb3d5", "recall": "#f0b27a", "F1": "#2e4053"}
ARMS = {"choice": "#2e4053", "chance": "#e08e45"}


def plot_labels(panels: Mapping[str, LabelScores]) -> str:
    """Precision, recall and F1 of each label, one panel a figure."""

    def draw(axes: Axes, scores: LabelScores) -> None:
        labels = ordered(scores.per_label)
        for number, (rate, colour) in enumerate(RATES.items()):
            values = [getattr(scores.per_label[label], rate.lower()) for label in labels]
            axes.bar(
                [x + 0.27 * (number - 1) for x in range(len(labels))],
                values,
                0.26,
                label=rate,
                color=colour,
            )
        axes.set_xticks(range(len(labels)), [f"{label}\n{scores.per_label[label].gold}" for label in labels])
        axes.set_ylim(0, 1)

    return _panels({name: (draw, scores) for name, scores in panels.items()}, height=2.8, legend=True)


def plot_buckets(panels: Mapping[str, Mapping[str, LabelScores]]) -> str:
    """F1 by bucket, one panel a kind of bucket; under each bar the number of gold items."""

    def draw(axes: Axes, buckets: Mapping[str, LabelScores]) -> None:
        axes.bar(range(len(buckets)), [scores.micro.f1 for scores in buckets.values()], color=RATES["F1"])
        names = [f"{_range(name)}\n{scores.micro.gold}" for name, scores in buckets.items()]
        axes.set_xticks(range(len(buckets)), names)
        axes.set_ylim(0, 1)

    return _panels({name: (draw, buckets) for name, buckets in panels.items()}, height=2.6)


def plot_confusion(confusion: Mapping[str, Mapping[str, int]]) -> str:
    """Gold labels against predicted ones, each row shaded by its shares."""

    def draw(axes: Axes, table: Mapping[str, Mapping[str, int]]) -> None:
        rows, columns = ordered(table), ordered({label for row in table.values() for label in row})
        totals = [sum(table[row].values()) for row in rows]
        shares = [
            [table[row].get(column, 0) / total for column in columns] for row, total in zip(rows, totals, strict=True)
        ]
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for y, row in enumerate(rows):
            for x, column in enumerate(columns):
                colour = "white" if shares[y][x] > 0.5 else "black"
                axes.text(x, y, str(table[row].get(column, 0)), ha="center", va="center", color=colour)
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(rows)), rows)
        axes.set_xlabel("predicted")
        axes.set_ylabel("gold")

    return _panels({"Labels, whatever the boundaries": (draw, confusion)}, height=3.2, width=6)


def plot_calibration(calibrations: Mapping[str, Calibration]) -> str:
    """Share of right predictions against their score; on the diagonal a score is a probability."""

    def draw(axes: Axes, calibration: Calibration) -> None:
        axes.plot([0, 1], [0, 1], color="#bbbbbb", linestyle="--", linewidth=1)
        bins = calibration.bins
        axes.plot([b.mean_score for b in bins], [b.precision for b in bins], marker="o", color=RATES["F1"])
        axes.set_xlabel("score")
        axes.set_ylabel("right")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)

    panels = {
        f"{what}: expected error {calibration.expected_error:.3f}": (draw, calibration)
        for what, calibration in calibrations.items()
    }
    return _panels(panels, height=3.2, width=4)


def plot_curve(curve: Curve) -> str:
    """F1 against sentences of training text: each seed's scores, and the fitted power law with its forecast."""

    def draw(axes: Axes, what: str) -> None:
        sizes = [point.sentences for point in curve.points]
        axes.plot(sizes, [getattr(point, what) for point in curve.points], "o", color=RATES["F1"], alpha=0.6)
        law = curve.laws[what]
        end = max(sizes) + curve.more
        xs = [min(sizes) + (end - min(sizes)) * step / 100 for step in range(101)]
        axes.plot(xs, [law.predict(x) for x in xs], color=RATES["recall"], linewidth=2)
        axes.axvline(max(sizes), color="#bbbbbb", linestyle="--", linewidth=1)
        axes.set_xlabel("sentences of training text")
        axes.set_ylabel("F1")

    return _panels({what.replace("_", " "): (draw, what) for what in curve.laws}, height=3.2)


def plot_simulation(simulation: Simulation) -> str:
    """F1 against characters annotated, chosen texts and random ones: each seed's scores, and their means."""

    def draw(axes: Axes, points: Sequence[SimulationPoint]) -> None:
        for arm, colour in ARMS.items():
            seeds: dict[int, list[SimulationPoint]] = {}
            for point in points:
                if point.arm == arm:
                    seeds.setdefault(point.seed, []).append(point)
            for own in seeds.values():
                axes.plot([p.characters for p in own], [p.f1 for p in own], color=colour, alpha=0.3, linewidth=1)
            rounds = list(zip(*seeds.values(), strict=True))
            sizes = [fmean(point.characters for point in same) for same in rounds]
            scores = [fmean(point.f1 for point in same) for same in rounds]
            axes.plot(sizes, scores, "o-", color=colour, linewidth=2, label=arm)
        axes.set_xlabel("characters annotated")
        axes.set_ylabel("F1")
        axes.legend(frameon=False)

    return _panels({"entities": (draw, simulation.points)}, height=3.2, width=6)


def _range(bucket: str) -> str:
    """A half-open range of whole numbers as people write it.

    >>> _range("[5, 9)"), _range("[17, inf)"), _range("seen")
    ('5–8', '17+', 'seen')
    """
    if not (match := re.fullmatch(r"\[(\d+), (\d+|inf)\)", bucket)):
        return bucket
    low, high = match.groups()
    if high == "inf":
        return f"{low}+"
    return low if int(high) == int(low) + 1 else f"{low}–{int(high) - 1}"


def _panels(
    panels: Mapping[str, tuple[Callable[[Axes, Any], None], Any]],
    *,
    height: float,
    width: float | None = None,
    legend: bool = False,
) -> str:
    """Draw panels and give the `<svg>` element; sizes in inches."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        raise GovnewsError(
            "the report's plots need the package matplotlib", hint='Install it with: pip install "govnews[report]"'
        ) from None
    style: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "govnews",
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": 9,
        "text.parse_math": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with rc_context(style):
        columns = min(len(panels), COLUMNS)
        rows = -(-len(panels) // columns)
        figure = Figure(figsize=((width or 10 / columns) * columns, height * rows), layout="constrained")
        axes: Any = figure.subplots(rows, columns, squeeze=False).ravel()
        for ax in axes[len(panels) :]:
            ax.set_axis_off()
        for ax, (title, (draw, data)) in zip(axes, panels.items(), strict=False):
            ax.set_title(title, fontsize=10, loc="left")
            draw(ax, data)
        if legend:
            axes[0].legend(frameon=False, ncols=len(RATES), loc="upper center", bbox_to_anchor=(0.5, -0.18))
        file = io.StringIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph")  # the browser's fonts draw the text
            figure.savefig(file, format="svg", metadata={"Date": None})
    svg = file.getvalue()
    return svg[svg.index("<svg") :]
