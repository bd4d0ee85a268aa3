"""A pipeline that is made in no time, and files for it."""

import json

import pytest

from govnews.extract import Job, Options, find_inputs
from govnews.pipeline import load_model

SENTENCES = "去年，青禾县实现地区生产总值86.4亿元。云岭镇引进项目15个，全镇鼓足干劲。"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The folder of a pipeline of rules."""
    import spacy

    nlp = spacy.blank("zh")
    patterns = {"ORG": ["青禾县", "云岭镇"], "METRIC": ["地区生产总值86.4亿元", "项目15个"], "DATE": ["去年"]}
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": label, "pattern": text} for label, texts in patterns.items() for text in texts]
    )
    folder = tmp_path_factory.mktemp("tiny") / "model"
    nlp.to_disk(folder)
    return str(folder)


@pytest.fixture(scope="session")
def nlp(tiny):
    return load_model(tiny)


@pytest.fixture
def job(tiny):
    """Make a job over paths."""

    def make(*paths, processes=1, engine="local", **options):
        return Job(find_inputs(paths), tiny, Options(**options), processes=processes, engine=engine)

    return make


@pytest.fixture
def archive(tmp_path):
    """A folder of 700 documents in files of several formats, one line of which is bad."""
    folder = tmp_path / "archive"
    folder.mkdir()
    lines = [json.dumps({"id": f"a{n}", "text": SENTENCES * (n % 7 + 1)}, ensure_ascii=False) for n in range(600)]
    lines[300] = '{"text": '
    (folder / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for n in range(100):
        (folder / f"{n:03}.txt").write_text(f"第{n}篇。{SENTENCES}", encoding="utf-8")
    return folder
