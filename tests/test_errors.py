import copy
import pickle
from pathlib import Path

import pytest

from govnews.errors import FormatError, GovnewsError, ModelError


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, "没有正文"),
        ({"path": "a.ann"}, "a.ann: 没有正文"),
        ({"path": Path("a.ann"), "line": 3}, "a.ann:3: 没有正文"),
        ({"line": 3}, "line 3: 没有正文"),
        ({"path": "a.ann", "line": 3, "hint": "Add text."}, "a.ann:3: 没有正文\n  Add text."),
    ],
)
def test_an_error_says_where_what_and_what_to_do(options, shown):
    assert str(GovnewsError("没有正文", **options)) == shown


@pytest.mark.parametrize("kind", [GovnewsError, FormatError, ModelError])
@pytest.mark.parametrize("clone", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_survives_the_way_from_a_worker_process(kind, clone):
    error = clone(kind("空", hint="Fill it.", path="a.ann", line=2))
    assert type(error) is kind
    assert (error.message, error.hint, error.path, error.line) == ("空", "Fill it.", "a.ann", 2)
    assert str(error) == "a.ann:2: 空\n  Fill it."


@pytest.mark.parametrize("kind", [FormatError, ModelError])
def test_one_except_catches_them_all(kind):
    with pytest.raises(GovnewsError):
        raise kind("空")
