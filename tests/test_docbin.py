import pytest
import spacy
from hypothesis import given, settings
from spacy.tokens import DocBin, Span

from foreign import GOLD
from govnews.docbin import read_docbin, write_docbin
from govnews.errors import FormatError
from govnews.records import Document, Entity
from strategies import documents


@settings(max_examples=40, deadline=None)
@given(document=documents())
def test_documents_come_back_but_for_edges_of_white_space(tmp_path_factory, document):
    path = tmp_path_factory.getbasetemp() / "a.spacy"
    losses = []
    write_docbin([document], path, report=losses.append)
    [found] = read_docbin(path)
    kept = tuple(e for e in document.entities if document.surface(e) == document.surface(e).strip())
    relations = tuple(r for r in document.relations if {r.head, r.tail} <= set(kept))
    assert (found.id, found.text, found.meta, found.sections) == (
        document.id,
        document.text,
        document.meta,
        document.sections,
    )
    assert (found.entities, found.relations) == (kept, relations)
    assert len(losses) == len(document.entities + document.relations) - len(kept + relations)


def test_spacy_itself_reads_what_is_written(tmp_path):
    write_docbin([GOLD], tmp_path / "a.spacy")
    nlp = spacy.blank("zh")
    [doc] = DocBin().from_disk(tmp_path / "a.spacy").get_docs(nlp.vocab)
    assert [(ent.label_, ent.text) for ent in doc.ents] == [(e.label, GOLD.surface(e)) for e in GOLD.entities]
    assert [(r.head.text, r.label) for r in doc._.relations] == [
        (GOLD.surface(r.head), r.label) for r in GOLD.relations
    ]


def test_documents_of_another_pipeline_are_read_and_their_groups_of_spans_listed(tmp_path):
    doc = spacy.blank("xx")("县 今年")
    doc.set_ents([Span(doc, 0, 1, "ORG")])
    doc.spans["sc"] = [Span(doc, 1, 2, "DATE")]
    DocBin(docs=[doc, doc]).to_disk(tmp_path / "b.spacy")
    losses = []
    found = read_docbin(tmp_path / "b.spacy", report=losses.append)
    assert found == [Document(f"b-{number}", "县 今年", (Entity(0, 1, "ORG"),)) for number in (1, 2)]
    assert [(loss.kind, loss.path) for loss in losses] == [("span group", str(tmp_path / "b.spacy"))] * 2
    with pytest.raises(FormatError, match="span group 'sc' of 1 spans"):
        read_docbin(tmp_path / "b.spacy")


def test_scores_are_lost_and_said(tmp_path):
    losses = []
    write_docbin([Document("a", "县", (Entity(0, 1, "ORG", 0.5),))], tmp_path / "a.spacy", report=losses.append)
    assert [loss.kind for loss in losses] == ["score"]


@pytest.mark.parametrize("content", [b"", b"\0", "县".encode(), b"x" * 1_000_000])
def test_what_is_no_docbin_is_refused(tmp_path, content):
    path = tmp_path / "a.spacy"
    path.write_bytes(content)
    with pytest.raises(FormatError, match="is no DocBin") as caught:
        read_docbin(path)
    assert caught.value.path == str(path)


def test_a_cut_off_file_and_two_of_one_name_are_refused(tmp_path):
    path = tmp_path / "a.spacy"
    write_docbin([GOLD, GOLD], path)
    with pytest.raises(FormatError, match="a second document is called '5'"):
        read_docbin(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FormatError, match="is no DocBin"):
        read_docbin(path)
