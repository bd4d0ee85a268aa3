"""A whole run over files: read, extract on the engine chosen, keep, and write."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from govnews.errors import FormatError, GovnewsError
from govnews.extract.inputs import Input, Options, Position, read_items
from govnews.extract.run import Result, cut_chunks, run_here, run_processes
from govnews.extract.shards import COMMIT_SECONDS, Shards
from govnews.extract.writers import Rows, check_output, write_records
from govnews.formats.textfile import STDIN, checksum
from govnews.pipeline import load_model

if TYPE_CHECKING:
    from spacy.language import Language

Engine = Literal["local", "ray"]
MAX_ERRORS = 100  # shown; of the others only the number is kept


@dataclass(slots=True)
class Summary:
    """How a run went.

    Args:
        documents: Those read.
        characters: Their length together.
        failed: How many files, lines and rows could not be read.
        errors: The first of them.
        kept: Bytes of the inputs that an earlier run had done.
    """

    documents: int = 0
    characters: int = 0
    failed: int = 0
    errors: list[GovnewsError] = field(default_factory=list)
    kept: int = 0

    def take(self, line: dict[str, Any]) -> dict[str, Any] | None:
        """Count a line of a result; gives the record where there is one."""
        record: dict[str, Any] | None = line.get("found")
        if record is None:
            self.failed += 1
            if len(self.errors) < MAX_ERRORS:
                self.errors.append(FormatError(**line["error"]))
        else:
            self.documents += 1
            self.characters += len(record["text"])
        return record


@dataclass(frozen=True)
class Job:
    """What is to be run over what.

    Args:
        inputs: As `find_inputs` gives them.
        model: A pipeline's folder, or the name of its package.
        options: How to read.
        processes: How many share the work.
        engine: `ray` runs it on Ray Data.
        address: Of a Ray cluster; else one of this machine is started.
    """

    inputs: list[Input]
    model: str
    options: Options = field(default_factory=Options)
    processes: int = 1
    engine: Engine = "local"
    address: str | None = None

    @cached_property
    def nlp(self) -> Language:
        """The pipeline, loaded once."""
        return load_model(self.model)

    def manifest(self) -> dict[str, Any]:
        """What makes two runs give the same, whatever engine they run on."""
        meta = self.nlp.meta
        return {
            "govnews": version("govnews"),
            "model": f"{meta['lang']}_{meta['name']} {meta['version']}, {_fingerprint(self.nlp)}",
            **asdict(self.options),
            "inputs": [list(astuple(one)) for one in self.inputs],
        }

    def results(self, start: Position = (0, 0)) -> Iterator[Result]:
        """Run it from a place on, chunk by chunk in order.

        Raises:
            GovnewsError: The engine cannot do it, or a worker died.
        """
        if self.engine == "ray":
            from govnews.extract.ray_engine import run_ray

            return run_ray(
                self.model, self.inputs, self.options, start=start, workers=self.processes, address=self.address
            )
        chunks = cut_chunks(read_items(self.inputs, self.options, start=start))
        if self.processes > 1:
            return run_processes(self.model, chunks, processes=self.processes)
        return run_here(self.nlp, chunks)


def stream_job(
    job: Job, summary: Summary, *, progress: Callable[[Result], None] | None = None
) -> Iterator[dict[str, Any]]:
    """Run a job and give its records as they come; nothing is kept.

    Args:
        job: What to run.
        summary: Takes the counts and errors.
        progress: Called after each chunk.
    """
    for result in job.results():
        for line in result.lines:
            record = summary.take(json.loads(line))
            if record is not None:
                yield record
        if progress:
            progress(result)


def run_job(
    job: Job,
    output: str | Path,
    *,
    rows: Rows = "facts",
    restart: bool = False,
    begin: Callable[[int], None] | None = None,
    progress: Callable[[Result], None] | None = None,
    see: Callable[[dict[str, Any]], None] | None = None,
    commit_seconds: float = COMMIT_SECONDS,
) -> Summary:
    """Run a job into a file; run again after a crash, it goes on where it stopped.

    Where no input at all could be read, results of an earlier run stay as they were.

    Args:
        job: What to run.
        output: The ending tells the format.
        rows: What a row of CSV and parquet is.
        restart: Whether to throw away what a run that did not finish has found.
        begin: Called once, with the bytes of the inputs that an earlier run had done.
        progress: Called after each chunk.
        see: Called for each record as it is written.
        commit_seconds: How much work a crash may cost.

    Raises:
        GovnewsError: The output cannot be written, or an unfinished run was of something else.
    """
    check_output(output)
    summary = Summary()
    piped = any(one.path == STDIN for one in job.inputs)  # what came that way is gone: no run can go on with it
    shards = Shards(output, job.manifest(), restart=restart or piped, commit_seconds=commit_seconds)
    try:
        start, summary.kept = shards.where()
        if begin:
            begin(summary.kept)
        for result in job.results(start):
            shards.add(result.lines)
            if progress:
                progress(result)
        shards.commit()

        def records() -> Iterator[dict[str, Any]]:
            for line in shards.lines():
                record = summary.take(line)
                if record is not None:
                    if see:
                        see(record)
                    yield record

        if any("found" in line for line in shards.lines()):
            write_records(records(), shards.joined, rows=rows)
            shards.joined.replace(output)
        else:
            deque(records(), maxlen=0)
        shards.remove()
    finally:
        shards.close()
    return summary


def _fingerprint(nlp: Language) -> str:
    """What tells a pipeline from another of the same name: the checksum of its files."""
    folder = nlp.path
    if folder is None:
        return hashlib.sha256(nlp.to_bytes()).hexdigest()[:16]
    files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    listing = "\n".join(f"{path.relative_to(folder)} {checksum(path)}" for path in files)
    return hashlib.sha256(listing.encode()).hexdigest()[:16]
