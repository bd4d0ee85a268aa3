import pickle
from dataclasses import replace

import pytest
import spacy
from spacy.training import Example

from govnews.convert import doc_to_document, document_to_doc
from govnews.errors import ModelError
from govnews.metrics.labels import score_entities, score_relations
from govnews.pipeline import annotate, load_model
from govnews.records import Document, Entity, Relation
from govnews.scoring import relate_gold
from storages import STORAGES, store_and_load

SENTENCE = "去年，青禾县实现地区生产总值86.4亿元，增长5.1%。"


@pytest.fixture(scope="module")
def nlp(trained):
    return load_model(trained)


def found(doc):
    return [(r.head.text, r.label, r.tail.text, r.score) for r in doc._.relations]


def test_overfit_then_reload_knows_ten_sentences_by_heart(nlp, ten):
    predicted = next(annotate(nlp, [ten]))
    assert score_entities([(ten, predicted)]).micro.f1 == 1.0
    assert score_relations([(ten, predicted)]).micro.f1 == 1.0
    assert score_relations([(ten, relate_gold(nlp, [ten])[0])]).micro.f1 == 1.0


def test_labels_and_signatures_come_from_the_data(nlp):
    relations = nlp.get_pipe("relations")
    assert relations.labels == ("HAS_DATE", "HAS_METRIC", "PART_OF", "RUNS")
    assert ("METRIC", "METRIC", "PART_OF") in relations.signatures
    assert ("ORG", "ORG", "PART_OF") not in relations.signatures


def test_relations_are_spans_with_scores(nlp):
    doc = nlp(SENTENCE)
    assert ("青禾县", "HAS_METRIC", "增长5.1%") in {row[:3] for row in found(doc)}
    for relation in doc._.relations:
        assert relation.head in doc.ents
        assert relation.tail in doc.ents
        assert 0.5 < relation.score <= 1


@pytest.mark.parametrize("storage", STORAGES)
def test_relations_and_scores_survive(nlp, storage, tmp_path):
    doc = nlp(SENTENCE)
    expected = found(doc)
    assert expected
    assert found(store_and_load(doc, storage, tmp_path)) == expected


def test_relations_survive_other_processes(nlp):
    assert found(list(nlp.pipe([SENTENCE] * 3, n_process=2))[-1]) == found(nlp(SENTENCE))


def test_the_whole_pipeline_survives_bytes_and_pickle(nlp):
    expected = found(nlp(SENTENCE))
    assert found(pickle.loads(pickle.dumps(nlp))(SENTENCE)) == expected
    again = spacy.blank("zh", config=nlp.config).from_bytes(nlp.to_bytes())
    assert found(again(SENTENCE)) == expected


@pytest.mark.parametrize("text", ["", "。", "春天来了。", "青禾县的春天来得格外早。", "5", "\n\n", "😀" * 50])
def test_documents_without_a_pair_are_no_special_case(nlp, text):
    doc = nlp(text)
    assert doc._.relations == []
    assert doc.text == text


def test_a_document_of_ten_thousand_characters_repeats_what_its_sentences_say(nlp):
    one = [row[:3] for row in found(nlp(SENTENCE + "\n"))]
    repeats = 10_000 // len(SENTENCE) + 1
    many = [row[:3] for row in found(nlp((SENTENCE + "\n") * repeats))]
    assert many == one * repeats


def test_no_relation_crosses_a_sentence(nlp):
    doc = nlp("青禾县大力实施“百村清流”行动。增长5.1%。去年。")
    for relation in doc._.relations:
        assert relation.head.sent == relation.tail.sent


def test_one_head_a_figure(nlp):
    pipe = nlp.get_pipe("relations")
    before = pipe.cfg["threshold"]
    pipe.cfg["threshold"] = 0.0
    try:
        doc = nlp("通过“银龄食堂”项目，南塘社区服务老人3000余名。")
        tails = [r.tail.text for r in doc._.relations if r.label == "HAS_METRIC"]
        assert tails == ["老人3000余名"]
        runs = [r for r in doc._.relations if r.label == "RUNS"]
        assert runs
    finally:
        pipe.cfg["threshold"] = before


