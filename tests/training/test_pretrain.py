import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from spacy.training.initialize import init_nlp
from spacy.util import load_config
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.convert import BEGIN, END, MIDDLE, SINGLE
from govnews.errors import GovnewsError
from govnews.training.pretrain import Texts, character_tags, choose_words, number_characters, pretrain_encoder

SENTENCES = [
    [("青禾县", "ns"), ("实现", "v"), ("税收", "n"), ("3.2亿", "m"), ("元", "q"), ("。", "w")],
    [("云岭镇", "ns"), ("引进", "v"), ("企业", "n"), ("15", "m"), ("家", "q"), ("。", "w")],
    [("2023年", "nt"), ("企业", "n"), ("发展", "v"), ("。", "w")],
] * 20


@pytest.fixture(autouse=True)
def one_thread():
    """Two threads that wait for each other take ten times as long on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def config(small_config, tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "small.cfg"
    small = small_config.copy()
    embed = small["components"]["tok2vec"]["model"]["embed"]
    embed["rows"] = [200] * len(embed["rows"])
    small["initialize"]["init_tok2vec"] = None
    small.to_disk(path)
    return path


@pytest.mark.parametrize("kinds", [("raw",), ("tagged",), ("raw", "tagged")])
def test_the_encoder_learns_and_its_weights_can_be_trained_from(config, tmp_path, kinds):
    weights = tmp_path / "tok2vec.bin"
    steps = []
    texts = dict.fromkeys(kinds, SENTENCES)
    right = pretrain_encoder(
        config, weights, **texts, development=SENTENCES[:3], epochs=40, batch_chars=400, progress=steps.append
    )
    assert set(right) == {{"raw": "masked", "tagged": "tags"}[kind] for kind in kinds}
    if "tagged" in kinds:
        assert right["tags"] == 1.0
    if "raw" in kinds:  # 企业 in two contexts, and years and sums, cannot all be guessed
        assert right["masked"] > 0.5
    assert len(steps[0].losses) == len(kinds)
    assert all(first > last for first, last in zip(steps[0].losses, steps[-1].losses, strict=True))
    nlp = init_nlp(load_config(config, overrides={"initialize.init_tok2vec": str(weights)}))
    fresh = init_nlp(load_config(config))
    doc = nlp.make_doc("青禾县")
    pretrained, other = (pipeline.get_pipe("tok2vec").model.predict([doc])[0] for pipeline in (nlp, fresh))
    assert abs(pretrained - other).max() > 0.01
    fresh.get_pipe("tok2vec").model.from_bytes(weights.read_bytes())
    assert abs(pretrained - fresh.get_pipe("tok2vec").model.predict([doc])[0]).max() == 0


def test_texts_become_arrays():
    texts = Texts.read([[("地区生产", "n"), ("值", "n")], [("增长", "v")]], {"B-n": 0, "S-n": 1, "B-v": 2})
    assert texts.codes.tolist() == [*map(ord, "地区生产值"), 0, *map(ord, "增长"), 0]
    assert texts.places.tolist() == [BEGIN, MIDDLE, MIDDLE, END, SINGLE, 0, BEGIN, END, 0]
    assert texts.targets.tolist() == [0, -1, -1, -1, 1, -1, 2, -1, -1]
    assert texts.bounds.tolist() == [0, 6, 9]
    assert [texts.vocabulary[number] for number in texts.words[[0, 4, 6]]] == ["地区生产", "值", "增长"]
    assert texts.take([1]).tolist() == [6, 7, 8]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.integers(1, 40), st.integers(0, 3))
def test_an_epoch_of_batches_holds_every_text_once(lengths, size, seed):
    texts = Texts.read([[("字" * length, "n")] for length in lengths])
    batches = texts.batches(size, np.random.default_rng(seed))
    seen = []
    while len(seen) < len(texts.codes):
        batch = next(batches)
        assert len(batch) < size + 10 + 10
        seen += batch.tolist()
    assert sorted(seen) == list(range(len(texts.codes)))


@given(st.lists(st.integers(1, 4), min_size=1, max_size=50), st.floats(0, 1))
def test_words_are_masked_whole(lengths, share):
    numbers = np.repeat(np.arange(len(lengths)), lengths)
    chosen = choose_words(numbers, share, np.random.default_rng(0))
    for number in range(len(lengths)):
        assert len(set(chosen[numbers == number].tolist())) == 1
    if share in (0, 1):
        assert chosen.all() == bool(share)


def test_rare_characters_are_not_guessed():
    codes = np.array([ord("县")] * 30 + [ord("𠮷")] + [0], dtype=np.uint32)
    numbers = number_characters(codes)
    assert numbers[ord("县")] == 0
    assert numbers[ord("𠮷")] == numbers[0] == -1


def test_characters_carry_the_place_in_their_word():
    assert [tag for _, tag in character_tags([("地区生产", "n"), ("总值", "n"), ("增", "v")])] == [
        "B-n", "M-n", "M-n", "E-n", "B-n", "E-n", "S-v",
    ]  # fmt: skip


@pytest.mark.parametrize("sentences", [[], [[]]])
def test_without_text_it_says_so(config, tmp_path, sentences):
    with pytest.raises(GovnewsError, match="no text to learn from"):
        pretrain_encoder(config, tmp_path / "w.bin", raw=sentences, tagged=sentences)
    assert not (tmp_path / "w.bin").exists()


def test_a_config_without_an_encoder_is_told(tmp_path):
    path = tmp_path / "blank.cfg"
    path.write_text('[nlp]\nlang = "zh"\npipeline = []\n\n[components]\n\n[initialize]\n')
    with pytest.raises(GovnewsError, match="has no component 'tok2vec'"):
        pretrain_encoder(path, tmp_path / "w.bin", tagged=SENTENCES)


def test_another_encoder_is_told(root, tmp_path):
    with pytest.raises(GovnewsError, match="another 'tok2vec' than can be pretrained"):
        pretrain_encoder(root / "configs" / "stock.cfg", tmp_path / "w.bin", tagged=SENTENCES)


def test_the_command_writes_weights_and_recipe(config, tmp_path):
    words = tmp_path / "words.txt"
    lines = [" ".join(f"{word}/{tag}" for word, tag in sentence) for sentence in SENTENCES]
    words.write_text("\n".join(lines), encoding="utf-8")
    output = tmp_path / "tok2vec.bin"
    arguments = ["pretrain", config, output, "--raw", words, "--tagged", words, "--development", words]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    recipe = json.loads((tmp_path / "tok2vec.json").read_text())
    assert recipe["bytes"] == output.stat().st_size
    assert set(recipe["development_accuracy"]) == {"masked", "tags"}
