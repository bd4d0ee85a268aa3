import numpy as np
import pytest
import spacy

from govnews.components.relation_candidates import Candidates, propose
from govnews.components.relation_model import build_relation_model


@pytest.fixture
def batch():
    nlp = spacy.blank("zh")
    made = []
    for text, spans in (
        ("青禾县新增企业5家", [(0, 3, "ORG"), (5, 9, "METRIC")]),
        ("没有", []),
        ("青禾县、云岭镇增长5%，下降3%", [(0, 3, "ORG"), (4, 7, "ORG"), (7, 11, "METRIC"), (12, 16, "METRIC")]),
    ):
        doc = nlp.make_doc(text)
        doc.set_ents([doc.char_span(a, b, label=label) for a, b, label in spans])
        made.append(
            propose(doc, doc.ents, [("ORG", "METRIC", "HAS_METRIC"), ("METRIC", "METRIC", "PART_OF")], window=9)
        )
    return made


def build(width=8, dropout=0.0):
    tok2vec = spacy.registry.architectures.get("spacy.HashEmbedCNN.v2")(
        width=width,
        depth=1,
        embed_size=50,
        window_size=1,
        maxout_pieces=2,
        subword_features=False,
        pretrained_vectors=None,
    )
    return build_relation_model(tok2vec, hidden_width=8, feature_width=4, feature_rows=50, dropout=dropout)


def initialized(batch, **settings):
    model = build(**settings)
    model.initialize(X=batch, Y=np.zeros((1, 2), dtype="f"))
    return model


def test_one_row_a_pair_in_order(batch):
    model = initialized(batch)
    scores = model.predict(batch)
    assert scores.shape == (1 + 0 + 6, 2)
    np.testing.assert_allclose(scores[:1], model.predict(batch[:1]), rtol=1e-4)
    np.testing.assert_allclose(scores[1:], model.predict(batch[2:]), rtol=1e-4)


def test_a_batch_without_pairs_or_documents_is_no_special_case(batch):
    model = initialized(batch)
    assert model.predict(batch[1:2]).shape == (0, 2)


def test_spans_are_the_means_of_their_tokens(batch):
    model = initialized(batch)
    seen = []
    classifier = model.get_ref("classifier")
    inner = classifier._func

    def spy(layer, inputs, is_train):
        seen.append(inputs)
        return inner(layer, inputs, is_train)

    classifier._func = spy
    model.predict(batch)
    vectors = model.get_ref("tok2vec").predict([candidates.doc for candidates in batch])
    row = 0
    for candidates, tokens in zip(batch, vectors, strict=True):
        for head, tail in zip(candidates.heads, candidates.tails, strict=True):
            low, high = min(head.end, tail.end), max(head.start, tail.start)
            between = tokens[low:high].mean(axis=0) if low < high else np.zeros(8)
            expected = [tokens[head.start : head.end].mean(axis=0), tokens[tail.start : tail.end].mean(axis=0), between]
            np.testing.assert_allclose(seen[0][row, :24], np.concatenate(expected), rtol=1e-4, atol=1e-6)
            row += 1


def test_gradient_of_the_token_vectors_is_that_of_finite_differences(batch):
    """Replace the encoder by given vectors, and compare backpropagation with the change of the output."""
    from thinc.api import Model

    rng = np.random.default_rng(0)
    docs = [candidates.doc for candidates in batch]
    given = [rng.normal(size=(len(doc), 8)).astype("f") for doc in docs]
    seen = {}

    def forward(model, docs, is_train):
        def backprop(gradients):
            seen["gradients"] = gradients
            return docs

        return given, backprop

    tok2vec = Model("given", forward, dims={"nO": 8}, init=lambda model, X=None, Y=None: None)
    model = build_relation_model(tok2vec, hidden_width=8, feature_width=4, feature_rows=50, dropout=0.0, nO=2)
    model.initialize(X=batch, Y=np.zeros((1, 2), dtype="f"))
    output = model.get_ref("output")
    output.set_param("W", rng.normal(size=(2, 8)).astype("f"))
    weights = rng.normal(size=(7, 2)).astype("f")
    _, backprop = model(batch, is_train=True)
    backprop(weights)
    for which, token, column in [(0, 0, 0), (0, 4, 3), (2, 1, 5), (2, 8, 2), (2, 11, 7)]:
        step = 1e-2
        values = []
        for sign in (1, -1):
            given[which][token, column] += sign * step
            values.append(float((model.predict(batch) * weights).sum()))
            given[which][token, column] -= sign * step
        measured = (values[0] - values[1]) / (2 * step)
        assert seen["gradients"][which][token, column] == pytest.approx(measured, rel=0.05, abs=2e-3)


def test_candidates_add_up(batch):
    both = batch[2] + batch[2]
    assert isinstance(both, Candidates)
    assert len(both) == 12
    model = initialized(batch)
    scores = model.predict([both])
    np.testing.assert_allclose(scores[:6], scores[6:], rtol=1e-4)
