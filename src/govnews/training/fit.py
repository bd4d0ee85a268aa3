"""Train a config on documents of your choice, as experiments do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from govnews.errors import GovnewsError
from govnews.formats.jsonl import write_jsonl
from govnews.records import Document

if TYPE_CHECKING:
    from spacy.language import Language


def train_config(
    config: str | Path, documents: Sequence[Document], overrides: Mapping[str, Any] | None = None, *, seed: int
) -> Language:
    """Train a config for its `max_steps`, and return the pipeline as it would be loaded from its last model.

    Nothing is chosen while it trains: it is scored once, at its end, on one of the documents.

    Args:
        config: A spaCy training config; its corpora are replaced.
        documents: What to train on.
        overrides: Config values to change, by dotted name; a mapping replaces a whole section.
        seed: Of weights, order and dropout.

    Raises:
        GovnewsError: The config has no section of a name.
    """
    import spacy
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train
    from spacy.util import load_config

    loaded = load_config(config)
    for name, value in {**(overrides or {}), "system.seed": seed}.items():
        set_value(loaded, name, value)
    loaded["training"]["patience"] = 0
    loaded["training"]["eval_frequency"] = loaded["training"]["max_steps"]
    loaded["training"]["logger"] = {"@loggers": "spacy.ConsoleLogger.v3", "console_output": False}
    reading = {"max_chars": 0, "split_tokens": False}
    reading.update({name: value for name, value in loaded["corpora"]["train"].items() if name in reading})
    with TemporaryDirectory() as work:
        folder = Path(work)
        for name, part in (("train", documents), ("dev", documents[:1])):
            write_jsonl(part, folder / f"{name}.jsonl")
            loaded["corpora"][name] = {
                "@readers": "govnews.Corpus.v1",
                "path": str(folder / f"{name}.jsonl"),
                "split": None,
                **reading,
            }
        (folder / "run").mkdir()
        train(init_nlp(loaded), folder / "run", stdout=StringIO(), stderr=StringIO())
        return spacy.load(folder / "run" / "model-last")


def set_value(config: dict[str, Any], name: str, value: Any) -> None:
    """Set a value of a config by its dotted name.

    Raises:
        GovnewsError: There is no such section.
    """
    *path, last = name.split(".")
    section: Any = config
    for part in path:
        section = section.get(part)
        if not isinstance(section, dict):
            raise GovnewsError(
                f"the config has no section {'.'.join(path)!r} to set {last!r} in", hint="Look at its names."
            )
    section[last] = value
