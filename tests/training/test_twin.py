import numpy as np
import pytest
import torch
from thinc.api import chain

from govnews.components.embed_model import build_ngram_embed
from govnews.components.encoder_model import build_dilated_encoder
from govnews.components.features import AFFIXES, FEATURES, read_doc
from govnews.components.word_vectors import look_up
from govnews.training.twin import Twin

TEXTS = (
    "青禾县地区生产总值增长6.2%。",
    "好",
    "今年，云岭镇签约引进投资2000万元(含)以上项目达34个，其中亿元以上项目18个。",
)
WIDTH = 12
WORD_FEATURES = ("char", "left_bigram", "right_bigram", *AFFIXES, "shape", "length", "tag")


@pytest.fixture
def encoder(small_pipeline):
    nlp, features = small_pipeline
    docs = [nlp.make_doc(text) for text in TEXTS]
    embed = build_ngram_embed(WIDTH, 6, list(features), [40] * len(features), include_static_vectors=True)
    model = chain(embed, build_dilated_encoder(WIDTH, [1, 2, 4], 3))
    model.initialize(X=docs)
    random = np.random.default_rng(0)
    for node in model.walk():
        for name in node.param_names:
            values = node.get_param(name)
            node.set_param(name, (values + random.normal(size=values.shape) * 0.1).astype("f"))
    return model, docs


@pytest.fixture(scope="module", params=["characters", "words"])
def small_pipeline(root, request):
    import spacy

    from govnews.components.lexicon import Lexicon
    from govnews.components.tokenizer import CharacterTokenizer
    from govnews.components.word_tokenizer import WordTokenizer

    nlp = spacy.load(root / "training/pretrained/vectors")
    if request.param == "words":
        nlp.tokenizer = WordTokenizer(nlp.vocab)
        return nlp, WORD_FEATURES
    nlp.tokenizer = CharacterTokenizer(nlp.vocab)
    nlp.tokenizer.initialize(pkuseg_model=str(root / "training/pretrained/segmenter"))
    nlp.tokenizer.lexicon = Lexicon(["生产总值", "项目"])
    return nlp, FEATURES


def run(twin, docs):
    [features] = [node.attrs["features"] for node in twin.source.walk() if node.name == "govnews_features"]
    ids = np.concatenate([read_doc(doc, features).ids(features) for doc in docs])
    vectors = np.concatenate([look_up(doc, doc.vocab.vectors_length) for doc in docs])
    return twin(*twin.prepare(ids, vectors), [len(doc) for doc in docs])


def test_it_computes_what_the_pipeline_computes(encoder):
    model, docs = encoder
    np.testing.assert_allclose(
        run(Twin(model), docs).detach().numpy(), np.concatenate(model.predict(docs)), rtol=1e-3, atol=1e-4
    )


def test_its_parameters_go_back_unchanged(encoder):
    model, _ = encoder
    before = model.to_bytes()
    Twin(model).write_back()
    assert model.to_bytes() == before


def test_a_step_moves_both_alike(encoder):
    """The gradients, backpropagated by hand in thinc and by torch here, are the same."""
    model, docs = encoder
    twin = Twin(model)
    target = np.random.default_rng(1).normal(size=(sum(map(len, docs)), WIDTH)).astype("f")
    torch.manual_seed(0)
    run(twin, docs).backward(torch.from_numpy(target))
    ends = np.cumsum([len(doc) for doc in docs])[:-1]
    _, backprop = model.begin_update(docs)
    backprop(np.split(target, ends))
    tables = [node for node in model.walk(order="dfs_pre") if node.name == "hashembed"]
    for node, table in zip(tables, twin.tables, strict=True):
        np.testing.assert_allclose(table.grad.numpy(), node.get_grad("E"), rtol=1e-2, atol=1e-3)
    gains = [node for node in model.walk(order="dfs_pre") if node.name == "layernorm"]
    for node, gain in zip(gains, twin.gains, strict=True):
        np.testing.assert_allclose(gain.grad.numpy(), node.get_grad("G"), rtol=1e-2, atol=1e-3)


def test_what_it_learned_is_in_the_pipeline(encoder):
    model, docs = encoder
    twin = Twin(model)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.add_(0.05 * torch.randn(parameter.shape))
    twin.write_back()
    np.testing.assert_allclose(
        run(twin, docs).detach().numpy(), np.concatenate(model.predict(docs)), rtol=1e-3, atol=1e-4
    )
