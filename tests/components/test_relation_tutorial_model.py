import numpy as np
import pytest
import spacy
from spacy.training import Example
from thinc.api import Adam, Config, Linear, Model, Ragged, reduce_mean

from govnews.components.relation_candidates import propose
from govnews.components.relation_model import build_relation_model
from govnews.components.relation_tutorial_model import build_tutorial_relation_model
from govnews.convert import document_to_doc
from govnews.metrics.labels import score_relations
from govnews.pipeline import load_model
from govnews.scoring import relate_gold

WIDTH, LABELS = 8, 2
SIGNATURES = [("ORG", "METRIC", "HAS_METRIC"), ("METRIC", "METRIC", "PART_OF")]
TEXTS = (
    ("青禾县新增企业5家", [(0, 3, "ORG"), (5, 9, "METRIC")]),  # one pair
    ("没有", []),
    ("青禾县", [(0, 3, "ORG")]),  # one entity
    ("", []),
    ("青禾县、云岭镇增长5%，下降3%", [(0, 3, "ORG"), (4, 7, "ORG"), (7, 11, "METRIC"), (12, 16, "METRIC")]),  # six
)


@pytest.fixture
def batch():
    nlp = spacy.blank("zh")
    made = []
    for text, spans in TEXTS:
        doc = nlp.make_doc(text)
        doc.set_ents([doc.char_span(a, b, label=label) for a, b, label in spans])
        made.append(propose(doc, doc.ents, SIGNATURES, window=9))
    return made


def given_vectors(batch, seed=0):
    """An encoder that gives vectors made beforehand, and keeps the gradients it is told."""
    rng = np.random.default_rng(seed)
    vectors = {id(candidates.doc): rng.normal(size=(len(candidates.doc), WIDTH)).astype("f") for candidates in batch}
    gradients = {}

    def forward(model, docs, is_train):
        def backprop(found):
            gradients.update(zip(map(id, docs), found, strict=True))
            return docs

        return [vectors[id(doc)] for doc in docs], backprop

    tok2vec = Model("given", forward, dims={"nO": WIDTH}, init=lambda model, X=None, Y=None: None)
    return tok2vec, vectors, gradients


def initialized(batch, seed=0):
    tok2vec, vectors, gradients = given_vectors(batch)
    model = build_tutorial_relation_model(tok2vec)
    model.initialize(X=batch, Y=np.zeros((1, LABELS), dtype="f"))
    rng = np.random.default_rng(seed)
    output = model.get_ref("output")
    output.set_param("W", rng.normal(size=(LABELS, 2 * WIDTH)).astype("f"))
    output.set_param("b", rng.normal(size=LABELS).astype("f"))
    return model, vectors, gradients


def as_the_tutorial_does(batch, vectors, weights, bias):
    """Forward and backward by thinc's own pooling: tokens of each span copied out, averaged, put side by side."""
    layer = Linear(LABELS, 2 * WIDTH)
    layer.initialize()
    layer.set_param("W", weights)
    layer.set_param("b", bias)
    spans = [
        (candidates.doc, span.start, span.end)
        for candidates in batch
        for pair in zip(candidates.heads, candidates.tails, strict=True)
        for span in pair
    ]
    rows = np.concatenate([vectors[id(doc)][start:end] for doc, start, end in spans])
    lengths = np.array([end - start for _, start, end in spans], dtype="i")
    pooled, backprop_pooled = reduce_mean()(Ragged(rows, lengths), is_train=True)
    scores, backprop_scores = layer(pooled.reshape(-1, 2 * WIDTH), is_train=True)

    def backprop(d_scores):
        d_rows = backprop_pooled(backprop_scores(d_scores).reshape(-1, WIDTH)).dataXd
        gradients = {key: np.zeros_like(array) for key, array in vectors.items()}
        for (doc, start, end), last in zip(spans, lengths.cumsum(), strict=True):
            gradients[id(doc)][start:end] += d_rows[last - (end - start) : last]
        return gradients, layer.get_grad("W"), layer.get_grad("b")

    return scores, backprop


