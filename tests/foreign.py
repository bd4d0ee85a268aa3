"""What the tests of foreign formats share: one document in the shape of every tool, and a reader of bad files."""

from pathlib import Path

import pytest

from govnews.errors import GovnewsError
from govnews.formats.documents import FORMATS
from govnews.records import Document, Entity, Relation

DATA = Path(__file__).parent / "formats" / "data"

TEXT = "😀今年\t𠮷县新增\r\n学位\u30003700余个。"
DATE, ORG, METRIC = Entity(1, 3, "DATE"), Entity(4, 6, "ORG"), Entity(10, 19, "METRIC")
RELATIONS = (Relation(ORG, METRIC, "HAS_METRIC"), Relation(METRIC, DATE, "HAS_DATE"))
GOLD = Document("5", TEXT, (DATE, ORG, METRIC), RELATIONS, meta={"date": "2024-12-20"})
"""What has broken readers: code points beyond 16 bits before spans, a tab, CRLF, a full-width space in a span."""


def read(name, path, **options):
    """The documents, and what was reported."""
    losses = []
    return FORMATS[name].read(path, report=losses.append, **options), losses


def write(name, documents, path):
    """What was reported."""
    losses = []
    FORMATS[name].write(documents, path, report=losses.append)
    return losses


def check_fault(name, path, line, message):
    """The file is refused, with its place and in few words."""
    with pytest.raises(GovnewsError) as caught:
        FORMATS[name].read(path, report=[].append)
    assert message in caught.value.message
    assert caught.value.line == line
    assert caught.value.path == str(path)
    assert caught.value.hint
    assert len(caught.value.message) < 200


def check_loss(name, path, line, kind, why):
    """One thing is lost and said with its place; by default that is an error."""
    documents, losses = read(name, path)
    assert [(loss.kind, loss.line, loss.path) for loss in losses] == [(kind, line, str(path))]
    assert why in losses[0].why
    with pytest.raises(GovnewsError) as caught:
        FORMATS[name].read(path)
    assert (caught.value.path, caught.value.line) == (str(path), line)
    return documents
