"""brat standoff: for each document a text and a file of annotations beside it, `NAME.txt` and `NAME.ann`.

    T1	ORG 0 3	雨湖区
    T2	METRIC 5 13	学位3700余个
    R1	HAS_METRIC Arg1:T1 Arg2:T2

Offsets are half-open and count code points of the text file. A span over a line break is written in pieces, as brat
does, and read as one; other discontinuous spans, events, attributes and notes cannot be kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from govnews.errors import FormatError
from govnews.formats.builder import Builder
from govnews.formats.folder import document_id, name_file, replacing_folder
from govnews.formats.losses import Limits, Loss, Report, fit, refuse
from govnews.formats.textfile import decode, read_bytes, read_text, write_text
from govnews.records import Document, Entity

LIMITS = Limits("brat", scores=False, meta=False, sections=False, label=r"[^\s:]+", plain=True)
_SUFFIXES = (".txt", ".ann")
_LINE = re.compile(r"(?:[TREAMN]\d+|\*|#\d+)\t")
_PAIR = "[0-9]{1,12} [0-9]{1,12}"
_SPAN = re.compile(rf"(\S+) ({_PAIR}(?:;{_PAIR})*)")
_RELATION = re.compile(r"(\S+) Arg1:(\S+) Arg2:(\S+)\s*")
_OTHER = {"E": "event", "A": "attribute", "M": "attribute", "N": "normalization", "#": "note", "*": "equivalence"}
_BREAK = re.compile(r"\r?\n")
_HINT = "A span is `T1<tab>ORG 0 3<tab>雨湖区`, a relation `R1<tab>RUNS Arg1:T1 Arg2:T2`."


def is_brat(annotations: str) -> bool:
    r"""Whether the lines of an `.ann` file are brat's, and not this project's inline format.

    >>> is_brat("T1\tORG 0 3\t雨湖区\n"), is_brat("# doc: a\n\n{ORG1:雨湖区}\n")
    (True, False)
    """
    first = next((line for line in annotations.split("\n") if line.strip()), "")
    return _LINE.match(first) is not None


def read_brat(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    """Read a folder of texts and annotations, or one of them; the names of files are the ids.

    Args:
        path: A folder, or a `.txt` or `.ann` file with the other beside it.
        encoding: Any encoding Python knows.
        report: Told of what is no span and no relation, and of spans in pieces.

    Raises:
        FormatError: A file is missing, or a line is not brat's, with file and line.
    """
    path = Path(path)
    pairs = (file for file in path.iterdir() if file.suffix in _SUFFIXES) if path.is_dir() else [path]
    texts = sorted({file.with_name(file.name.removesuffix(file.suffix) + ".txt") for file in pairs})
    if not texts:
        raise FormatError(
            "holds no .txt and no .ann file", path=path, hint="A folder of brat has pairs of NAME.txt and NAME.ann."
        )
    return [_read_pair(text, encoding=encoding, report=report) for text in texts]


def write_brat(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    """Write a new folder of texts, annotations and the `annotation.conf` that brat asks for, whole or not at all.

    Raises:
        GovnewsError: The folder is there already and not empty.
    """
    labels: dict[str, None] = {}
    relations: dict[str, None] = {}
    with replacing_folder(path) as part:
        for document in documents:
            fitted = fit(document, LIMITS, report=report)
            if fitted is None:
                continue
            name = part / f"{name_file(document.id)}.txt"
            if name.exists():
                raise FormatError(f"two documents are called {document.id!r}", path=path, hint="Rename one of them.")
            write_text(name, fitted.text)
            write_text(_beside(name), _format(fitted, report))
            labels |= dict.fromkeys(e.label for e in fitted.entities)
            relations |= dict.fromkeys(r.label for r in fitted.relations)
        ends = [f"{label}\tArg1:<ENTITY>, Arg2:<ENTITY>" for label in relations]
        parts = {"entities": list(labels), "relations": ends, "events": [], "attributes": []}
        conf = "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in parts.items())
        write_text(part / "annotation.conf", conf)


def _beside(text: Path) -> Path:
    return text.with_name(text.name.removesuffix(".txt") + ".ann")


def _format(document: Document, report: Report) -> str:
    names: dict[Entity, str] = {}
    lines = []
    for entity in document.entities:
        pieces = list(_pieces(document, entity))
        if not pieces or pieces[0][0] != entity.start or pieces[-1][1] != entity.end:
            what = f"{entity.label} {document.surface(entity)!r} (document {document.id!r})"
            report(Loss("entity", what, "begins or ends with a line break"))
            continue
        names[entity] = f"T{len(names) + 1}"
        offsets = ";".join(f"{start} {end}" for start, end in pieces)
        surface = " ".join(document.text[start:end] for start, end in pieces)
        lines.append(f"{names[entity]}\t{entity.label} {offsets}\t{surface}\n")
    for number, relation in enumerate(document.relations, start=1):
        if relation.head in names and relation.tail in names:
            arguments = f"Arg1:{names[relation.head]} Arg2:{names[relation.tail]}"
            lines.append(f"R{number}\t{relation.label} {arguments}\n")
        else:
            report(Loss("relation", f"{relation.label} (document {document.id!r})", "has an argument that is lost"))
    return "".join(lines)


def _pieces(document: Document, entity: Entity) -> Iterator[tuple[int, int]]:
    """What lies between the line breaks of an entity."""
    start = entity.start
    for match in _BREAK.finditer(document.text, entity.start, entity.end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < entity.end:
        yield start, entity.end


def _read_pair(path: Path, *, encoding: str, report: Report) -> Document:
    raw = read_bytes(path)
    text = decode(raw, name=path, encoding=encoding)
    annotations = _beside(path)
    if not annotations.is_file():
        raise FormatError(
            "has no .ann file beside it", path=path, hint=f"Expected {annotations.name}; it may be empty."
        )
    content = read_text(annotations, encoding=encoding) if read_bytes(annotations).strip() else ""
    builder = Builder(
        document_id(path.name.removesuffix(".txt")), text, report=lambda loss: report(loss.at(annotations))
    )
    lines = [(n, line) for n, line in enumerate(content.split("\n"), start=1) if line.strip()]
    # brat counts a byte order mark, which is no part of the text
    shift = 1 if raw.startswith("\ufeff".encode(encoding, "ignore") or b"\0") and _fits(lines, text, 1) else 0
    relations = []
    try:
        for number, line in lines:
            kind = line[:1]
            if kind == "T":
                _add_span(line, number, builder, shift=shift)
            elif kind == "R":
                relations.append((number, line))
            elif kind in _OTHER and _LINE.match(line):
                builder.lose(_OTHER[kind], repr(line[:40]), "is no span and no relation", line=number)
                builder.name_lost(line.split("\t")[0])
            else:
                raise _fault(line, number)
        for number, line in relations:
            match = _RELATION.fullmatch(line.partition("\t")[2])
            if match is None:
                raise _fault(line, number)
            builder.relate(match[2], match[3], match[1], line=number)
    except FormatError as error:
        raise error.at(annotations, error.line) from None
    return builder.build()


def _fault(line: str, number: int) -> FormatError:
    return FormatError(f"found {line[:60]!r}", line=number, hint=_HINT)


def _fits(lines: list[tuple[int, str]], text: str, shift: int) -> bool:
    """Whether spans stand in the text where they say, moved to the left."""
    for _, line in lines:
        match = re.match(r"T\d+\t\S+ ([0-9]{1,12}) ([0-9]{1,12})\t(.*)", line)
        if match:
            return text[max(int(match[1]) - shift, 0) : int(match[2]) - shift] == match[3].rstrip("\r")
    return False


def _add_span(line: str, number: int, builder: Builder, *, shift: int) -> None:
    name, *rest = line.split("\t", 2)
    match = _SPAN.fullmatch(rest[0]) if len(rest) == 2 else None
    if match is None:
        raise _fault(line, number)
    start, *edges, end = (int(at) - shift for at in re.split("[ ;]", match[2]))
    gaps = [builder.text[max(a, 0) : b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if any(not gap or _BREAK.sub("", gap) for gap in gaps):
        builder.lose("entity", f"{name} {match[1]} {rest[1].rstrip()!r}", "is in several pieces", line=number)
        builder.name_lost(name)
        return
    covered = builder.text[max(start, 0) : end]
    same = _BREAK.sub(" ", covered).rstrip("\r") == rest[1].rstrip("\r")
    builder.add(name, start, end, match[1], surface=covered if same else rest[1].rstrip("\r"), line=number)
