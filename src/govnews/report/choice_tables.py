"""Show what to annotate next, and whether choosing pays."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, stdev

from rich.table import Column, Table
from rich.text import Text

from govnews.report.documents import highlight
from govnews.selection import Choice
from govnews.simulation import Simulation


def choice_table(choices: Sequence[Choice]) -> Table:
    """Texts to annotate next in their order, entities in colour, with why they were chosen."""
    columns = ("", Column("text", overflow="fold"), Column("why", overflow="fold"))
    table = Table(*columns, title="To be annotated next", title_justify="left")
    for number, choice in enumerate(choices, start=1):
        table.add_row(str(number), highlight(choice.document), Text(choice.why))
    return table


def simulation_table(simulation: Simulation) -> Table:
    """Scores of choice and chance round by round, means over the seeds, with the difference seed by seed."""
    table = Table(
        "round", "characters", "entities F1, choice", "chance", "difference",
        title="Choice against chance", title_justify="left",
    )  # fmt: skip
    for number in sorted({point.round for point in simulation.points}):
        points = [point for point in simulation.points if point.round == number]
        scores = {arm: [point.f1 for point in points if point.arm == arm] for arm in ("choice", "chance")}
        gains = simulation.gains.get(number, [])
        table.add_row(
            str(number),
            f"{fmean(point.characters for point in points):.0f}",
            *(_spread(own) for own in scores.values()),
            f"{_spread(gains, sign=True)} ({sum(gain > 0 for gain in gains)} of {len(gains)} seeds)" if gains else "–",
        )
    return table


def _spread(values: Sequence[float], *, sign: bool = False) -> str:
    if not values:
        return "–"
    mean = f"{fmean(values):+.3f}" if sign else f"{fmean(values):.3f}"
    return f"{mean} ± {stdev(values):.3f}" if len(values) > 1 else mean
