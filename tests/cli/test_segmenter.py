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
