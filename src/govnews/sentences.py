"""Where a sentence ends: one definition for annotation, checking and the pipeline."""

from __future__ import annotations

import re

TERMINATORS = "。！？…"
CLOSERS = "”’」』）》】)"

# A run of terminators with the quotes and brackets it closes, or line breaks.
_END = re.compile(rf"[{TERMINATORS}]+[{re.escape(CLOSERS)}{TERMINATORS}]*[\r\n]*|[\r\n]+")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    r"""Split a text into sentences.

    A sentence ends at `。！？…`, with closing quotes and brackets after it, or at
    a line break; line breaks belong to the sentence before them, so that the spans
    cover the whole text.

    Args:
        text: Any text.

    Returns:
        Half-open code point offsets, in order, without gaps.

    >>> sentence_spans("他说：“好。”走了。\n完")
    [(0, 7), (7, 11), (11, 12)]
    """
    spans = []
    start = 0
    for match in _END.finditer(text):
        spans.append((start, match.end()))
        start = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans
