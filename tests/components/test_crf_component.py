import pickle

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Adam

from govnews.convert import document_to_doc
from govnews.errors import ModelError
from govnews.metrics.labels import score_entities
from govnews.pipeline import annotate
from govnews.records import Document, Entity
from govnews.training.reader import make_examples


@pytest.fixture(scope="module")
def nlp(ten):
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("zh")
    nlp.add_pipe("crf_ner")
    examples = list(make_examples([ten], nlp))
    optimizer = nlp.initialize(lambda: examples)
    losses = []
    for _ in range(60):
        losses.append(nlp.update(examples, sgd=optimizer, drop=0.1)["crf_ner"])
    assert losses[-1] < losses[0] / 20
    return nlp


def spans(doc):
    return [(ent.text, ent.label_) for ent in doc.ents]


def test_overfit_then_reload_knows_ten_sentences_by_heart(nlp, ten, tmp_path):
    assert score_entities([(ten, next(annotate(nlp, [ten])))]).micro.f1 == 1.0
    nlp.to_disk(tmp_path)
    for copy in (spacy.load(tmp_path), spacy.blank("zh").from_config(nlp.config).from_bytes(nlp.to_bytes())):
        assert score_entities([(ten, next(annotate(copy, [ten])))]).micro.f1 == 1.0
        assert copy.get_pipe("crf_ner").labels == ("DATE", "METRIC", "ORG", "PROGRAM")


def test_it_is_scored_as_spacys_recogniser_is(nlp, ten):
    scores = nlp.evaluate(list(make_examples([ten], nlp)))
    assert scores["ents_f"] == 1.0
    assert set(scores["ents_per_type"]) == {"DATE", "METRIC", "ORG", "PROGRAM"}


def test_texts_do_not_depend_on_their_neighbours(nlp, ten):
    texts = [*ten.text.split("\n"), "", "春", ten.text]
    together = [spans(doc) for doc in nlp.pipe(texts, batch_size=64)]
    assert together == [spans(nlp(text)) for text in texts]


def test_other_processes_and_pickles_find_the_same(nlp, ten):
    expected = spans(nlp(ten.text))
    assert spans(next(iter(nlp.pipe([ten.text], n_process=2)))) == expected
    assert spans(pickle.loads(pickle.dumps(nlp))(ten.text)) == expected


def test_entities_lie_in_one_sentence_where_sentences_are_set(nlp, ten):
    doc = nlp.make_doc("青禾县" * 20)
    for token in doc:
        token.is_sent_start = token.i % 2 == 0
    nlp.get_pipe("crf_ner")(doc)
    assert doc.ents
    assert all(ent.start // 2 == (ent.end - 1) // 2 for ent in doc.ents)
    assert any(ent.start // 2 != (ent.end - 1) // 2 for ent in nlp("青禾县" * 20).ents)


def test_no_entity_begins_or_ends_with_white_space(nlp):
    pipe = nlp.get_pipe("crf_ner")
    doc = Doc(nlp.vocab, words=[" ", "县", "\n", "县"], spaces=[False] * 4)
    tags = [pipe.scheme.encode([(0, 2, "ORG"), (3, 4, "ORG")], 4)]
    pipe.set_annotations([doc], tags)
    assert [(ent.start, ent.end) for ent in doc.ents] == [(3, 4)]


def test_how_sure_it_is_of_a_tagging_multiplies_to_its_probability(nlp, ten):
    pipe = nlp.get_pipe("crf_ner")
    docs = [nlp.make_doc(text) for text in ("青禾县增长5%。", "", "云岭镇")]
    for doc, (tags, chances) in zip(docs, pipe.judge(docs), strict=True):
        assert tags.shape == (len(doc),)
        assert chances.shape == (len(doc), 17)
        np.testing.assert_allclose(chances.sum(axis=1), 1)
    assert [tags.tolist() for tags, _ in pipe.judge(docs)] == [tags.tolist() for tags in pipe.predict(docs)]


def test_the_loss_falls_where_the_gradient_points(nlp, ten):
    pipe = nlp.get_pipe("crf_ner")
    examples = list(make_examples([ten, Document("b", ""), Document("c", "春天来了。")], nlp))
    scores = [array + 0.1 for array in pipe.model.predict([example.predicted for example in examples])]
    loss, (gradients, _) = pipe.get_loss(examples, scores)
    moved = [array - 1e-3 * gradient for array, gradient in zip(scores, gradients, strict=True)]
    assert pipe.get_loss(examples, moved)[0] < loss
    assert [gradient.shape for gradient in gradients] == [array.shape for array in scores]


def test_a_reference_with_other_tokens_is_aligned(nlp, ten):
    predicted = nlp.make_doc("青禾县增长")
    reference = Doc(nlp.vocab, words=["青禾县", "增长"], spaces=[False, False])
    reference.set_ents([reference.char_span(0, 3, label="ORG")])
    pipe = nlp.get_pipe("crf_ner")
    scores = pipe.model.predict([predicted])
    loss, _ = pipe.get_loss([Example(predicted, reference)], scores)
    same = document_to_doc(Document("a", "青禾县增长", (Entity(0, 3, "ORG"),)), nlp).doc
    assert loss == pytest.approx(pipe.get_loss([Example(predicted, same)], scores)[0])


def test_nothing_to_update_on_changes_nothing(nlp):
    before = nlp.get_pipe("crf_ner").to_bytes()
    examples = list(make_examples([Document("a", "")], nlp))
    assert nlp.get_pipe("crf_ner").update(examples, sgd=Adam(0.1)) == {"crf_ner": 0.0}
    assert nlp.get_pipe("crf_ner").to_bytes() == before


def test_a_long_text_takes_time_in_proportion(nlp, quick):
    assert spans(nlp("青禾县实现增长5.1%。" * 2_000))


def test_data_without_entities_is_told():
    nlp = spacy.blank("zh")
    nlp.add_pipe("crf_ner")
    with pytest.raises(ModelError, match="holds no entity"):
        nlp.initialize(lambda: list(make_examples([Document("a", "春天来了。")], nlp)))


def test_labels_are_fixed(nlp):
    with pytest.raises(ModelError, match="cannot be added"):
        nlp.get_pipe("crf_ner").add_label("TOPIC")
