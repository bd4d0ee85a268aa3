import json

import pytest
import torch
from spacy.training.initialize import init_nlp
from spacy.util import load_config
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.errors import GovnewsError
from govnews.training.pretrain import pretrain_encoder

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


@pytest.fixture(scope="module", params=["characters", "words"])
def config(small_config, root, tmp_path_factory, request):
    path = tmp_path_factory.mktemp("config") / "small.cfg"
    small = small_config.copy()
    if request.param == "characters":
        small = load_config(root / "configs" / "characters.cfg", interpolate=False)
        small["paths"] |= {k: str(root / v) for k, v in small["paths"].items() if isinstance(v, str)}
        small = small.interpolate()
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


@pytest.mark.parametrize("config", ["words"], indirect=True)
def test_lines_need_not_be_segmented_where_tokens_are_words(config, tmp_path):
    lines = [[("".join(word for word, _ in sentence), "")] for sentence in SENTENCES]
    written = []
    for number, raw in enumerate((SENTENCES, lines)):
        weights = tmp_path / f"{number}.bin"
        pretrain_encoder(config, weights, raw=raw, epochs=2, batch_chars=400)
        written.append(weights.read_bytes())
    assert written[0] == written[1]


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
