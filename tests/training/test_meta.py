import spacy
import spacy_transformers  # noqa: F401  # registers the transformer component

import govnews
from govnews.training.meta import make_meta_callback, shorten_paths


def test_the_package_will_require_what_the_pipeline_needs(tmp_path):
    nlp = make_meta_callback(description="Finds things", license="MIT")(spacy.blank("zh"))
    nlp.to_disk(tmp_path)
    meta = spacy.load(tmp_path).meta
    assert f"govnews>={govnews.__version__}" in meta["requirements"]
    assert not any(requirement.startswith("spacy-transformers") for requirement in meta["requirements"])
    assert meta["description"] == "Finds things"


def blank_with_transformer(name):
    nlp = spacy.blank("zh")
    nlp.add_pipe("transformer", name="encoder", config={"model": {"name": str(name)}})
    return nlp


def test_a_transformer_is_required_and_called_by_its_folders_name(tmp_path):
    folder = tmp_path / "tiny-bert"
    folder.mkdir()
    nlp = make_meta_callback()(blank_with_transformer(folder))
    assert "spacy-transformers>=1.3,<1.5" in nlp.meta["requirements"]
    assert nlp.config["components"]["encoder"]["model"]["name"] == "tiny-bert"
    assert nlp.get_pipe("encoder").model.attrs["name"] == "tiny-bert"
    assert make_meta_callback()(nlp).config["components"]["encoder"]["model"]["name"] == "tiny-bert"


def test_a_transformer_from_the_hub_keeps_its_name():
    nlp = make_meta_callback()(blank_with_transformer("hfl/chinese-roberta-wwm-ext"))
    assert nlp.config["components"]["encoder"]["model"]["name"] == "hfl/chinese-roberta-wwm-ext"


def test_absolute_paths_are_shortened_in_the_stored_config(tmp_path):
    nlp = spacy.blank("zh")
    nlp.config["paths"] |= {"corpus": str(tmp_path / "corpus"), "segmenter": "training/segmenter"}
    nlp.config["initialize"]["tokenizer"] = {"pkuseg_model": str(tmp_path / "segmenter")}
    make_meta_callback()(nlp).to_disk(tmp_path / "model")
    assert nlp.config["paths"]["corpus"] == "corpus"
    assert nlp.config["paths"]["segmenter"] == "training/segmenter"
    assert str(tmp_path) not in (tmp_path / "model" / "config.cfg").read_text(encoding="utf-8")
    spacy.load(tmp_path / "model")


def test_only_paths_out_of_the_working_folder_are_shortened():
    section = {"path": "/data/reports", "limit": 0, "near": "a/b", "inner": {"path": "../x/c", "same": "${paths.d}"}}
    shorten_paths(section)
    assert section == {"path": "reports", "limit": 0, "near": "a/b", "inner": {"path": "c", "same": "${paths.d}"}}
