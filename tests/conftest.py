"""Fixtures shared by all tests."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from govnews.formats.inline import parse_inline
from govnews.records import Document

ROOT = Path(__file__).parents[1]

TEN_SENTENCES = """\
# doc: ten
# date: 2023-01-15

{DATE1:去年}，{ORG1:青禾县}实现{METRIC1:地区生产总值86.4亿元}，{METRIC2:增长5.1%}。
> ORG1 HAS_METRIC METRIC1
> ORG1 HAS_METRIC METRIC2
> METRIC1 HAS_DATE DATE1
> METRIC2 HAS_DATE DATE1

{ORG1:青禾县}大力实施{PROGRAM1:“百村清流”行动}，建成{METRIC1:生态河道42公里}。
> ORG1 RUNS PROGRAM1
> ORG1 HAS_METRIC METRIC1

{DATE1:2022年6月}，{PROGRAM1:第三届云岭茶旅文化节}吸引{METRIC1:游客12万人次}。
> PROGRAM1 HAS_METRIC METRIC1
> PROGRAM1 HAS_DATE DATE1
> METRIC1 HAS_DATE DATE1

{ORG1:云岭镇}引进{METRIC1:项目15个}，其中{METRIC2:亿元以上项目3个}。
> ORG1 HAS_METRIC METRIC1
> ORG1 HAS_METRIC METRIC2
> METRIC2 PART_OF METRIC1

全镇上下鼓足干劲，迎难而上。

{ORG1:县住建局}牵头推进{PROGRAM1:老街更新工程}。
> ORG1 RUNS PROGRAM1

{DATE1:上半年}，{METRIC1:社会消费品零售总额增长7.9%}，{METRIC2:外贸进出口下降2.3%}。
> METRIC1 HAS_DATE DATE1
> METRIC2 HAS_DATE DATE1

通过{PROGRAM1:“银龄食堂”项目}，{ORG1:南塘社区}服务{METRIC1:老人3000余名}。
> ORG1 RUNS PROGRAM1
> PROGRAM1 HAS_METRIC METRIC1

{ORG1:青禾县}的春天来得格外早。

{ORG1:青禾高新区}{DATE1:今年以来}新增{METRIC1:规模以上企业9家}。
> ORG1 HAS_METRIC METRIC1
> METRIC1 HAS_DATE DATE1
"""
"""Ten sentences about invented places, with every label and relation."""


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout the tests run from: the corpus, configs and pretrained weights lie there."""
    return ROOT


@pytest.fixture
def quick() -> Iterator[None]:
    """Stop a test after ten seconds: what is linear takes one, what is quadratic takes hours."""

    def stop(*_: Any) -> None:
        raise TimeoutError("took more than ten seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def ten() -> Document:
    """Ten annotated sentences, one a paragraph."""
    parsed = parse_inline(TEN_SENTENCES)
    assert not parsed.problems
    return parsed.documents[0]


@pytest.fixture
def ten_parts(ten: Document) -> list[Document]:
    """The ten sentences as documents of their own."""
    starts = [0, *(at + 1 for at, char in enumerate(ten.text) if char == "\n")]
    ends = [*(start - 1 for start in starts[1:]), len(ten.text)]
    return [ten.cut(start, end, id=str(n)) for n, (start, end) in enumerate(zip(starts, ends, strict=True))]


@pytest.fixture
def ten_path(tmp_path: Path) -> Path:
    """The ten sentences as a file."""
    path = tmp_path / "ten.ann"
    path.write_text(TEN_SENTENCES, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small_config(root: Path) -> Any:
    """The project's own training config, made small and fast."""
    from spacy.util import load_config

    return load_config(
        root / "configs" / "sm.cfg",
        overrides={
            "paths.corpus": str(root / "corpus"),
            "paths.vectors": str(root / "training" / "pretrained" / "vectors"),
            "paths.tok2vec": str(root / "training" / "pretrained" / "tok2vec.bin"),
            "paths.heads": None,
            "training.max_steps": 60,
            "training.eval_frequency": 60,
        },
    )


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, small_config: Any) -> Path:
    """A pipeline that knows the ten sentences by heart, trained with the project's config and saved."""
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train

    folder = tmp_path_factory.mktemp("trained")
    (folder / "ten.ann").write_text(TEN_SENTENCES, encoding="utf-8")
    config = small_config.copy()
    for name in ("train", "dev"):
        config["corpora"][name] = {
            "@readers": "govnews.Corpus.v1",
            "path": str(folder / "ten.ann"),
            "split": None,
            "max_chars": 40,
        }
    config["training"] |= {"max_steps": 150, "eval_frequency": 150, "dropout": 0.0}
    config["training"]["logger"] = {"@loggers": "spacy.ConsoleLogger.v3", "console_output": False}
    (folder / "run").mkdir()
    train(init_nlp(config), folder / "run")
    return folder / "run" / "model-last"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium for pages that are tested in one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()
