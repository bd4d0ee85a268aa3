"""Weights that training starts from, taken from a pipeline that was trained on more text than may be passed on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govnews.errors import FormatError, ModelError
from govnews.formats.textfile import replacing

if TYPE_CHECKING:
    from spacy.language import Language

ENCODER = "tok2vec"
ENCODER_FILE = "tok2vec.bin"
HEADS_FILE = "heads.bin"

logger = logging.getLogger("govnews")


def write_start(nlp: Language, folder: str | Path) -> list[Path]:
    """Write the weights of a pipeline's trainable components, for `init_tok2vec` and `make_start_callback`.

    They are rounded to half precision, which packs into half the bytes in a wheel; the encoder has a file of its own
    in the shape that spaCy reads.

    Returns:
        The two files.

    Raises:
        ModelError: The pipeline has no encoder.
    """
    import srsly

    if ENCODER not in nlp.pipe_names:
        raise ModelError(
            f"has no component {ENCODER!r}", hint="Only pipelines like configs/sm.cfg have weights to share."
        )
    heads: dict[str, Any] = {}
    component: Any
    for name, component in nlp.pipeline:
        if name != ENCODER and hasattr(component, "model"):
            round_weights(component.model)
            heads[name] = {"labels": list(component.labels), "data": component.to_bytes(exclude=["vocab"])}
    encoder: Any = nlp.get_pipe(ENCODER)
    round_weights(encoder.model)
    contents = {ENCODER_FILE: encoder.model.to_bytes(), HEADS_FILE: srsly.msgpack_dumps(heads)}
    Path(folder).mkdir(parents=True, exist_ok=True)
    for file, data in contents.items():
        with replacing(Path(folder) / file) as part:
            part.write_bytes(data)
    return [Path(folder) / file for file in contents]


def make_start_callback(path: Path | None = None) -> Callable[[Language], Language]:
    """Make an `[initialize] after_init` callback that gives components the weights they start from.

    A component whose labels are not those of the weights begins anew, so text with labels of its own trains too.

    Args:
        path: What `write_start` called heads.bin; null leaves everything as it was initialised.
    """

    def start(nlp: Language) -> Language:
        if path is not None:
            read_start(nlp, path)
        return nlp

    return start


def read_start(nlp: Language, path: str | Path) -> list[str]:
    """Give a pipeline's components the weights in a file.

    Returns:
        The names of the components that took them.

    Raises:
        FormatError: The file holds no weights.
        ModelError: They were made for another architecture.
    """
    import srsly

    try:
        heads = dict(srsly.msgpack_loads(Path(path).read_bytes()))
        known = {name: set(head["labels"]) for name, head in heads.items()}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise FormatError(
            f"holds no weights to start from: {error}", path=path, hint="Write it with `govnews weights`, or set null."
        ) from None
    taken = []
    for name in known.keys() & set(nlp.pipe_names):
        component: Any = nlp.get_pipe(name)
        if known[name] != set(component.labels):
            logger.warning("%s starts anew: its labels are not those of %s", name, path)
            continue
        try:
            component.from_bytes(heads[name]["data"], exclude=["vocab", "cfg"])
        except (ValueError, KeyError, AttributeError):
            raise ModelError(
                f"the weights of {name!r} were made for another architecture",
                path=path,
                hint="Set paths.heads to null to begin anew.",
            ) from None
        taken.append(name)
    return sorted(taken)


def round_weights(model: Any) -> None:
    """Round the parameters of a model and its layers to half precision."""
    for node in model.walk():
        for name in node.param_names:
            if node.has_param(name):
                node.set_param(name, node.get_param(name).astype("float16").astype("float32"))