def test_scores_and_gradients_are_those_of_the_tutorials_layers(batch):
    model, vectors, gradients = initialized(batch)
    output = model.get_ref("output")
    expected, backprop_expected = as_the_tutorial_does(batch, vectors, output.get_param("W"), output.get_param("b"))
    scores, backprop = model(batch, is_train=True)
    assert scores.shape == (1 + 0 + 0 + 0 + 6, LABELS)
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-5)
    d_scores = np.random.default_rng(1).normal(size=scores.shape).astype("f")
    returned = backprop(d_scores)
    assert returned == [candidates.doc for candidates in batch]
    d_vectors, d_weights, d_bias = backprop_expected(d_scores)
    assert gradients.keys() == d_vectors.keys()
    for key, gradient in gradients.items():
        np.testing.assert_allclose(gradient, d_vectors[key], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(output.get_grad("W"), d_weights, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(output.get_grad("b"), d_bias, rtol=1e-4, atol=1e-5)


def test_gradients_are_those_of_finite_differences(batch):
    model, vectors, gradients = initialized(batch)
    output = model.get_ref("output")
    direction = np.random.default_rng(2).normal(size=(7, LABELS)).astype("f")
    _, backprop = model(batch, is_train=True)
    backprop(direction)
    places = [(vectors[id(batch[n].doc)], gradients[id(batch[n].doc)], at) for n, at in (
        (0, (0, 0)), (0, (4, 3)), (0, (8, 7)), (4, (1, 5)), (4, (3, 1)), (4, (8, 2)), (4, (15, 7)),
    )]  # fmt: skip
    places += [(output.get_param("W"), output.get_grad("W"), at) for at in ((0, 0), (1, 9), (1, 15))]
    places += [(output.get_param("b"), output.get_grad("b"), at) for at in ((0,), (1,))]
    for array, gradient, at in places:
        values = []
        for step in (0.5, -0.5):  # the model is linear: a large step is exact, and rounding counts less
            array[at] += step
            values.append(float((model.predict(batch) * direction).sum(dtype="float64")))
            array[at] -= step
        assert gradient[at] == pytest.approx(values[0] - values[1], rel=1e-3, abs=1e-4)


def test_tokens_outside_entities_get_no_gradient_and_do_not_change_a_score(batch):
    model, vectors, gradients = initialized(batch)
    before, backprop = model(batch, is_train=True)
    backprop(np.ones_like(before))
    for candidates in batch:
        inside = {token.i for span in candidates.heads + candidates.tails for token in span}
        for token in candidates.doc:
            gradient = gradients[id(candidates.doc)][token.i]
            if token.i in inside:
                assert np.abs(gradient).max() > 1e-3
            else:
                np.testing.assert_allclose(gradient, 0, atol=1e-5)
                vectors[id(candidates.doc)][token.i] = 5
    np.testing.assert_allclose(model.predict(batch), before, rtol=1e-4, atol=1e-4)


def test_head_and_tail_are_told_apart(batch):
    model, _, _ = initialized(batch)
    candidates = batch[4]
    rows = list(zip(candidates.heads, candidates.tails, strict=True))
    there, back = (
        n for n, (head, tail) in enumerate(rows) if {head.text, tail.text} == {"增长5%", "下降3%"}
    )  # the one pair of labels that goes both ways
    scores = model.predict([candidates])
    assert np.abs(scores[there] - scores[back]).max() > 0.01


def test_each_document_is_scored_as_if_alone(batch):
    model, _, _ = initialized(batch)
    alone = [model.predict([candidates]) for candidates in batch]
    assert [len(scores) for scores in alone] == [1, 0, 0, 0, 6]
    np.testing.assert_allclose(model.predict(batch), np.concatenate(alone), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(model.predict(batch[::-1]), np.concatenate(alone[::-1]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("chosen", [slice(1, 2), slice(2, 3), slice(3, 4), slice(1, 4), slice(0, 0)])
def test_nothing_to_score_is_no_special_case(batch, chosen):
    model, _, gradients = initialized(batch)
    output = model.get_ref("output")
    scores, backprop = model(batch[chosen], is_train=True)
    assert scores.shape == (0, LABELS)
    assert backprop(scores) == [candidates.doc for candidates in batch[chosen]]
    assert all(not gradient.any() for gradient in gradients.values())
    assert not output.get_grad("W").any()


def test_logits_are_not_squashed(batch):
    model, _, _ = initialized(batch)
    model.get_ref("output").set_param("b", np.array([50, -50], dtype="f"))
    scores = model.predict(batch)
    assert (scores[:, 0] > 10).all()
    assert (scores[:, 1] < -10).all()


def test_dimensions_come_from_the_encoder_and_the_labels(batch):
    tok2vec, _, _ = given_vectors(batch)
    model = build_tutorial_relation_model(tok2vec, nO=3)
    assert model.get_dim("nO") == 3
    model.initialize(X=batch, Y=np.zeros((1, 5), dtype="f"))  # the component's labels count
    assert model.get_dim("nO") == 5
    assert model.get_ref("output").get_param("W").shape == (5, 2 * WIDTH)


def test_the_encoder_is_initialized_with_the_documents(batch):
    seen = []
    tok2vec = Model("seen", None, dims={"nO": WIDTH}, init=lambda model, X=None, Y=None: seen.append(X))
    build_tutorial_relation_model(tok2vec, nO=LABELS).initialize(X=batch)
    assert seen == [[candidates.doc for candidates in batch]]


def test_it_is_not_usable_before_it_has_its_dimensions(batch):
    tok2vec, _, _ = given_vectors(batch)
    model = build_tutorial_relation_model(tok2vec)
    with pytest.raises(ValueError, match="nO"):
        model.initialize(X=batch)
    with pytest.raises(KeyError, match="'W'"):
        model.predict(batch)


def test_arrays_of_another_shape_are_refused(batch):
    model, vectors, _ = initialized(batch)
    _, backprop = model(batch, is_train=True)
    for wrong in (np.ones((7, LABELS + 1), dtype="f"), np.ones((6, LABELS), dtype="f")):
        with pytest.raises((ValueError, IndexError)):
            backprop(wrong)
    vectors.update({key: np.ones((len(array), WIDTH + 1), dtype="f") for key, array in vectors.items()})
    with pytest.raises((ValueError, IndexError)):
        model.predict(batch)


def test_weights_of_another_width_are_refused(batch):
    model, _, _ = initialized(batch)
    data = model.to_bytes()
    same, _, _ = initialized(batch, seed=9)
    assert np.abs(same.predict(batch) - model.predict(batch)).max() > 0.01
    np.testing.assert_array_equal(same.from_bytes(data).predict(batch), model.predict(batch))
    other = build_tutorial_relation_model(given_vectors(batch)[0])
    other.initialize(X=batch, Y=np.zeros((1, LABELS + 1), dtype="f"))
    with pytest.raises(ValueError, match="dimension"):
        other.from_bytes(data)


def test_it_has_the_interface_of_the_model_it_is_compared_with(batch):
    encoder = {
        "pretrained_vectors": None, "width": WIDTH, "depth": 1, "embed_size": 50, "window_size": 1,
        "maxout_pieces": 2, "subword_features": False,
    }  # fmt: skip
    make = spacy.registry.architectures.get("spacy.HashEmbedCNN.v2")
    models = [
        build_tutorial_relation_model(make(**encoder)),
        build_relation_model(make(**encoder), hidden_width=8, feature_width=4, feature_rows=50, dropout=0.0),
    ]
    for model in models:
        model.initialize(X=batch, Y=np.zeros((1, LABELS), dtype="f"))
        assert model.get_dim("nO") == LABELS
        assert model.predict(batch).shape == (7, LABELS)
        _, backprop = model(batch, is_train=True)
        backprop(np.ones((7, LABELS), dtype="f"))
        model.finish_update(Adam(0.001))


CONFIG = """
[model]
@architectures = "govnews.TutorialRelationModel.v1"

[model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 64
depth = 2
embed_size = 500
window_size = 1
maxout_pieces = 3
subword_features = false
"""


def test_overfit_then_reload_knows_ten_sentences_by_heart(ten, tmp_path):
    nlp = spacy.blank("zh")
    pipe = nlp.add_pipe("relations", config=Config().from_str(CONFIG))
    assert pipe.model.name == "tutorial_relations"
    examples = [Example(nlp.make_doc(ten.text), document_to_doc(ten, nlp).doc)]
    optimizer = nlp.initialize(lambda: examples)
    losses = [pipe.update(examples, sgd=optimizer, drop=0.0, losses={})["relations"] for _ in range(100)]
    assert losses[-1] < 0.1 * losses[0]
    found = relate_gold(nlp, [ten])
    assert score_relations([(ten, found[0])]).micro.f1 == 1.0
    nlp.to_disk(tmp_path / "nlp")
    again = relate_gold(load_model(tmp_path / "nlp"), [ten])
    assert again == found
    assert [r.score for r in again[0].relations] == [r.score for r in found[0].relations]


def test_it_stands_in_for_the_model_of_a_config(small_config, ten, ten_path):
    from spacy.training.initialize import init_nlp

    config = small_config.copy()
    before = config["components"]["relations"]["model"]
    config["components"]["relations"]["model"] = {
        "@architectures": "govnews.TutorialRelationModel.v1",
        "tok2vec": before["tok2vec"],
    }
    config["nlp"]["pipeline"] = ["sentences", "tok2vec", "relations"]
    config["corpora"]["train"] = {"@readers": "govnews.Corpus.v1", "path": str(ten_path), "split": None}
    config["initialize"] |= {"init_tok2vec": None}
    config["training"]["annotating_components"] = []
    nlp = init_nlp(config)
    pipe = nlp.get_pipe("relations")
    assert pipe.model.name == "tutorial_relations"
    width = pipe.model.get_ref("tok2vec").get_dim("nO")
    assert pipe.model.get_ref("output").get_param("W").shape == (len(pipe.labels), 2 * width)
    examples = [Example(nlp.make_doc(ten.text), document_to_doc(ten, nlp).doc)]
    optimizer = nlp.resume_training()
    losses = [nlp.update(examples, sgd=optimizer, losses={})["relations"] for _ in range(5)]
    assert losses[-1] < losses[0]  # through the listener, into the shared encoder
