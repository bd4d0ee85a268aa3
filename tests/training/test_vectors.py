import json

import numpy as np
import pytest
import spacy

from govnews.errors import GovnewsError
from govnews.training.vectors import train_vectors

TEXT = "青禾县 实现 地区 生产 总值 86.4亿 元 。\n\n云岭镇 新增 学位 300 个 ， 增长 5% 。\n" * 200


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "text.seg"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trained(text, tmp_path_factory):
    folder = tmp_path_factory.mktemp("vectors")
    recipe = train_vectors(text, folder, width=8, buckets=500, epochs=2, threads=1)
    return folder, recipe


def test_every_word_has_a_vector_also_one_never_seen(trained):
    vectors = spacy.load(trained[0]).vocab.vectors
    rows = vectors.get_batch(["生产", "从未见过"])
    assert rows.shape == (2, 8)
    assert np.abs(rows).max(axis=1).min() > 0


def test_the_vectors_are_those_that_floret_gives(trained, text, tmp_path, monkeypatch):
    import floret

    kept = {}
    real = floret.train_unsupervised
    monkeypatch.setattr(floret, "train_unsupervised", lambda *a, **k: kept.setdefault("model", real(*a, **k)))
    train_vectors(text, tmp_path, width=8, buckets=500, epochs=2, threads=1)
    vectors = spacy.load(tmp_path).vocab.vectors
    for word in ("生产", "青禾县", "从未见过"):
        ours, theirs = vectors.get_batch([word])[0], kept["model"].get_word_vector(word)
        cosine = float(ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs))
        assert cosine == pytest.approx(1, abs=1e-2)  # half precision


def test_the_recipe_lies_beside_them(trained):
    folder, recipe = trained
    assert json.loads((folder / "recipe.json").read_text()) == recipe
    assert recipe["characters"] == len("".join(TEXT.split()))


def test_no_text_is_told(tmp_path):
    (tmp_path / "empty.seg").write_text(" \n\n")
    with pytest.raises(GovnewsError, match="no text to learn from"):
        train_vectors(tmp_path / "empty.seg", tmp_path / "v")
