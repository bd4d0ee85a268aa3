import numpy as np
import pytest
import spacy
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.errors import FormatError, ModelError
from govnews.pipeline import load_model
from govnews.training.start import HEADS_FILE, make_start_callback, read_start, write_start


@pytest.fixture(scope="module")
def weights(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("start")
    result = CliRunner().invoke(app, ["weights", str(trained), str(folder), "--note", "ten sentences"])
    assert result.exit_code == 0, result.output
    assert (folder / "start.json").exists()
    return folder


@pytest.fixture
def config(small_config, trained, weights):
    """The training config of the pipeline, with nothing left to learn: it starts where that one ended."""
    config = small_config.copy()
    for name in ("train", "dev"):
        config["corpora"][name] |= {"path": str(trained.parents[1] / "ten.ann"), "split": None}
    config["paths"] |= {"tok2vec": str(weights / "tok2vec.bin"), "heads": str(weights / HEADS_FILE)}
    return config


def test_training_starts_from_what_a_pipeline_had_learned(config, trained, ten):
    from spacy.training.initialize import init_nlp

    nlp, before = init_nlp(config), load_model(trained)
    assert [(e.text, e.label_) for e in nlp(ten.text).ents] == [(e.text, e.label_) for e in before(ten.text).ents]
    assert {(r.head.text, r.tail.text, r.label) for r in nlp(ten.text)._.relations} == {
        (r.head.text, r.tail.text, r.label) for r in before(ten.text)._.relations
    }
    assert nlp(ten.text).ents


def test_weights_are_rounded_to_half_precision(weights):
    nlp = spacy.blank("zh")
    tok2vec = nlp.add_pipe("tok2vec")
    nlp.initialize()
    files = write_start(nlp, weights.parent / "rounded")
    assert [file.name for file in files] == ["tok2vec.bin", "heads.bin"]
    for node in tok2vec.model.walk():
        for name in node.param_names:
            values = node.get_param(name)
            np.testing.assert_array_equal(values, values.astype("float16").astype("float32"))


def test_other_labels_start_anew(weights, caplog):
    nlp = spacy.blank("zh")
    nlp.add_pipe("ner").add_label("PERSON")
    assert read_start(nlp, weights / HEADS_FILE) == []
    assert "ner starts anew" in caplog.text


def test_weights_of_another_architecture_are_told(weights):
    nlp = spacy.blank("zh")
    ner = nlp.add_pipe("ner")
    for label in ("ORG", "METRIC", "PROGRAM", "DATE"):
        ner.add_label(label)
    nlp.initialize()
    with pytest.raises(ModelError, match=r"heads\.bin.*'ner' were made for another architecture"):
        read_start(nlp, weights / HEADS_FILE)


@pytest.mark.parametrize("data", [b"", b"\x00", b"{}", b"\x93\x01\x02\x03", "文本".encode(), b"\x81\xa3ner\x01"])
def test_a_file_without_weights_is_told(tmp_path, data):
    (tmp_path / "heads.bin").write_bytes(data)
    with pytest.raises(FormatError, match=r"heads\.bin.*no weights"):
        read_start(spacy.blank("zh"), tmp_path / "heads.bin")


def test_a_missing_file_is_told_and_null_changes_nothing(tmp_path):
    nlp = spacy.blank("zh")
    assert make_start_callback(None)(nlp) is nlp
    with pytest.raises(FormatError, match="no weights"):
        make_start_callback(tmp_path / "none.bin")(nlp)


def test_a_pipeline_without_an_encoder_has_nothing_to_share(tmp_path):
    with pytest.raises(ModelError, match="no component 'tok2vec'"):
        write_start(spacy.blank("zh"), tmp_path)
