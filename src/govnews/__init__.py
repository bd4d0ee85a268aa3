"""govnews: turn Chinese local-government writing into data.

`govnews.evaluate(system, gold)` and `govnews.compare(first, second, gold)` score anybody's extraction.
"""

from __future__ import annotations

from importlib import import_module as _import
from importlib.metadata import version as _version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govnews.comparison import Comparison, compare
    from govnews.evaluation import Evaluation
    from govnews.formats.documents import read_documents, write_documents
    from govnews.records import Document, Entity, Relation
    from govnews.scoring import evaluate

__version__ = _version("govnews")

__all__ = [
    "Comparison",
    "Document",
    "Entity",
    "Evaluation",
    "Relation",
    "compare",
    "evaluate",
    "read_documents",
    "write_documents",
]

# Looked up when they are asked for: importing the package stays instant.
_HOME = {
    "Comparison": "comparison",
    "Document": "records",
    "Entity": "records",
    "Evaluation": "evaluation",
    "Relation": "records",
    "compare": "comparison",
    "evaluate": "scoring",
    "read_documents": "formats.documents",
    "write_documents": "formats.documents",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'govnews' has no attribute {name!r}")
    return getattr(_import(f"govnews.{_HOME[name]}"), name)