def blank_pipe(**settings):
    nlp = spacy.blank("zh")
    return nlp, nlp.add_pipe("relations", config=settings)


def examples_of(nlp, *documents):
    return [Example(nlp.make_doc(d.text), document_to_doc(d, nlp).doc) for d in documents]


def with_random_logits(nlp, pipe, document):
    import numpy as np

    examples = examples_of(nlp, document)
    nlp.initialize(lambda: examples)
    batch = [pipe._training_candidates(examples[0])]
    logits = np.random.default_rng(1).normal(size=(len(batch[0]), len(pipe.labels))).astype("f") * 3
    return examples, batch, logits


def test_data_without_relations_says_so():
    nlp, _ = blank_pipe()
    document = Document("a", "青禾县增长5%", (Entity(0, 3, "ORG"),))
    with pytest.raises(ModelError, match="holds no relation"):
        nlp.initialize(lambda: examples_of(nlp, document))


def test_truth_is_built_for_the_very_pairs_that_are_scored(ten):
    nlp, pipe = blank_pipe()
    examples = examples_of(nlp, ten)
    nlp.initialize(lambda: examples)
    wrong = [span for span in document_to_doc(ten, nlp).doc.ents if span.text != "青禾县"]
    predicted = examples[0].predicted
    predicted.set_ents([predicted.char_span(s.start_char, s.end_char, label=s.label_) for s in wrong])
    candidates = pipe._training_candidates(examples[0])
    truth, mask = pipe._truth(examples[0], candidates), pipe._allowed([candidates])
    gold = {(r.head, r.tail, r.label) for r in ten.relations}
    for row, (head, tail) in enumerate(zip(candidates.heads, candidates.tails, strict=True)):
        for column, label in enumerate(pipe.labels):
            key = tuple(Entity(s.start_char, s.end_char, s.label_) for s in (head, tail))
            assert truth[row, column] == ((*key, label) in gold)
            assert mask[row, column] == ((head.label_, tail.label_, label) in pipe.signatures)
    assert truth.sum() > len(gold)  # gold pairs once, and again those that the prediction holds


def test_the_loss_is_cross_entropy_over_allowed_labels(ten):
    import numpy as np
    from sklearn.metrics import log_loss

    nlp, pipe = blank_pipe()
    examples, batch, logits = with_random_logits(nlp, pipe, ten)
    loss, gradient = pipe.get_loss(examples, (batch, logits))
    truth, mask = pipe._truth(examples[0], batch[0]), pipe._allowed(batch)
    probabilities = 1 / (1 + np.exp(-logits))
    expected = log_loss(truth[mask > 0], probabilities[mask > 0], normalize=False)
    assert loss == pytest.approx(expected, rel=1e-4)
    assert (gradient[mask == 0] == 0).all()
    step = 1e-2
    for row, column in [(0, int(mask[0].argmax())), (3, int(mask[3].argmax()))]:
        moved = []
        for sign in (1, -1):
            changed = logits.copy()
            changed[row, column] += sign * step
            moved.append(pipe.get_loss(examples, (batch, changed))[0])
        assert gradient[row, column] == pytest.approx((moved[0] - moved[1]) / (2 * step), rel=0.05, abs=1e-4)


def test_where_labels_exclude_each_other_they_compete_with_each_other_and_with_none(ten):
    import numpy as np
    from scipy.special import log_softmax

    nlp, pipe = blank_pipe(exclusive=True)
    examples, batch, logits = with_random_logits(nlp, pipe, ten)
    loss, gradient = pipe.get_loss(examples, (batch, logits))
    truth, mask = pipe._truth(examples[0], batch[0]), pipe._allowed(batch)
    allowed = np.where(mask > 0, logits, -1e9)
    classes = log_softmax(np.hstack([allowed, np.zeros((len(logits), 1))]), axis=1)  # no relation comes last
    expected = -np.where(truth.any(axis=1), (classes[:, :-1] * truth).sum(axis=1), classes[:, -1]).sum()
    assert loss == pytest.approx(expected, rel=1e-4)
    assert (gradient[mask == 0] == 0).all()
    np.testing.assert_allclose(gradient, np.exp(classes[:, :-1]) * mask - truth, rtol=1e-3, atol=1e-6)


