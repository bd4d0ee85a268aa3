"""Find what annotated text shares with other text, so that nothing is copied unawares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from govnews.records import Document

LENGTH = 13
"""Shared runs of at least so many characters are told."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """A run of characters that a document shares with other text."""

    document: str
    offset: int
    text: str


def find_overlaps(
    documents: Iterable[Document], lines: Iterable[str], *, length: int = LENGTH, allow: Collection[str] = ()
) -> list[Overlap]:
    """Find the runs of characters within a line, all of whose stretches of `length` stand in other text too.

    Work is linear in both texts; memory is that of the documents.

    Args:
        documents: What is looked at.
        lines: The other text, line by line; it may be of any size.
        length: The shortest run that counts.
        allow: Stock phrases: a run is told only where as many characters are left without those in it.

    >>> find_overlaps([Document("a", "今年全县粮食产量")], ["去年全县粮食产量下降"], length=4)
    [Overlap(document='a', offset=1, text='年全县粮食产量')]
    """
    documents = list(documents)
    wanted = {gram for document in documents for _, gram in _grams(document.text, length)}
    shared = {gram for line in lines for _, gram in _grams(line, length) if gram in wanted}
    overlaps = []
    for document in documents:
        start = end = -1
        for at, gram in [*_grams(document.text, length), (len(document.text) + length, "")]:
            if gram in shared and at == end - length + 1:
                end += 1
                continue
            if start >= 0 and (gram in shared or not gram or at > end - length + 1):
                run = document.text[start:end]
                if not _is_allowed(run, allow, length):
                    overlaps.append(Overlap(document.id, start, run))
                start = -1
            if gram in shared:
                start, end = at, at + length
    return overlaps


def lines_without(lines: Iterable[str], documents: Iterable[Document], *, length: int = LENGTH) -> Iterator[str]:
    """Leave out the lines that share a run of characters with documents: what is trained on must not hold them.

    >>> list(lines_without(["去年全县粮食产量下降", "今年全县"], [Document("a", "全县粮食产量")], length=4))
    ['今年全县']
    """
    held_out = {gram for document in documents for _, gram in _grams(document.text, length)}
    return (line for line in lines if not any(gram in held_out for _, gram in _grams(line, length)))


def _is_allowed(run: str, allow: Collection[str], length: int) -> bool:
    """Whether too little of a run is left once the stock phrases in it are cut out."""
    if any(run in phrase for phrase in allow):
        return True
    rest = run
    for phrase in sorted(allow, key=len, reverse=True):
        rest = rest.replace(phrase, "\n")
    return all(len(part) < length for part in rest.split("\n"))


def _grams(text: str, length: int) -> Iterable[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield from ((at + i, line[i : i + length]) for i in range(len(line) - length + 1))
        at += len(line) + 1
