"""docs/new-label.md, followed word for word in a copy of the package."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def page(root):
    text = (root / "docs/new-label.md").read_text(encoding="utf-8")
    return re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def place(root, page, tmp_path_factory):
    """A folder like the checkout, the package in it changed as the page says."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(root / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "training").mkdir()
    for name in ("configs", "training/pretrained"):
        (folder / name).symlink_to(root / name)
    blocks = dict(page)
    head, _, *lines = blocks["diff"].splitlines()
    path = folder / head.removeprefix("--- ")
    before = "".join(line[1:] + "\n" for line in lines if line[0] == " ")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    assert [line[0] for line in lines].count("+") == 1  # one change, one place
    path.write_text(text.replace(before, "".join(line[1:] + "\n" for line in lines)), encoding="utf-8")
    (folder / "people.ann").write_text(blocks["ann"], encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(page, place):
    """What each command of the page prints."""
    return {command: run(command, place) for kind, block in page if kind == "sh" for command in commands(block)}


def commands(block):
    return block.replace("\\\n", " ").splitlines()


def run(command, place):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    change = {"PYTHONPATH": str(place / "src"), "PATH": path, "OMP_NUM_THREADS": "1", "COLUMNS": "200"}
    result = subprocess.run(
        command, shell=True, cwd=place, env={**os.environ, **change}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, command + result.stdout + result.stderr
    return result.stdout + result.stderr


def found(printed, start):
    return next(text for command, text in printed.items() if command.startswith(start))


def test_the_label_is_known_and_its_annotations_are_right(printed):
    assert "1 documents, 10 entities, 2 relations: nothing wrong" in found(printed, "govnews corpus check")


def test_without_the_change_it_is_unknown(root, place):
    from govnews.corpus.check import check_file

    _, problems = check_file(place / "people.ann")
    assert {"unknown label 'PERSON'" in problem.message for problem in problems} == {True}


def test_a_pipeline_finds_it(printed):
    line = next(line for line in found(printed, "echo").splitlines() if line.startswith("{"))
    [person] = [entity for entity in json.loads(line)["entities"] if entity["label"] == "PERSON"]
    assert (person["start"], person["end"], person["text"]) == (0, 3, "李秀英")


def test_it_is_scored_like_the_others(printed):
    assert re.search(r"PERSON\W+1\.000", found(printed, "govnews evaluate"))


def test_it_has_a_colour_and_a_key_of_its_own(place, printed):
    html = (place / "people.html").read_text(encoding="utf-8")
    assert 'class="PERSON"' in html
    colours = re.findall(r"--(?:org|metric|program|date|person): (#\w+);", html)
    assert len(colours) == len(set(colours)) == 10  # on light and on dark paper
    code = "from govnews.label.interface import Interface; print(Interface().to_xml())"
    assert re.search(r'<Label value="PERSON" background="#\w+" hotkey="5"', run(f"{sys.executable} -c '{code}'", place))
