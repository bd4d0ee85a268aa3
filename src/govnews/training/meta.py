"""Write what a packaged pipeline needs into its meta, which `spacy package` reads."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language

PATH_SECTIONS = ("paths", "corpora", "initialize")
TRANSFORMERS = "spacy-transformers>=1.3,<1.5"


def make_meta_callback(
    description: str = "",
    author: str = "",
    license: str = "",
    url: str = "",
    notes: str = "",
    sources: list[dict[str, str]] | None = None,
) -> Callable[[Language], Language]:
    """Make a `training.before_to_disk` callback that adds entries to `nlp.meta`.

    `spacy package` does not find out by itself that a pipeline needs this package; the callback adds it to the
    requirements, and spacy-transformers where the pipeline holds a transformer. It also shortens the machine's paths
    in the config to their last part.

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

    def add_meta(nlp: Language) -> Language:
        transformers = [name for name, factory in nlp.pipe_factories.items() if factory == "transformer"]
        needed = [TRANSFORMERS] if transformers else []
        nlp.meta.update({**meta, "requirements": [f"govnews>={version('govnews')}", *needed]})
        for section in PATH_SECTIONS:
            shorten_paths(nlp.config.get(section, {}))
        for name in transformers:
            forget_folder(nlp, name)
        return nlp

    return add_meta


def shorten_paths(section: dict[str, Any]) -> None:
    """Replace every path in a config section that leads out of the working folder by its last part, in place.

    Such paths tell of the machine, and nothing reads them after training.
    """
    for key, value in section.items():
        if isinstance(value, dict):
            shorten_paths(value)
        elif isinstance(value, str) and (Path(value).is_absolute() or ".." in Path(value).parts):
            section[key] = Path(value).name


def forget_folder(nlp: Language, component: str) -> None:
    """Call a transformer that came from a local folder by the folder's name, in all places that are stored.

    The weights, their config and the tokenizer travel inside the pipeline: the folder is not needed any more.
    """
    model: Any = nlp.get_pipe(component).model  # type: ignore[attr-defined]
    source = Path(model.attrs["name"])
    if not source.is_dir():
        return
    name = source.resolve().name
    nlp.get_pipe_config(component)["model"]["name"] = name
    model.attrs["name"] = name
    if model.transformer is not None:  # there is one once the pipeline is initialised or loaded
        model.transformer.config.name_or_path = name
        model.tokenizer.name_or_path = name
