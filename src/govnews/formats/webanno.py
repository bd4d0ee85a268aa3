"""WebAnno TSV 3, which INCEpTION reads and writes: one document a file, one token a row, layers as columns.

    #FORMAT=WebAnno TSV 3.3
    #T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value
    #T_RL=webanno.custom.Relation|label|BT_de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity


    #Text=雨湖区
    1-1	0-1	雨	ORG[1]	_	_

Offsets count UTF-16 units. One layer of spans and one of relations are read: named entities, or those that relations
join, or the first. Tokens are written one a character, sentences one a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from govnews.errors import FormatError
from govnews.formats.folder import name_file, replacing_folder
from govnews.formats.losses import Limits, Report, fit, refuse
from govnews.formats.textfile import read_text, write_text
from govnews.formats.webanno_parser import ENTITY, FEATURES, parse_webanno
from govnews.records import Document, Entity

LIMITS = Limits("WebAnno TSV", scores=False, meta=False, sections=False, edges=False, plain=True)
SUFFIX = ".tsv"
RELATION = "webanno.custom.Relation"
_RESERVED = ("\\", "[", "]", "|", "_", "->", ";", "*")
# A line, with the line breaks that no reader could tell: those before the first, and those beside a further one.
_SENTENCE = re.compile(r"(?:\A\n+)?[^\n]+(?:\n+\Z|\n+(?=\n))?")
_CONTROLS = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def read_webanno(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    """Read one file, or a folder of them; the names of files are the ids.

    Args:
        path: A `.tsv` file or a folder.
        encoding: Any encoding Python knows.
        report: Told of other layers and features, and of annotations without a value.

    Raises:
        FormatError: A file is no WebAnno TSV 3, with file and line.
    """
    path = Path(path)
    files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise FormatError(f"holds no {SUFFIX} file", path=path, hint="Name a folder of exported documents.")
    return [parse_webanno(read_text(file, encoding=encoding), path=file, report=report) for file in files]


def write_webanno(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    """Write one document to a `.tsv` file, or any number to a new folder, whole or not at all.

    Raises:
        FormatError: There are several documents for one file.
        GovnewsError: The folder is there already and not empty.
    """
    fitted = [fit(document, LIMITS, report=report) for document in documents]
    files = {name_file(document.id): _format(document) for document in fitted if document is not None}
    if Path(path).suffix.lower() == SUFFIX:
        if len(files) != 1:
            raise FormatError(
                f"a file holds one document, found {len(files)}", path=path, hint="Name a folder instead of a file."
            )
        write_text(path, *files.values())
        return
    if len(files) < sum(document is not None for document in fitted):
        raise FormatError("two documents have one id", path=path, hint="Rename one of them.")
    with replacing_folder(path) as part:
        for name, content in files.items():
            write_text(part / f"{name}{SUFFIX}", content)


def _format(document: Document) -> str:
    header = ["#FORMAT=WebAnno TSV 3.3", f"#T_SP={ENTITY}|{FEATURES[0]}"]
    if document.relations:
        header.append(f"#T_RL={RELATION}|{FEATURES[1]}|BT_{ENTITY}")
    rows, place = _rows(document)
    numbers = _number(document)
    entities: dict[int, list[str]] = {}
    for entity in document.entities:
        number = f"[{numbers[entity]}]" if entity in numbers else ""
        for at in range(entity.start, entity.end):
            entities.setdefault(at, []).append(escape(entity.label) + number)
    relations: dict[int, list[tuple[str, str]]] = {}
    for r in document.relations:
        pair = (numbers.get(r.head, 0), numbers.get(r.tail, 0))
        source = place[r.head.start] + (f"[{pair[0]}_{pair[1]}]" if any(pair) else "")
        relations.setdefault(r.tail.start, []).append((escape(r.label), source))
    lines = [*header, ""]
    for offset, row in rows:
        if offset is None:
            lines.append(row)
            continue
        cells = [row, "|".join(entities.get(offset, ["_"]))]
        if document.relations:
            found = relations.get(offset, [("_", "_")])
            cells += ["|".join(label for label, _ in found), "|".join(source for _, source in found)]
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def _rows(document: Document) -> tuple[list[tuple[int | None, str]], dict[int, str]]:
    """Lines of the file, those of tokens with their offset and without annotations; and the names of tokens."""
    rows: list[tuple[int | None, str]] = []
    place: dict[int, str] = {}
    units = last = 0
    for number, match in enumerate(_SENTENCE.finditer(document.text), start=1):
        sentence, start = match.group(), match.start()
        units += start - last  # a line break
        rows += [(None, ""), *((None, f"#Text={escape_text(line)}") for line in sentence.split("\n"))]
        leading = len(sentence) - len(sentence.lstrip())
        token = 0
        for at, char in enumerate(sentence):
            width = 2 if char > "\uffff" else 1
            if at < leading or not char.isspace():  # a sentence begins with its first token
                token += 1
                place[start + at] = f"{number}-{token}"
                rows.append((start + at, f"{number}-{token}\t{units}-{units + width}\t{escape_text(char)}"))
            units += width
        last = match.end()
    return rows, place


def _number(document: Document) -> dict[Entity, int]:
    """Numbers that tell entities apart where their first token does not: those of several tokens, or on one token."""
    covered: dict[int, int] = {}
    for entity in document.entities:
        for at in range(entity.start, entity.end):
            covered[at] = covered.get(at, 0) + 1
    unclear = [e for e in document.entities if e.end - e.start > 1 or covered[e.start] > 1]
    return {entity: number for number, entity in enumerate(unclear, start=1)}


def escape(value: str) -> str:
    r"""A label as the value of a feature.

    >>> escape("HAS_METRIC")
    'HAS\\_METRIC'
    """
    for reserved in _RESERVED:
        value = value.replace(reserved, "\\" + reserved)
    return _control(value)


def escape_text(text: str) -> str:
    r"""A text or token without tabs and line ends.

    >>> escape_text("a\tb")
    'a\\tb'
    """
    return _control(text.replace("\\", "\\\\"))


def _control(text: str) -> str:
    for char, escaped in _CONTROLS.items():
        text = text.replace(char, escaped)
    return text
