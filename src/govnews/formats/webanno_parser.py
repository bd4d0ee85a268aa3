"""Parse WebAnno TSV 3; `webanno` says what it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path

from govnews.errors import FormatError
from govnews.formats.builder import Builder
from govnews.formats.folder import document_id
from govnews.formats.losses import Report
from govnews.records import Document

ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
FEATURES = ("value", "label")
"""Features that hold the label, the first that there is."""
_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
_VALUE = re.compile(r"(.*?)(?:\[([0-9]{1,9})\])?", re.DOTALL)
_SOURCE = re.compile(r"([0-9]+-[0-9]+(?:\.[0-9]+)?)(?:\[([0-9]{1,9})_([0-9]{1,9})\])?")
_SPLIT = re.compile(r"(?:\\.|[^|\\])+", re.DOTALL)
_ROW = re.compile(r"([0-9]+-[0-9]+(?:\.[0-9]+)?)\t([0-9]{1,12})-([0-9]{1,12})\t")
_WIDE = re.compile("[\U00010000-\U0010ffff]")  # characters of two UTF-16 units
_LONGEST_GAP = 10_000
_UNITS_HINT = "Offsets count UTF-16 units: an emoji has two."
_HINT = "A token is `1-1<tab>0-3<tab>text<tab>…`, one column for each feature in the header."


@dataclass(slots=True)
class Layer:
    """A layer of the header, and the columns it has."""

    kind: str
    name: str
    features: list[str]
    first: int

    @property
    def value(self) -> int:
        """The column of its label."""
        named = [self.features.index(name) for name in FEATURES if name in self.features]
        return self.first + (named[0] if named else 0)


@dataclass(slots=True)
class Row:
    """A token, or a part of one: its line, name, offsets and cells."""

    line: int
    name: str
    start: int
    end: int
    cells: list[str]


@dataclass(slots=True)
class _Sentence:
    texts: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def parse_webanno(text: str, *, path: Path, report: Report) -> Document:
    """Make a document of the text of a file."""
    try:
        return _parse(text, path, report)
    except FormatError as error:
        raise FormatError(error.message, path=path, line=error.line, hint=error.hint or _HINT) from None


def _parse(content: str, path: Path, report: Report) -> Document:
    layers, sentences = _scan(content)
    text, gaps = _join(sentences)
    entities, relations = _choose(layers)
    builder = Builder(document_id(path.stem), text, report=lambda loss: report(loss.at(path)))
    for line, gap in gaps:
        builder.lose(
            "text", f"{gap} characters before a sentence", "are not in the file; blanks are put there", line=line
        )
    rows = [row for sentence in sentences for row in sentence.rows]
    _place(rows, text)
    _report_others(layers, (entities, relations), rows, builder)
    if entities is not None:
        _add_entities(entities, rows, builder)
    if relations is not None:
        for row in rows:
            _add_relations(relations, row, builder)
    return builder.build()


def _scan(content: str) -> tuple[list[Layer], list[_Sentence]]:
    lines = [line.removesuffix("\r") for line in content.split("\n")]
    if not lines[0].startswith("#FORMAT=WebAnno TSV 3"):
        raise FormatError(
            f"the first line is {lines[0][:40]!r}", line=1, hint="Expected #FORMAT=WebAnno TSV 3.3: export it so."
        )
    layers: list[Layer] = []
    sentences: list[_Sentence] = []
    width = 3
    for number, line in enumerate(lines[1:], start=2):
        if line.startswith(("#T_SP=", "#T_CH=", "#T_RL=")):
            name, *features = line[6:].split("|")
            layers.append(Layer(line[3:5], name, features, width))
            width += max(1, len(features))
        elif line.startswith("#Text="):
            if not sentences or sentences[-1].rows:
                sentences.append(_Sentence())
            sentences[-1].texts.append(unescape(line[6:]))
        elif line.strip() and not line.startswith("#"):
            match = _ROW.match(line)
            cells = line.split("\t")
            if match is None or len(cells) < width or not sentences:
                raise FormatError(f"found {line[:60]!r}, expected a token with {width} columns", line=number)
            sentences[-1].rows.append(Row(number, match[1], int(match[2]), int(match[3]), cells))
    if not sentences:
        raise FormatError("holds no #Text=", hint="There is nothing to read in it.")
    return layers, sentences


def _join(sentences: list[_Sentence]) -> tuple[str, list[tuple[int, int]]]:
    """The text, and the line and size of gaps between sentences that are no line break."""
    pieces: list[str] = []
    gaps: list[tuple[int, int]] = []
    units = 0
    for number, sentence in enumerate(sentences):
        part = "\n".join(sentence.texts)
        line = sentence.rows[0].line if sentence.rows else None
        gap = sentence.rows[0].start - units if sentence.rows else bool(number)
        if not 0 <= gap <= _LONGEST_GAP:
            raise FormatError(f"a sentence begins {gap} characters after the end of the last one", line=line)
        if gap > bool(number):
            gaps.append((line or 0, gap))
        pieces += ["\n"[:gap] if number else "", " " * (gap - bool(number)), part]
        units += gap + _units(part)
    return "".join(pieces), gaps


def _place(rows: list[Row], text: str) -> None:
    """Count the offsets of tokens in code points, and check that they stand where they say."""
    wide = [match.start() + number for number, match in enumerate(_WIDE.finditer(text))]
    for row in rows:
        places = []
        for units in (row.start, row.end):
            before = bisect_left(wide, units)
            inside = before > 0 and wide[before - 1] == units - 1
            if inside or units - before > len(text):
                what = f"{row.start}-{row.end} lies outside the text, or inside a character"
                raise FormatError(what, line=row.line, hint=_UNITS_HINT)
            places.append(units - before)
        row.start, row.end = places
        if text[row.start : row.end] != unescape(row.cells[2]):
            found = text[row.start : row.end][:20]
            what = f"token {row.name} is {row.cells[2][:20]!r}, but the text there is {found!r}"
            raise FormatError(what, line=row.line, hint=_UNITS_HINT)


def _units(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def _choose(layers: list[Layer]) -> tuple[Layer | None, Layer | None]:
    spans = [layer for layer in layers if layer.kind == "SP"]
    relations = [layer for layer in layers if layer.kind == "RL"]
    joined = [layer.features[-1].removeprefix("BT_") for layer in relations if layer.features]
    wanted = [ENTITY, *joined, *(layer.name for layer in spans)]
    entities = next((layer for name in wanted for layer in spans if layer.name == name), None)
    if entities is None:
        return None, None
    return entities, next((r for r in relations if r.features and r.features[-1] == f"BT_{entities.name}"), None)


def _report_others(
    layers: list[Layer], taken: tuple[Layer | None, Layer | None], rows: list[Row], builder: Builder
) -> None:
    """Report each column that holds something and is not read."""
    for layer in layers:
        read = set()
        if layer in taken:
            read = {layer.value, layer.first + len(layer.features) - 1} if layer.kind == "RL" else {layer.value}
        for number, feature in enumerate(layer.features or [""]):
            column = layer.first + number
            values = [row.cells[column] for row in rows if row.cells[column] not in ("", "_")]
            values = [value for value in values if not re.fullmatch(r"(\*(\[\d+\])?\|?)+", value) or layer not in taken]
            if column not in read and values:
                builder.lose("layer", f"{layer.name} {feature}".strip(), f"is not read: {len(values)} values")


def _add_entities(layer: Layer, rows: list[Row], builder: Builder) -> None:
    found: dict[tuple[str, int], tuple[int, int, str, int]] = {}
    for row in rows:
        for value, number in _values(row.cells[layer.value]):
            name = ("", number) if number else (row.name, 0)
            start, end, label, line = found.get(name, (row.start, row.end, value, row.line))
            if label != value:
                raise FormatError(f"[{number}] is {label!r} and {value!r}", line=row.line)
            found[name] = (min(start, row.start), max(end, row.end), label, line)
    for name, (start, end, label, line) in found.items():
        builder.add(name, start, end, label, line=line)


def _add_relations(layer: Layer, row: Row, builder: Builder) -> None:
    source_column = layer.first + len(layer.features) - 1
    sources = row.cells[source_column].split("|") if row.cells[source_column] not in ("", "_") else []
    labels = [value for value, _ in _values(row.cells[layer.value])] if layer.value != source_column else []
    for number, source in enumerate(sources):
        match = _SOURCE.fullmatch(source)
        if match is None or (labels and len(labels) != len(sources)):
            raise FormatError(f"found the relation {source[:40]!r} of {row.name}", line=row.line)
        first, last = int(match[2] or 0), int(match[3] or 0)
        head = ("", first) if first else (match[1], 0)
        tail = ("", last) if last else (row.name, 0)
        builder.relate(head, tail, labels[number] if labels else "", line=row.line)


def _values(cell: str) -> list[tuple[str, int]]:
    """Values and numbers in a cell; `*` is no value."""
    if cell in ("", "_"):
        return []
    values = []
    for part in _SPLIT.findall(cell):
        match = _VALUE.fullmatch(part)
        value, number = (match[1], match[2]) if match else (part, None)
        values.append(("" if value == "*" else unescape(value), int(number or 0)))
    return values


def unescape(text: str) -> str:
    r"""Undo what the format escapes.

    >>> unescape("HAS\\_METRIC"), unescape("a\\tb")
    ('HAS_METRIC', 'a\tb')
    """
    return _ESCAPED.sub(lambda match: _CONTROLS.get(match[1], match[1]), text)
