import json

import pytest
from spacy.training.initialize import init_nlp
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.errors import GovnewsError
from govnews.training.pretrain import character_tags, pretrain_encoder

SENTENCES = [
    [("青禾县", "ns"), ("实现", "v"), ("税收", "n"), ("3.2亿", "m"), ("元", "q"), ("。", "w")],
    [("云岭镇", "ns"), ("引进", "v"), ("企业", "n"), ("15", "m"), ("家", "q"), ("。", "w")],
    [("2023年", "nt"), ("企业", "n"), ("发展", "v"), ("。", "w")],
] * 20


@pytest.fixture(scope="module")
def config(small_config, tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "small.cfg"
    small = small_config.copy()
    small["components"]["tok2vec"]["model"]["embed"]["rows"] = [200, 200, 200, 50, 200]
    small["initialize"]["init_tok2vec"] = None
    small.to_disk(path)
    return path


def test_the_encoder_learns_the_tags_and_its_weights_can_be_trained_from(config, tmp_path):
    weights = tmp_path / "tok2vec.bin"
    steps = []
    score = pretrain_encoder(
        config, SENTENCES, SENTENCES[:3], weights, epochs=20, batch_chars=100, dropout=0.0, progress=steps.append
    )
    assert score.recall == 1.0
    assert steps[0].loss > steps[-1].loss
    from spacy.util import load_config

    overrides = {"initialize.init_tok2vec": str(weights)}
    nlp = init_nlp(load_config(config, overrides=overrides))
    fresh = init_nlp(load_config(config))
    doc = nlp.make_doc("青禾县")
    pretrained, other = (pipeline.get_pipe("tok2vec").model.predict([doc])[0] for pipeline in (nlp, fresh))
    assert abs(pretrained - other).max() > 0.01
    fresh.get_pipe("tok2vec").model.from_bytes(weights.read_bytes())
    assert abs(pretrained - fresh.get_pipe("tok2vec").model.predict([doc])[0]).max() == 0


def test_it_stops_after_so_many_characters(config, tmp_path):
    steps = []
    pretrain_encoder(
        config, SENTENCES, [], tmp_path / "w.bin", epochs=100, batch_chars=16, max_chars=2_000, progress=steps.append
    )
    assert 1_500 < steps[-1].characters < 2_100


def test_characters_carry_the_place_in_their_word():
    assert [tag for _, tag in character_tags([("地区生产", "n"), ("总值", "n"), ("增", "v")])] == [
        "B-n", "M-n", "M-n", "E-n", "B-n", "E-n", "S-v",
    ]  # fmt: skip


@pytest.mark.parametrize("sentences", [[], [[]]])
def test_without_tagged_sentences_it_says_so(config, tmp_path, sentences):
    with pytest.raises(GovnewsError, match="no tagged sentences"):
        pretrain_encoder(config, sentences, [], tmp_path / "w.bin")
    assert not (tmp_path / "w.bin").exists()


def test_a_config_without_an_encoder_is_told(tmp_path):
    path = tmp_path / "blank.cfg"
    path.write_text('[nlp]\nlang = "zh"\npipeline = []\n\n[components]\n\n[initialize]\n')
    with pytest.raises(GovnewsError, match="has no component 'tok2vec'"):
        pretrain_encoder(path, SENTENCES, [], tmp_path / "w.bin")


def test_the_command_writes_weights_and_recipe(config, tmp_path):
    words = tmp_path / "words.txt"
    lines = [" ".join(f"{word}/{tag}" for word, tag in sentence) for sentence in SENTENCES]
    words.write_text("\n".join(lines), encoding="utf-8")
    output = tmp_path / "tok2vec.bin"
    arguments = ["pretrain", config, words, words, output, "--max-chars", "500"]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    recipe = json.loads((tmp_path / "tok2vec.json").read_text())
    assert recipe["sentences"] == 60
    assert recipe["characters"] == 500
    assert recipe["bytes"] == output.stat().st_size
