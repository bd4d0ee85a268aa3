import json
import multiprocessing
import os
import random
import signal
import time

import pytest

from govnews.errors import GovnewsError
from govnews.extract import run_job
from govnews.extract.shards import Shards, find_changes

MANIFEST = {"model": "zh_a 1.0", "encoding": "utf-8", "inputs": [["a.txt", 3, 1], ["b.txt", 4, 2]]}


def line(number):
    return json.dumps({"after": [0, number], "read": 10 * number, "found": {"text": "雨"}})


def content(path):
    """What a file says, for comparison: its bytes, or the tables of a database."""
    if path.suffix != ".duckdb":
        return path.read_bytes()
    import duckdb

    with duckdb.connect(str(path), read_only=True) as database:
        names = [name for [name] in database.sql("SELECT table_name FROM duckdb_tables ORDER BY 1").fetchall()]
        return {name: database.sql(f"FROM {name}").fetchall() for name in names}


def kill(process, after):
    time.sleep(after)
    if process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet", ".duckdb"])
def test_a_run_killed_again_and_again_gives_what_an_undisturbed_one_gives(job, archive, tmp_path, suffix):
    undisturbed, killed = tmp_path / f"undisturbed{suffix}", tmp_path / f"killed{suffix}"
    began = time.monotonic()
    expected = run_job(job(archive), undisturbed)
    whole = time.monotonic() - began
    assert (expected.documents, expected.failed) == (699, 1)
    this = job(archive)
    assert this.nlp  # loaded before the processes are forked
    chance, deaths = random.Random(suffix), 0
    fork = multiprocessing.get_context("fork")
    for _ in range(5):
        process = fork.Process(target=run_job, args=(this, killed), kwargs={"commit_seconds": 0})
        process.start()
        kill(process, chance.uniform(0.02, 0.6 * whole))
        deaths += process.exitcode == -signal.SIGKILL
    assert deaths
    summary = run_job(this, killed)
    assert content(killed) == content(undisturbed)
    assert (summary.documents, summary.failed) == (699, 1)
    assert [str(error) for error in summary.errors] == [str(error) for error in expected.errors]
    assert {path.name for path in tmp_path.iterdir()} == {"archive", undisturbed.name, killed.name}


def test_a_run_stopped_by_a_failure_keeps_what_it_had_and_goes_on(job, archive, tmp_path):
    output = tmp_path / "found.jsonl"
    seen = []

    def stop(result):
        seen.append(result.documents)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(job(archive), output, progress=stop)
    assert not output.exists()
    rest, begun = [], []
    run_job(job(archive), output, begin=begun.append, progress=lambda result: rest.append(result.documents))
    assert sum(seen) + sum(rest) == 699
    assert begun[0] > 0
    run_job(job(archive), tmp_path / "whole.jsonl")
    assert output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.parametrize("change", ["input", "more", "option"])
def test_a_run_of_something_else_is_refused_until_it_is_told_to_restart(job, archive, tmp_path, change):
    output = tmp_path / "found.csv"

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(job(archive), output, progress=stop)
    options = {}
    if change == "input":
        (archive / "000.txt").write_text("云岭镇。", encoding="utf-8")
        message = "000.txt has changed"
    elif change == "more":
        (archive / "new.txt").write_text("云岭镇。", encoding="utf-8")
        message = "new.txt is new"
    else:
        options, message = {"layout": "keep"}, "layout was 'repair', is 'keep'"
    with pytest.raises(GovnewsError, match=message) as error:
        run_job(job(archive, **options), output)
    assert "--restart" in error.value.hint
    summary = run_job(job(archive, **options), output, restart=True)
    assert summary.documents == 699 + (change == "more")


def test_another_model_of_the_same_name_is_another_model(job, archive, tiny, tmp_path):
    from pathlib import Path
    from shutil import copytree

    copytree(tiny, tmp_path / "copy")
    before = job(archive).manifest()
    this = job(archive)
    object.__setattr__(this, "model", str(tmp_path / "copy"))
    assert this.manifest() == before
    with (Path(tmp_path) / "copy" / "vocab" / "strings.json").open("a") as file:
        file.write(" ")
    again = job(archive)
    object.__setattr__(again, "model", str(tmp_path / "copy"))
    [change] = find_changes(before, again.manifest())
    assert change.startswith("model was")


def test_shards_say_where_they_stand(tmp_path):
    shards = Shards(tmp_path / "x.csv", MANIFEST)
    assert shards.where() == ((0, 0), 0)
    shards.add([line(1), line(2)])
    shards.commit()
    shards.add([line(3) + " " * 200_000])
    shards.close()
    again = Shards(tmp_path / "x.csv", MANIFEST)
    assert again.where() == ((0, 3), 30)
    assert [found["after"][1] for found in again.lines()] == [1, 2, 3]
    again.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_was_not_in_place_is_forgotten(tmp_path):
    shards = Shards(tmp_path / "x.csv", MANIFEST)
    shards.add([line(1)])
    shards.commit()
    (shards.folder / "next").write_text(line(2)[:20])
    shards.close()
    assert Shards(tmp_path / "x.csv", MANIFEST).where() == ((0, 1), 10)


def test_shards_without_a_manifest_are_nobodys(tmp_path):
    shards = Shards(tmp_path / "x.csv", MANIFEST)
    shards.add([line(1)])
    shards.close()
    (shards.folder / "manifest.json").unlink()
    assert Shards(tmp_path / "x.csv", MANIFEST).where() == ((0, 0), 0)


def test_two_runs_cannot_write_the_same(tmp_path):
    first = Shards(tmp_path / "x.csv", MANIFEST)
    with pytest.raises(GovnewsError, match="another run is at work"):
        Shards(tmp_path / "x.csv", MANIFEST, restart=True)
    first.close()
    Shards(tmp_path / "x.csv", MANIFEST).remove()


def test_a_folder_of_someone_else_keeps_what_is_in_it(tmp_path):
    folder = tmp_path / "x.csv.parts"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    Shards(tmp_path / "x.csv", MANIFEST).remove()
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["manifest.json", "00000000.jsonl"])
def test_damage_is_told(tmp_path, name):
    shards = Shards(tmp_path / "x.csv", MANIFEST)
    shards.add([line(1)])
    shards.close()
    (shards.folder / name).write_text("{")
    with pytest.raises(GovnewsError, match="damaged") as error:
        Shards(tmp_path / "x.csv", MANIFEST).where()
    assert name in str(error.value)
    assert "--restart" in error.value.hint


def test_many_changes_are_cut_short():
    now = {**MANIFEST, "inputs": [[f"{n}.txt", 1, 1] for n in range(9)]}
    assert find_changes(MANIFEST, now) == ["a.txt is missing", "b.txt is missing", "0.txt is new", "8 inputs more"]
    turned = {**MANIFEST, "inputs": MANIFEST["inputs"][::-1]}
    assert find_changes(MANIFEST, turned) == ["the inputs come in another order"]
