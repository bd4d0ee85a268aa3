import json

import pytest

from govnews.errors import GovnewsError
from govnews.training.segmenter import prune_segmenter, score_segmenter, train_segmenter

SENTENCES = [
    ["青禾县", "实现", "生产", "总值", "增长", "5%"],
    ["云岭镇", "引进", "企业", "15", "家"],
    ["企业", "发展", "稳中有进"],
    ["全县", "生产", "总值", "突破", "百亿", "元"],
] * 10


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("segmenter")
    lines = []
    train_segmenter(SENTENCES, SENTENCES[:4], folder, iterations=8, min_count=1, progress=lines.append)
    assert any("iter7" in line for line in lines)
    return folder


def test_training_learns_the_sentences(model):
    assert score_segmenter(model, SENTENCES[:4]).f1 == 1.0


def test_pruning_shrinks_the_model_and_keeps_what_weighs(model):
    before = sum(file.stat().st_size for file in model.iterdir())
    size = prune_segmenter(model, min_weight=0.3)
    assert size.bytes < before
    assert size.features_after < size.features_before
    assert score_segmenter(model, SENTENCES[:4]).f1 == 1.0


def test_a_word_counts_when_both_ends_are_right(model, monkeypatch):
    import spacy_pkuseg

    monkeypatch.setattr(spacy_pkuseg.pkuseg, "cut", lambda self, text: ["青禾", "县", "增长"])
    score = score_segmenter(model, [["青禾县", "增长"]])
    assert (score.hits, score.predicted, score.gold) == (1, 3, 2)


def test_a_failure_of_the_trainer_is_told(tmp_path):
    with pytest.raises(GovnewsError, match="training failed"):
        train_segmenter([], [], tmp_path)


def test_the_committed_segmenter_is_small_and_says_how_good_it_is(root):
    folder = root / "training/pretrained/segmenter"
    recipe = json.loads((folder / "recipe.json").read_text())
    assert sum(file.stat().st_size for file in folder.iterdir()) < 8_000_000
    assert recipe["test"]["f1"] > 0.95
    score = score_segmenter(folder, [["我们", "要", "推动", "经济", "发展", "。"]])
    assert score.f1 == 1.0
