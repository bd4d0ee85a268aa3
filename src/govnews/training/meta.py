"""Write what a packaged pipeline needs into its meta, which `spacy package` reads."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language


def make_meta_callback(
    description: str = "",
    author: str = "",
    license: str = "",
    url: str = "",
    notes: str = "",
    sources: list[dict[str, str]] | None = None,
) -> Callable[[Language], Language]:
    """Make a `training.before_to_disk` callback that adds entries to `nlp.meta`.

    `spacy package` does not find out by itself that a pipeline needs this package and
    spacy-pkuseg; the callback adds both to the requirements.

    Args:
        description: What the pipeline does.
        author: Who made it.
        license: What holds for it.
        url: Where it is described.
        notes: What its users should know; stands in the model card that `spacy package` writes.
        sources: What it was made from: name, author, license and url of each.
    """
    meta = {
        "description": description,
        "author": author,
        "license": license,
        "url": url,
        "notes": notes,
        "sources": sources or [],
    }
    requirements = [f"govnews>={version('govnews')}", "spacy-pkuseg>=1.0.1,<2"]

    def add_meta(nlp: Language) -> Language:
        nlp.meta.update({**meta, "requirements": requirements})
        return nlp

    return add_meta
