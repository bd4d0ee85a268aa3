import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.errors import FormatError
from govnews.formats.documents import read_documents, write_documents
from govnews.formats.standoff import attach_standoff, fingerprint, write_standoff
from govnews.records import Document, Entity, Relation
from strategies import documents

ORG, METRIC = Entity(0, 3, "ORG"), Entity(3, 9, "METRIC")
FIRST = Document("a", "青禾县学位300个。", (ORG, METRIC), (Relation(ORG, METRIC, "HAS_METRIC"),))
SECOND = Document("b", "云岭市。", (Entity(0, 3, "ORG"),))


@given(st.lists(documents(), max_size=4))
def test_annotations_and_texts_come_together_again(tmp_path_factory, docs):
    path = tmp_path_factory.mktemp("standoff") / "a.jsonl"
    plain = [Document(str(n), f"{n}{d.text}。") for n, d in enumerate(docs)]
    marked = [
        Document(p.id, p.text, tuple(e.shift(1) for e in d.entities), tuple(r.shift(1) for r in d.relations))
        for p, d in zip(plain, docs, strict=True)
    ]
    write_standoff(marked, path)
    found, missing = attach_standoff(path, ["else", *(f" {d.text}\n" for d in reversed(marked)), *("x", "y")])
    assert missing == []
    assert found == marked


def test_the_file_holds_nothing_of_the_text(tmp_path):
    write_standoff([FIRST], tmp_path / "a.jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_text()) == {
        "id": "a",
        "sha256": fingerprint(FIRST.text),
        "entities": [{"start": 0, "end": 3, "label": "ORG"}, {"start": 3, "end": 9, "label": "METRIC"}],
        "relations": [{"head": 0, "tail": 1, "label": "HAS_METRIC"}],
    }


def test_the_commands_go_there_and_back_and_tell_what_is_missing(tmp_path):
    write_documents([FIRST, SECOND], tmp_path / "in.ann")
    (tmp_path / "raw.txt").write_text(f"别的\n{SECOND.text}\r\n{FIRST.text}", encoding="utf-8")
    (tmp_path / "part.txt").write_text(f"{SECOND.text}\n", encoding="utf-8")

    def run(*arguments):
        return CliRunner().invoke(app, ["corpus", *map(str, arguments)])

    assert run("detach", tmp_path / "in.ann", "-o", tmp_path / "a.jsonl").exit_code == 0
    assert run("attach", tmp_path / "a.jsonl", tmp_path / "raw.txt", "-o", tmp_path / "out.ann").exit_code == 0
    assert read_documents(tmp_path / "out.ann") == read_documents(tmp_path / "in.ann")
    result = run("attach", tmp_path / "a.jsonl", tmp_path / "part.txt", "-o", tmp_path / "some.ann")
    assert result.exit_code == 1
    assert "1 whose text is not there: a" in result.output
    assert [document.id for document in read_documents(tmp_path / "some.ann")] == ["b"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", "no id or no sha256"),
        ('{"id": "a"}', "no id or no sha256"),
        ('{"id": 1, "sha256": "x"}', "no id or no sha256"),
        ("{", "is no JSON"),
        ('{"id": "a", "sha256": "%s", "entities": [{"start": 0, "end": 99, "label": "ORG"}]}', "end"),
        ('{"id": "a", "sha256": "%s", "entities": 3}', "entities"),
        ('{"id": "a", "sha256": "%s", "relations": [{"head": 0, "tail": 1, "label": "RUNS"}]}', "head"),
    ],
)
def test_bad_lines_are_told_with_their_place(tmp_path, line, message):
    path = tmp_path / "bad.jsonl"
    path.write_text("\n" + line.replace("%s", fingerprint(SECOND.text)), encoding="utf-8")
    with pytest.raises(FormatError, match=message) as caught:
        attach_standoff(path, [SECOND.text])
    assert caught.value.line == 2
