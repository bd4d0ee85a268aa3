"""Run a pipeline over documents chunk by chunk, here or in several processes: always the same chunks, the same bytes.

How documents are put together for a pipeline may move its scores in the last digit. Chunks depend on
nothing but the documents and the place where reading begins, which is always the end of a chunk.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from govnews.errors import FormatError, GovnewsError
from govnews.extract.inputs import Item
from govnews.extract.records import Extraction, Source
from govnews.pipeline import annotate, load_model

if TYPE_CHECKING:
    from spacy.language import Language

CHUNK_CHARS = 20_000
CHUNK_ITEMS = 256
WAITING = 3  # chunks a process: one at work, the others read ahead

_nlp: Language | None = None  # of a worker process


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in a chunk.

    Args:
        lines: JSON objects, one a document: `after` and `read` of its item, and `found` or `error`.
        documents: How many were read.
        characters: Their length together.
        read: Bytes of all inputs read by then.
    """

    lines: list[str]
    documents: int
    characters: int
    read: int


def extract(nlp: Language, sources: Iterable[Source]) -> Iterator[Extraction]:
    """Run a pipeline over sources, in order."""
    queue: deque[Source] = deque()

    def documents() -> Iterator[Any]:
        for source in sources:
            queue.append(source)
            yield source.document

    for document in annotate(nlp, documents()):
        yield Extraction(queue.popleft(), document)


def cut_chunks(items: Iterable[Item], *, chars: int = CHUNK_CHARS, most: int = CHUNK_ITEMS) -> Iterator[list[Item]]:
    """Put items together until they have so many characters, or are so many."""
    chunk: list[Item] = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.found.document.text) if isinstance(item.found, Source) else 0
        if size >= chars or len(chunk) >= most:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def extract_chunk(nlp: Language, chunk: list[Item]) -> Result:
    """Run a pipeline over a chunk; a document on which it fails is an error like a file that cannot be read."""
    sources = [item.found for item in chunk if isinstance(item.found, Source)]
    try:
        found: list[dict[str, Any] | GovnewsError] = [one.to_dict() for one in extract(nlp, sources)]
    except Exception:  # whatever it is, it should cost one document only: which?
        found = [_extract_one(nlp, source) for source in sources]
    lines = []
    results = iter(found)
    for item in chunk:
        result = next(results) if isinstance(item.found, Source) else item.found
        data: dict[str, Any] = {"after": list(item.after), "read": item.read}
        if isinstance(result, GovnewsError):
            data["error"] = {name: getattr(result, name) for name in ("message", "hint", "path", "line")}
        else:
            data["found"] = result
        lines.append(json.dumps(data, ensure_ascii=False))
    return Result(lines, len(sources), sum(len(source.document.text) for source in sources), chunk[-1].read)


def run_here(nlp: Language, chunks: Iterable[list[Item]]) -> Iterator[Result]:
    """Run a pipeline over chunks in this process."""
    for chunk in chunks:
        yield extract_chunk(nlp, chunk)


def run_processes(model: str, chunks: Iterable[list[Item]], *, processes: int) -> Iterator[Result]:
    """Run a pipeline over chunks in several processes, each with a copy of it; results come in order.

    Raises:
        GovnewsError: A process died.
    """
    import multiprocessing

    chunks = iter(chunks)
    pool = ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker, initargs=(model,)
    )
    try:
        waiting: deque[Future[Result]] = deque(
            pool.submit(_work, chunk) for chunk in islice(chunks, WAITING * processes)
        )
        while waiting:
            yield _wait(waiting.popleft(), pool)
            waiting.extend(pool.submit(_work, chunk) for chunk in islice(chunks, 1))
    except BrokenProcessPool:
        raise GovnewsError(
            "a worker process died: it was killed, or memory ran out",
            hint="What was finished is kept: run the same command again, with fewer --processes where memory is short.",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _wait(future: Future[Result], pool: Any) -> Result:
    """Wait for a result; for that of a worker that was killed while it wrote, the pool alone would wait for ever."""
    while True:
        try:
            return future.result(timeout=1)
        except TimeoutError:
            workers = list((pool._processes or {}).values())
            if not all(worker.is_alive() for worker in workers):
                for worker in workers:
                    worker.kill()
                pool._result_queue._writer.close()  # the last writer: the pool reads an end and knows that it is broken


def _start_worker(model: str) -> None:
    global _nlp  # noqa: PLW0603
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _nlp = load_model(model)


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, killed as it may be."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(chunk: list[Item]) -> Result:
    if _nlp is None:
        raise RuntimeError("the worker was not started")
    return extract_chunk(_nlp, chunk)


def _extract_one(nlp: Language, source: Source) -> dict[str, Any] | GovnewsError:
    try:
        [found] = [one.to_dict() for one in extract(nlp, [source])]
    except Exception as error:
        return FormatError(
            f"the pipeline fails on document {source.document.id!r}: {type(error).__name__}: {str(error)[:200]}",
            path=source.path,
            hint="Everything else was read; leave the document out, or report the failure.",
        )
    return found
