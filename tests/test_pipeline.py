import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from govnews.errors import ModelError
from govnews.pipeline import annotate, cut_pieces, load_model
from govnews.records import Document


@given(st.text(alphabet="雨湖。！\n a", max_size=80), st.integers(1, 20))
def test_pieces_tile_the_text_and_stay_short(text, size):
    pieces = cut_pieces(text, size)
    assert "".join(text[a:b] for a, b in pieces) == text
    assert all(b - a <= size for a, b in pieces)


@given(st.text(alphabet="雨湖。\n", max_size=80))
def test_pieces_end_where_sentences_do_when_sentences_are_short(text):
    longest = max((len(part) for part in text.replace("\n", "。").split("。")), default=0) + 80
    for start, _ in cut_pieces(text, longest)[1:]:
        assert text[start - 1] in "。\n"


def test_a_document_longer_than_spacy_allows_is_no_special_case():
    nlp = spacy.blank("zh")
    nlp.max_length = 6_000
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "青禾县"}])
    sentence = "今年青禾县增长5%。\n"
    [found] = annotate(nlp, [Document("long", sentence * 2_000)])
    assert len(found.entities) == 2_000
    assert {found.surface(entity) for entity in found.entities} == {"青禾县"}


def test_documents_come_back_in_order_with_their_identity(trained, ten):
    nlp = load_model(trained)
    documents = [Document(str(n), f"青禾县{n}", meta={"date": "2020-01-01"}) for n in range(5)]
    found = list(annotate(nlp, [*documents, Document("empty", ""), ten], batch_chars=7))
    assert [document.id for document in found] == ["0", "1", "2", "3", "4", "empty", "ten"]
    assert found[0].meta == {"date": "2020-01-01"}
    assert next(annotate(nlp, [ten])).entities == found[-1].entities


@pytest.mark.parametrize("make", ["missing", "file", "empty folder", "broken"])
def test_a_missing_model_is_told_with_what_to_do(make, tmp_path):
    path = tmp_path / "model"
    if make == "file":
        path.write_text("x")
    elif make != "missing":
        path.mkdir()
    if make == "broken":
        (path / "config.cfg").write_text('[nlp]\nlang = "zh"\n')
    with pytest.raises(ModelError) as caught:
        load_model(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint


def test_a_pipeline_that_asks_for_what_is_not_installed_is_told(tmp_path):
    nlp = spacy.blank("zh")
    nlp.to_disk(tmp_path)
    config = (tmp_path / "config.cfg").read_text().replace("spacy.zh.ChineseTokenizer", "other.Tokenizer.v1")
    (tmp_path / "config.cfg").write_text(config)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_model(tmp_path)


def test_no_batch_is_larger_than_asked_for(monkeypatch):
    nlp = spacy.blank("zh")
    sizes = []
    pipe = nlp.pipe

    def spy(batch, as_tuples=False, **options):
        if as_tuples:
            sizes.append(sum(len(text) for text, _ in batch))
        return pipe(batch, as_tuples=as_tuples, **options)

    monkeypatch.setattr(nlp, "pipe", spy)
    texts = ["今年增长。\n" * 5_000, "短", "中等" * 50] * 3
    found = list(annotate(nlp, [Document(str(n), text) for n, text in enumerate(texts)]))
    assert [document.text for document in found] == texts
    assert sum(sizes) == sum(map(len, texts))
    assert max(sizes) <= 10_000
