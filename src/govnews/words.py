"""Load the pkuseg word segmenter from a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from govnews.errors import ModelError
from govnews.formats.textfile import read_text

MODEL_FILES = ("features.msgpack", "weights.npz")


def load_segmenter(path: str | Path, *, user_dict: str | Path | None = None) -> Any:
    """Load a pkuseg model.

    Args:
        path: Folder of the model.
        user_dict: File with one word a line that is never cut; "default" joins the words of the
            dictionary that spacy-pkuseg brings.

    Returns:
        An object whose `cut` gives the words of a text.

    Raises:
        ModelError: The folder holds no pkuseg model.
    """
    import spacy_pkuseg

    path = Path(path)
    if missing := [name for name in MODEL_FILES if not (path / name).is_file()]:
        raise ModelError(
            f"holds no pkuseg model: {' and '.join(missing)} missing",
            path=path,
            hint="Make one with `govnews segmenter train`, or name training/pretrained/segmenter.",
        )
    default = "default" if user_dict == "default" else None
    segmenter = spacy_pkuseg.pkuseg(str(path), user_dict=default)
    if default is None:  # pkuseg leaves these unset, and spaCy stores them
        segmenter.postprocesser.common_words = set()
        segmenter.postprocesser.other_words = set()
        if user_dict is not None:
            segmenter.preprocesser = spacy_pkuseg.Preprocesser(read_words(user_dict))
    return segmenter


def read_words(path: str | Path) -> list[str]:
    """Read a word list: one word a line; lines that begin with `#` are comments."""
    lines = (line.strip() for line in read_text(path).splitlines())
    return [line for line in lines if line and not line.startswith("#")]
