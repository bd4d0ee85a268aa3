"""How fast pipelines are, part by part, on one core, each in a process of its own."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from govnews.errors import GovnewsError
from govnews.facts import find_facts
from govnews.pipeline import cut_pieces, join_pieces, load_model, read_piece
from govnews.records import Document

if TYPE_CHECKING:
    from spacy.language import Language

SCHEMA_VERSION = 1
"""Of what `govnews speed --output` writes."""

JIEBA = "jieba.posseg"
"""Not a pipeline: a segmenter with parts of speech, what simple tools are built on."""

BATCH_CHARS = 10_000
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Speed:
    """What a pipeline costs.

    Args:
        model: Its name or folder.
        size: Length of the document it ran over, in characters.
        seconds: Of its fastest run, by part: `tokenizer`, its components, and `facts`, with its reading of figures.
        load_seconds: To import what it needs and load it.
        memory_mb: The most memory its process had, in millions of bytes.
    """

    model: str
    size: int
    seconds: dict[str, float]
    load_seconds: float
    memory_mb: float

    @property
    def rate(self) -> float:
        """Characters a second."""
        return self.size / max(sum(self.seconds.values()), 1e-9)

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain values, times in seconds."""
        seconds = {part: round(value, 4) for part, value in self.seconds.items()}
        return {**asdict(self), "seconds": seconds, "characters_per_second": round(self.rate)}


def measure_speeds(
    models: Sequence[str],
    text: str,
    *,
    sizes: Sequence[int] = (),
    repeats: int = 2,
    progress: Callable[[str], None] = lambda message: None,
) -> Iterator[Speed]:
    """Run pipelines over one text, one after the other, each on one core in a process of its own.

    Args:
        models: Folders or package names, or `jieba.posseg`.
        text: What they read.
        sizes: Lengths to repeat or cut the text to; its own length where there is none.
        repeats: Runs, of which the fastest counts; a longer document than the text is run over once.
        progress: Called with a line before each run.

    Raises:
        GovnewsError: The text is empty, or a process died.
    """
    if not text.strip():
        raise GovnewsError("there is no text to read", hint="Name files that hold some.")
    for model in models:
        for size in sizes or (len(text),):
            progress(f"{model}: {size:,} characters")
            runs = repeats if size <= len(text) else 1
            with _one_thread(), ProcessPoolExecutor(1, mp_context=_spawn()) as pool:
                try:
                    yield pool.submit(measure_speed, model, text, size=size, repeats=runs).result()
                except BrokenProcessPool:
                    raise GovnewsError(f"{model}: its process died", hint="Memory may have run out.") from None


def measure_speed(model: str, text: str, *, size: int, repeats: int) -> Speed:
    """Run a pipeline over a document of `size` characters in this process, which then keeps to one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    started = time.perf_counter()
    run = _run_jieba() if model == JIEBA else _run_pipeline(load_model(model))
    run(text[:200])  # what is loaded at first use
    load = time.perf_counter() - started
    document = "".join(chain.from_iterable(repeat(text, size // len(text) + 1)))[:size]
    runs = [run(document) for _ in range(repeats)]
    return Speed(model, size, min(runs, key=lambda seconds: sum(seconds.values())), load, _peak_memory())


def _run_pipeline(nlp: Language) -> Callable[[str], dict[str, float]]:
    def run(text: str) -> dict[str, float]:
        seconds: defaultdict[str, float] = defaultdict(float)
        document = Document("", text)
        found: list[Document] = []
        for batch in _batches(text):
            with _timed(seconds, "tokenizer"):
                docs = [nlp.make_doc(text[start:end]) for start, end in batch]
            for name, component in nlp.pipeline:
                pipe: Any = component
                with _timed(seconds, name):
                    docs = list(pipe.pipe(docs, batch_size=len(docs))) if hasattr(pipe, "pipe") else [*map(pipe, docs)]
            with _timed(seconds, "facts"):
                found += [read_piece(doc, start, document) for doc, (start, _) in zip(docs, batch, strict=True)]
        with _timed(seconds, "facts"):
            find_facts(join_pieces(found))
        return dict(seconds)

    return run


def _run_jieba() -> Callable[[str], dict[str, float]]:
    try:
        import jieba.posseg as segmenter
    except ImportError:
        raise GovnewsError(f"{JIEBA} is not installed", hint="Install it with: pip install jieba") from None

    def run(text: str) -> dict[str, float]:
        seconds: defaultdict[str, float] = defaultdict(float)
        with _timed(seconds, "tokenizer"):
            for line in text.splitlines():
                segmenter.lcut(line)
        return dict(seconds)

    return run


def _batches(text: str) -> Iterator[list[tuple[int, int]]]:
    batch: list[tuple[int, int]] = []
    for start, end in cut_pieces(text):
        batch.append((start, end))
        if end - batch[0][0] >= BATCH_CHARS:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def _timed(seconds: defaultdict[str, float], part: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[part] += time.perf_counter() - started


def _peak_memory() -> float:
    try:
        import resource
    except ImportError:  # not on Windows
        return float("nan")
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _spawn() -> Any:
    import multiprocessing

    return multiprocessing.get_context("spawn")


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let processes that start now compute with one thread."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def dump_speeds(speeds: Sequence[Speed]) -> str:
    """The figures as JSON."""
    data = {"schema_version": SCHEMA_VERSION, "runs": [speed.to_dict() for speed in speeds]}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
