"""Run a job on Ray Data: the same chunks and the same results as here, on as many machines as a cluster has."""

from __future__ import annotations

import logging
import os
import pickle
import socket
from collections.abc import Iterable, Iterator
from typing import Any

from govnews.errors import GovnewsError
from govnews.extract.inputs import Input, Options, Position, read_items
from govnews.extract.run import Result, cut_chunks, extract_chunk
from govnews.formats.textfile import STDIN
from govnews.pipeline import load_model

_PATIENCE = 10  # seconds
_BLOCK_BYTES = 1 << 20  # Ray hands blocks on when they are so large: small ones keep memory flat


def run_ray(
    model: str,
    inputs: list[Input],
    options: Options,
    *,
    start: Position = (0, 0),
    workers: int = 1,
    address: str | None = None,
) -> Iterator[Result]:
    """Run a pipeline over inputs on Ray, from a place on; results come in order.

    One task reads and cuts into chunks, the workers extract: every machine of a cluster needs the
    model, and one that reads needs the inputs, under the same paths.

    Args:
        model: A pipeline's folder, or the name of its package.
        inputs: Files; standard input cannot be read from elsewhere.
        options: How to read.
        start: Where reading begins.
        workers: Processes that extract, each with a copy of the pipeline.
        address: Of a running cluster, such as `auto` or `ray://host:10001`; else one is started here.

    Raises:
        GovnewsError: Ray is not installed, cannot be reached, or a worker died.
    """
    if any(one.path == STDIN for one in inputs):
        raise GovnewsError("Ray cannot read standard input", hint="Name a file, or leave out --engine.")
    ray = _start(workers, address)
    try:
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.target_max_block_size = _BLOCK_BYTES
        context.enable_progress_bars = False
        chunks = ray.data.read_datasource(_make_source(inputs, options, start), override_num_blocks=1)
        # actors that take whole CPUs leave none to read with, and Ray then waits for ever
        found = chunks.map_batches(
            _Worker, fn_constructor_args=(model,), concurrency=workers, num_cpus=0.5, batch_size=1, batch_format="numpy"
        )
        for row in found.iter_rows():
            yield pickle.loads(row["result"])
    except ray.exceptions.RayError as error:
        raise GovnewsError(
            f"Ray failed: {str(error).strip().splitlines()[-1][:300]}",
            hint="What was finished is kept: run the same command again; `ray status` tells how the cluster is.",
        ) from None
    finally:
        ray.shutdown()


class _Worker:
    """One copy of a pipeline, which takes chunks."""

    def __init__(self, model: str) -> None:
        self.nlp = load_model(model)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[bytes]]:
        return {"result": [pickle.dumps(extract_chunk(self.nlp, pickle.loads(data))) for data in batch["chunk"]]}


def _start(workers: int, address: str | None) -> Any:
    """Ray, connected to a cluster."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
        import ray.data
    except ImportError:
        raise GovnewsError(
            "this engine needs the package ray", hint='Install it with: pip install "govnews[ray]"'
        ) from None
    try:
        if address:
            _knock(address)
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        else:
            ray.init(
                num_cpus=max(2, workers),
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise GovnewsError(
            f"no Ray cluster can be reached: {str(error).strip().splitlines()[0][:300]}",
            hint="Check --address, or leave it out to run on this machine.",
        ) from None
    return ray


def _knock(address: str) -> None:
    """Raise OSError at once where nobody answers at an address; Ray itself would try for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()


def _make_source(inputs: list[Input], options: Options, start: Position) -> Any:
    """A source of chunks for Ray, read one after the other by one task."""
    import pyarrow as pa
    from ray.data import Datasource, ReadTask
    from ray.data.block import BlockMetadata

    def read() -> Iterable[Any]:
        for chunk in cut_chunks(read_items(inputs, options, start=start)):
            yield pa.table({"chunk": pa.array([pickle.dumps(chunk)], pa.large_binary())})

    def tasks(source: Any, parallelism: int, *_: Any, **__: Any) -> list[Any]:
        return [ReadTask(read, BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None))]

    methods = {"estimate_inmemory_data_size": lambda source: None, "get_read_tasks": tasks}
    make: Any = type("Chunks", (Datasource,), methods)  # a class statement would not type-check where ray is missing
    return make()
