import json
import os
import signal

import pytest

from govnews.corpus.layout import keep_layout
from govnews.errors import FormatError, GovnewsError
from govnews.extract import Extraction, Item, Source, extract, run_job, stream_job
from govnews.extract.job import MAX_ERRORS, Summary
from govnews.extract.run import cut_chunks, extract_chunk
from govnews.records import Document

from .conftest import SENTENCES


def item(text, number=0):
    return Item(Source(Document(f"d{number}", text), keep_layout(text), "a.txt"), (0, number + 1), number)


def test_a_pipeline_runs_over_sources_in_order(nlp):
    found = list(extract(nlp, [item(SENTENCES, n).found for n in range(3)]))
    assert [one.document.id for one in found] == ["d0", "d1", "d2"]
    surfaces = [found[0].document.surface(entity) for entity in found[0].document.entities]
    assert surfaces == ["去年", "青禾县", "地区生产总值86.4亿元", "云岭镇", "项目15个"]
    assert [fact["text"] for fact in found[0].to_dict()["facts"]] == ["地区生产总值86.4亿元", "项目15个"]
    assert isinstance(found[0], Extraction)


def test_chunks_are_cut_by_length_and_number():
    error = Item(FormatError("bad"), (0, 9), 0)
    items = [item("一" * 5), item("一" * 6), error, item("一" * 30), error, error, error]
    assert [len(chunk) for chunk in cut_chunks(items, chars=10, most=3)] == [2, 2, 3]


def test_chunks_after_a_chunk_are_the_same():
    items = [item("一" * (n % 7), n) for n in range(100)]
    chunks = list(cut_chunks(items, chars=10, most=4))
    for number, chunk in enumerate(chunks):
        assert list(cut_chunks(items[chunk[0].after[1] - 1 :], chars=10, most=4)) == chunks[number:]


def test_a_document_on_which_the_pipeline_fails_costs_only_itself(nlp):
    class Failing:
        def pipe(self, texts, **options):
            texts = list(texts)
            if any("坏" in text for text, _ in texts):
                raise ValueError("E999")
            return nlp.pipe(texts, **options)

    result = extract_chunk(Failing(), [item("青禾县。", 0), item("坏。", 1), item("云岭镇。", 2)])
    first, second, third = map(json.loads, result.lines)
    assert (first["found"]["id"], third["found"]["id"]) == ("d0", "d2")
    assert "fails on document 'd1': ValueError: E999" in second["error"]["message"]
    assert second["after"] == [0, 2]


def test_a_job_can_be_read_as_it_goes(job, archive):
    summary = Summary()
    records = stream_job(job(archive), summary)
    assert next(records)["id"].endswith("000.txt")
    assert len(list(records)) == 698
    assert (summary.documents, summary.failed) == (699, 1)
    assert summary.errors[0].line == 301


def test_of_many_errors_only_some_are_kept(job, tmp_path):
    (tmp_path / "a.jsonl").write_text("x\n" * 500 + '{"text": "青禾县"}\n')
    summary = run_job(job(tmp_path), tmp_path / "found.csv")
    assert (summary.documents, summary.failed, len(summary.errors)) == (1, 500, MAX_ERRORS)


def test_results_of_an_earlier_run_stay_when_nothing_can_be_read(job, tmp_path):
    output = tmp_path / "found.jsonl"
    output.write_text("old", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    summary = run_job(job(tmp_path / "empty.txt"), output)
    assert (summary.documents, summary.failed) == (0, 1)
    assert output.read_text(encoding="utf-8") == "old"
    assert not (tmp_path / "found.jsonl.parts").exists()


def test_every_format_gives_the_same_document(job, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq
    from docx import Document as Word

    (tmp_path / "a.txt").write_text(SENTENCES, encoding="utf-8")
    (tmp_path / "b.html").write_text(f"<p>{SENTENCES}</p>", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text(json.dumps({"text": SENTENCES}), encoding="utf-8")
    pq.write_table(pa.table({"text": [SENTENCES]}), tmp_path / "d.parquet")
    word = Word()
    word.add_paragraph(SENTENCES)
    word.save(tmp_path / "e.docx")
    summary = Summary()
    records = list(stream_job(job(tmp_path), summary))
    assert not summary.errors
    assert [record["path"].rsplit("/", 1)[-1] for record in records] == [
        "a.txt", "b.html", "c.jsonl", "d.parquet", "e.docx",
    ]  # fmt: skip
    assert len({json.dumps([record["text"], record["entities"], record["relations"]]) for record in records}) == 1
    assert all(len(record["facts"]) == 2 for record in records)


def test_processes_give_the_same_one_that_dies_is_told_and_fewer_may_go_on(job, archive, tmp_path):
    import multiprocessing

    whole, shared = tmp_path / "whole.jsonl", tmp_path / "shared.jsonl"
    run_job(job(archive), whole)
    results = []

    def kill(result):
        results.append(result)
        if len(results) == 3:
            os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)

    with pytest.raises(GovnewsError, match="a worker process died") as error:
        run_job(job(archive, processes=2), shared, progress=kill)
    assert "run the same command again" in error.value.hint
    assert not multiprocessing.active_children()
    run_job(job(archive), shared)
    assert shared.read_bytes() == whole.read_bytes()


KILLED_WHILE_WRITING = """
import multiprocessing, os, signal, struct, sys
from concurrent.futures import ProcessPoolExecutor

from govnews.extract.run import _wait

def die(_):
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        frame = frame.f_back
    frame.f_locals["result_queue"]._writer._send(struct.pack("!i", 1000) + b"x")  # the first of 1000 bytes
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    pool = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))
    try:
        _wait(pool.submit(die, 0), pool)
    except Exception as error:
        print(type(error).__name__)
    pool.shutdown(wait=True)
"""


def test_a_worker_killed_while_it_writes_is_told_too(tmp_path):
    import subprocess
    import sys

    (tmp_path / "job.py").write_text(KILLED_WHILE_WRITING)
    result = subprocess.run(
        [sys.executable, tmp_path / "job.py"], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout == "BrokenProcessPool\n"