def test_a_label_cannot_have_both_a_single_head_and_a_single_tail():
    with pytest.raises(ModelError, match="'RUNS' is in both"):
        blank_pipe(single_head=["RUNS", "HAS_METRIC"], single_tail=["RUNS"])


def test_exclusive_labels_are_told_apart_though_none_is_above_the_threshold(ten):
    import numpy as np

    nlp, pipe = blank_pipe(exclusive=True)
    first = Document("a", "青禾县云岭镇", (Entity(0, 3, "ORG"), Entity(3, 6, "ORG")))
    labelled = [replace(first, relations=(Relation(*first.entities, label),)) for label in ("NEAR", "PART_OF")]
    nlp.initialize(lambda: examples_of(nlp, *labelled))
    doc = examples_of(nlp, first)[0].reference
    candidates = pipe._candidates(doc, doc.ents)
    assert len(candidates) == 2
    found = pipe._decode(candidates, np.array([[0.45, 0.4], [0.2, 0.2]], dtype="f"))
    assert [(r.head.text, r.tail.text, r.label) for r in found] == [("青禾县", "云岭镇", "NEAR")]


def test_relations_may_cross_sentences(ten):
    text = "青禾县很大。增长5%。"
    document = Document("a", text, (Entity(0, 3, "ORG"), Entity(6, 10, "METRIC")))
    document = replace(document, relations=(Relation(*document.entities, "HAS_METRIC"),))
    for across in (False, True):
        nlp, pipe = blank_pipe(across_sentences=across)
        examples = examples_of(nlp, document)
        nlp.initialize(lambda examples=examples: examples)
        assert len(pipe._gold_candidates(examples[0])) == across
        assert pipe.considers(document, *document.entities) == across


def test_updating_on_documents_without_pairs_changes_nothing(ten):
    nlp, pipe = blank_pipe()
    nlp.initialize(lambda: examples_of(nlp, ten))
    losses = pipe.update(examples_of(nlp, Document("a", "春天来了。")), losses={})
    assert losses == {"relations": 0.0}


def test_labels_cannot_be_added_by_hand():
    _, pipe = blank_pipe()
    with pytest.raises(ModelError, match="labels are read from the data"):
        pipe.add_label("OWNS")


def test_a_new_label_in_the_data_is_learned():
    text = "李明任青禾县县长。"
    person, org = Entity(0, 2, "PERSON"), Entity(3, 6, "ORG")
    document = Document("a", text, (person, org), (Relation(person, org, "LEADS"),))
    nlp, pipe = blank_pipe()
    examples = examples_of(nlp, document)
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(30):
        pipe.update(examples, sgd=optimizer, drop=0.0)
    assert pipe.labels == ("LEADS",)
    [predicted] = relate_gold(nlp, [document])
    assert predicted.relations == document.relations


def test_spacy_scores_it_while_training(nlp, ten):
    scores = nlp.evaluate(examples_of(nlp, ten))
    assert scores["rel_f"] == 1.0
    assert scores["rel_per_type"]["RUNS"]["r"] == 1.0


def test_the_scorer_counts_gold_pairs_that_were_never_proposed(ten):
    from govnews.components.relation_scorer import score

    nlp = spacy.blank("zh")
    [example] = examples_of(nlp, ten)
    scores = score([example])
    assert (scores["rel_p"], scores["rel_r"], scores["rel_f"]) == (0.0, 0.0, 0.0)
    example.predicted.user_data.update(example.reference.user_data)
    assert score([example])["rel_f"] == 1.0
    assert doc_to_document(example.predicted, ten).relations == ten.relations
