from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.errors import GovnewsError
from govnews.formats.documents import read_documents, write_documents
from govnews.label.merge import PULLED, Side, checksum, merge_file
from govnews.records import Document, Entity, Section

TEXT = "雨湖区新增学位3700余个"
ORG, METRIC = Entity(0, 3, "ORG"), Entity(5, 13, "METRIC")
WHO = {"annotator": "li@example.com", "annotated": "2026-11-24T15:27:20Z"}
A = Document("a", TEXT, (ORG,), meta=WHO)
BOTH = replace(A, entities=(ORG, METRIC))


@pytest.fixture(params=[".ann", ".jsonl"])
def path(request, tmp_path):
    return tmp_path / f"mine{request.param}"


def edit(path, **change):
    """What a person does in an editor to the first document."""
    first, *others = read_documents(path)
    write_documents([replace(first, **change), *others], path)


def marked(path):
    return [document.entities for document in read_documents(path)]


def test_what_is_new_is_written_with_who_and_when(path):
    merge = merge_file(path, [A])
    assert (merge.new, merge.updated, merge.conflicts) == (1, 0, [])
    [document] = read_documents(path)
    assert document == replace(A, meta={**WHO, PULLED: checksum(A)})


def test_pulling_again_changes_nothing(path):
    merge_file(path, [A, replace(A, id="b")])
    before = path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino
    merge = merge_file(path, [replace(A, id="b"), A])
    assert (merge.new, merge.updated, merge.conflicts) == (0, 0, [])
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_what_nobody_edited_follows_the_server(path):
    merge_file(path, [A])
    merge = merge_file(path, [BOTH])
    assert (merge.updated, merge.conflicts) == (1, [])
    assert marked(path) == [BOTH.entities]


def test_nothing_is_written_where_nothing_was_pulled(path):
    merge_file(path, [])
    assert not path.exists()


def test_an_edit_is_a_conflict_and_stays(path):
    merge_file(path, [A])
    edit(path, entities=(METRIC,))
    before = path.read_bytes()
    merge = merge_file(path, [A])
    assert path.read_bytes() == before
    [conflict] = merge.conflicts
    assert (conflict.path, conflict.ours.entities, conflict.theirs.entities) == (str(path), (METRIC,), (ORG,))
    assert [difference.shown() for difference in conflict.differences()] == [
        ["", "ORG 雨湖区"],
        ["METRIC 学位3700余个", ""],
    ]


def test_beside_a_conflict_the_rest_goes_on(path):
    merge_file(path, [A, replace(A, id="b")])
    edit(path, entities=(METRIC,))
    merge = merge_file(path, [A, replace(BOTH, id="b"), replace(A, id="c")])
    assert (merge.new, merge.updated, len(merge.conflicts)) == (1, 1, 1)
    assert marked(path) == [(METRIC,), BOTH.entities, A.entities]


def test_an_edit_that_the_server_has_too_is_none(path):
    merge_file(path, [A])
    edit(path, entities=BOTH.entities)
    assert merge_file(path, [BOTH]).conflicts == []
    assert merge_file(path, [A]).conflicts == []  # and it follows again
    assert marked(path) == [A.entities]


def test_theirs_takes_the_servers_side(path):
    merge_file(path, [A])
    edit(path, entities=(METRIC,))
    assert merge_file(path, [BOTH], keep=Side.theirs).conflicts == []
    assert marked(path) == [BOTH.entities]
    assert merge_file(path, [BOTH]).updated == 0


def test_ours_is_kept_and_asked_about_again_only_when_a_side_changes(path):
    merge_file(path, [A])
    edit(path, entities=(METRIC,))
    assert merge_file(path, [A], keep=Side.ours).conflicts == []
    assert marked(path) == [(METRIC,)]
    assert merge_file(path, [A]).conflicts == []
    assert len(merge_file(path, [BOTH]).conflicts) == 1
    edit(path, entities=())
    assert len(merge_file(path, [A]).conflicts) == 1


def test_what_was_never_pulled_is_not_overwritten(path):
    write_documents([replace(A, meta={}), replace(A, id="mine", meta={})], path)
    assert len(merge_file(path, [BOTH]).conflicts) == 1
    assert merge_file(path, [A]).conflicts == []
    assert [document.id for document in read_documents(path)] == ["a", "mine"]


def test_what_stands_elsewhere_leaves_the_file_unless_it_was_edited(path):
    merge_file(path, [A, replace(A, id="b"), replace(A, id="c")])
    edit(path, entities=(METRIC,))
    merge = merge_file(path, [], moved={"a", "b", "none"})
    assert (merge.moved, [document.id for document in read_documents(path)]) == (1, ["a", "c"])


def test_a_file_that_everything_has_left_is_gone(path):
    merge_file(path, [A])
    assert merge_file(path, [], moved={"a"}).documents == []
    assert not path.exists()


def test_a_text_that_differs_is_a_conflict(path):
    merge_file(path, [A])
    edit(path, text=TEXT + "。")
    [conflict] = merge_file(path, [A]).conflicts
    assert conflict.differences() == []
    merge_file(path, [A], keep=Side.theirs)
    assert read_documents(path)[0].text == TEXT


def test_what_the_file_says_of_a_document_besides_stays(path):
    merge_file(path, [A])
    edit(path, meta={**read_documents(path)[0].meta, "date": "2024-12-20"}, sections=(Section("all", 0, len(TEXT)),))
    merge_file(path, [replace(BOTH, meta=WHO | {"annotator": "wang@example.com"})])
    [document] = read_documents(path)
    assert document.entities == BOTH.entities
    assert document.meta["date"] == "2024-12-20"
    assert document.meta["annotator"] == "wang@example.com"
    assert document.sections == (Section("all", 0, len(TEXT)),)


@pytest.mark.parametrize(
    "content",
    ["{ORG1:雨湖区", "# doc: a\n\n县\n\n# doc: a\n\n县\n", "", '{"text": 5}'],
    ids=["open", "twice", "empty", "no"],
)
def test_a_file_that_cannot_be_read_is_left_as_it_is(path, content):
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GovnewsError, match="mine"):
        merge_file(path, [A])
    assert path.read_text(encoding="utf-8") == content


def test_what_the_format_cannot_carry_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "mine.ann"
    merge_file(path, [A])
    before = path.read_bytes()
    with pytest.raises(GovnewsError, match="overlapping entities"):
        merge_file(path, [replace(A, id="b", entities=(ORG, Entity(1, 4, "DATE")))])
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["mine.ann"]


versions = st.sets(st.sampled_from([ORG, METRIC, Entity(3, 5, "DATE")])).map(tuple)
steps = st.lists(st.tuples(st.sampled_from(["pull", "edit", "ours", "theirs"]), versions), max_size=8)


@given(steps)
def test_no_edit_is_ever_lost_unless_that_was_asked_for(tmp_path_factory, history):
    path = tmp_path_factory.mktemp("merge") / "mine.jsonl"
    merge_file(path, [A])
    edited = None
    for what, entities in history:
        if what == "edit":
            edited = tuple(sorted(entities))
            edit(path, entities=entities)
            continue
        theirs = replace(A, entities=entities)
        before = marked(path)
        merge = merge_file(path, [theirs], keep=Side(what) if what != "pull" else Side.neither)
        if what == "theirs" or marked(path) == [theirs.entities]:
            edited = None
        if edited is not None:
            assert marked(path) == before == [edited]
        assert bool(merge.conflicts) <= (what == "pull")
