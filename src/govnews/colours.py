"""The colour of each label, the same on a terminal, in reports and in Label Studio."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

from govnews.records import LABELS


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour where it is shown.

    Args:
        terminal: Its name there.
        light: On light paper.
        dark: On dark paper.
    """

    terminal: str
    light: str
    dark: str


PALETTE = (
    Colour("cyan", "#1f6fa8", "#6bb8f0"),
    Colour("green", "#1c7c4a", "#62cc92"),
    Colour("magenta", "#7d4aa8", "#c79af0"),
    Colour("yellow", "#a06a00", "#e2b251"),
    Colour("blue", "#0e7c86", "#5cc9d2"),
    Colour("bright_magenta", "#b0357f", "#f08cc4"),
    Colour("bright_green", "#5d7a12", "#b3d15c"),
    Colour("white", "#5a6472", "#aab4c2"),
)
"""Colours in the order in which labels take them; red is left for labels that are not defined."""


def choose_colours(labels: Iterable[str]) -> dict[str, Colour]:
    """A colour for each label, in order; they come again where there are more labels than colours.

    >>> choose_colours(["ORG", "METRIC"])["METRIC"].terminal
    'green'
    """
    return dict(zip(labels, cycle(PALETTE), strict=False))


COLOURS = choose_colours(LABELS)
"""The colours of the labels that are defined."""


def style_labels() -> str:
    r"""Style rules that give whatever has a label as its class that label's colour as `--tint`.

    >>> style_labels().splitlines()[0]
    ':root { --org: #1f6fa8; --metric: #1c7c4a; --program: #7d4aa8; --date: #a06a00; }'
    """
    light, dark = (
        " ".join(f"--{label.lower()}: {getattr(colour, paper)};" for label, colour in COLOURS.items())
        for paper in ("light", "dark")
    )
    tints = " ".join(f".{label} {{ --tint: var(--{label.lower()}); }}" for label in COLOURS)
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{tints}\n"
