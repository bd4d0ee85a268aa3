import pytest
from hypothesis import given, settings

from govnews.errors import FormatError
from govnews.formats.documents import READERS, WRITERS, read_documents, write_documents
from strategies import documents


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_every_format_brings_back_what_it_was_given(tmp_path, ten, suffix):
    path = tmp_path / f"十句{suffix.upper()}"
    write_documents([ten], path)
    assert read_documents(path) == [ten]


@pytest.mark.parametrize("first", sorted(WRITERS))
@pytest.mark.parametrize("second", sorted(WRITERS))
@settings(max_examples=50, deadline=None)
@given(document=documents())
def test_a_document_survives_the_way_through_two_formats(tmp_path_factory, document, first, second):
    folder = tmp_path_factory.getbasetemp()
    write_documents([document], folder / f"one{first}")
    write_documents(read_documents(folder / f"one{first}"), folder / f"two{second}")
    assert read_documents(folder / f"two{second}") == [document]


@pytest.mark.parametrize("name", ["a.txt", "a", "a.ann.bak", ".jsonl", "."])
def test_an_unknown_ending_is_refused_before_anything_is_written(tmp_path, ten, name):
    for use in (lambda path: write_documents([ten], path), read_documents):
        with pytest.raises(FormatError, match="no annotated format ends in") as caught:
            use(tmp_path / name)
        assert caught.value.path == str(tmp_path / name)
        assert ".ann, .jsonl" in caught.value.hint
    assert list(tmp_path.iterdir()) == []
