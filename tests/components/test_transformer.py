import json
import os
import shutil
import subprocess
import sys

import pytest
import torch
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config
from spacy_transformers import Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

from conftest import ROOT, TEN_SENTENCES
from govnews.formats.inline import parse_inline
from govnews.metrics.labels import score_entities, score_relations
from govnews.pipeline import annotate

[TEN] = parse_inline(TEN_SENTENCES).documents

PREDICT = """
import json, sys
import spacy

doc = spacy.load(sys.argv[1])(sys.stdin.buffer.read().decode("utf-8"))
print(json.dumps([str(doc.ents), [(str(r.head), r.label, str(r.tail), r.score) for r in doc._.relations]]))
"""


def save_tiny_bert(folder, text):
    """A BERT with random weights, whose word pieces are the characters of a text."""
    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set("".join(text.split()).lower()))]
    vocabulary.write_text("\n".join(pieces), encoding="utf-8")
    BertTokenizerFast(vocab_file=str(vocabulary)).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(pieces), **sizes)).save_pretrained(folder)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """What configs/trf.cfg learned of the ten sentences, and where it was saved; the transformer's folder is gone."""
    folder = tmp_path_factory.mktemp("transformer")
    save_tiny_bert(folder / "tiny-bert", TEN_SENTENCES)
    (folder / "ten.ann").write_text(TEN_SENTENCES, encoding="utf-8")
    segmenter = ROOT / "training" / "pretrained" / "segmenter"
    overrides = {
        "paths.transformer": str(folder / "tiny-bert"),
        "paths.corpus": str(folder / "ten.ann"),
        "paths.segmenter": str(segmenter),
        "paths.words": str(segmenter / "words.txt"),
        "corpora.train.split": None,
        "corpora.train.max_chars": 0,
        "corpora.dev.split": None,
        "training.max_steps": 150,
        "training.eval_frequency": 150,
        "training.dropout": 0.0,
        "training.accumulate_gradient": 1,
        "training.optimizer.learn_rate.warmup_steps": 10,
        "training.optimizer.learn_rate.initial_rate": 0.003,
    }
    config = load_config(ROOT / "configs" / "trf.cfg", overrides=overrides)
    config["training"]["logger"] = {"@loggers": "spacy.ConsoleLogger.v3", "console_output": False}
    nlp = init_nlp(config)
    (folder / "run").mkdir()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a model only waits for more
    train(nlp, folder / "run")
    torch.set_num_threads(threads)
    shutil.rmtree(folder / "tiny-bert")
    return nlp, folder / "run" / "model-last"


def test_the_config_learns_ten_sentences_by_heart(trained):
    nlp, _ = trained
    assert isinstance(nlp.get_pipe("transformer"), Transformer)
    [predicted] = annotate(nlp, [TEN])
    assert score_entities([(TEN, predicted)]).micro.f1 == 1.0
    assert score_relations([(TEN, predicted)]).micro.f1 > 0.9


def test_it_reloads_offline_without_the_folder_of_the_transformer(trained, tmp_path):
    nlp, saved = trained
    again = subprocess.run(
        [sys.executable, "-c", PREDICT, str(saved)],
        input=TEN.text.encode(),
        cwd=tmp_path,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    doc = nlp(TEN.text)
    entities, relations = json.loads(again.stdout)
    assert entities == str(doc.ents)
    assert [row[:3] for row in relations] == [[str(r.head), r.label, str(r.tail)] for r in doc._.relations]
    assert [row[3] for row in relations] == pytest.approx([r.score for r in doc._.relations], abs=1e-3)


def test_the_package_will_require_spacy_transformers(trained):
    _, saved = trained
    meta = json.loads((saved / "meta.json").read_text(encoding="utf-8"))
    assert "spacy-transformers>=1.3,<1.5" in meta["requirements"]


def test_no_path_of_the_machine_is_stored(trained):
    _, saved = trained
    for name in ("config.cfg", "meta.json"):
        assert '"/' not in (saved / name).read_text(encoding="utf-8")
    for path in saved.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert str(saved.parents[1]).encode() not in data, path
            assert str(ROOT).encode() not in data, path


def test_a_document_of_many_windows_is_no_special_case(trained):
    nlp, _ = trained
    short, long = nlp.pipe(["春天来了。", TEN.text * 4])
    assert short.text == "春天来了。"
    assert len(long.ents) > len(nlp(TEN.text).ents)
