import json

from typer.testing import CliRunner

from govnews.cli.main import app


def test_training_writes_the_model_its_recipe_and_its_score(tmp_path):
    lines = "青禾县/ns 实现/v 生产/n 总值/n 增长/v 5%/m\n云岭镇/ns 引进/v 企业/n 15/m 家/q\n" * 10
    words = tmp_path / "words.txt"
    words.write_text(lines, encoding="utf-8")
    output = tmp_path / "model"
    arguments = ["segmenter", "train", words, words, words, output, "--iterations", "6", "--min-count", "1"]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    recipe = json.loads((output / "recipe.json").read_text())
    assert recipe["sentences"] == 20
    assert recipe["test"]["f1"] == 1.0
    scored = CliRunner().invoke(app, ["segmenter", "score", str(output), str(words)])
    assert json.loads(scored.output)["f1"] == 1.0


def test_raw_text_is_cut_and_its_frequent_words_listed(root, tmp_path):
    raw, cut, words = tmp_path / "raw.txt", tmp_path / "raw.seg", tmp_path / "words.txt"
    lines = ["青禾县实现地区生产总值86.4亿元。", "", " 增长5%，企业发展 "]
    raw.write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = str(root / "training/pretrained/segmenter")
    result = CliRunner().invoke(app, ["segmenter", "cut", str(raw), str(raw), str(cut), "--model", model])
    assert result.exit_code == 0, result.output
    sentences = cut.read_text(encoding="utf-8").splitlines()
    assert ["".join(sentence.split()) for sentence in sentences] == [line.strip() for line in lines if line] * 2
    arguments = ["segmenter", "lexicon", str(cut), str(words), "--min-count", "2", "--size", "3"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    listed = words.read_text(encoding="utf-8").split()
    assert len(listed) == 3
    assert set(listed) <= set(" ".join(sentences).split())
    assert all(2 <= len(word) <= 8 for word in listed)


def test_paragraphs_of_held_out_text_are_left_out(root, tmp_path):
    raw, cut, held_out = tmp_path / "raw.txt", tmp_path / "raw.seg", tmp_path / "held.ann"
    raw.write_text("去年青禾县实现地区生产总值86.4亿元。\n云岭镇增长5%。\n", encoding="utf-8")
    held_out.write_text("# doc: held\n\n青禾县实现{METRIC1:地区生产总值86.4亿元}。\n", encoding="utf-8")
    arguments = ["segmenter", "cut", raw, cut, "--without", held_out]
    arguments += ["--model", root / "training/pretrained/segmenter"]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    assert "".join(cut.read_text(encoding="utf-8").split()) == "云岭镇增长5%。"
