"""Train static word vectors on raw text: pkuseg's words, floret's hashed character n-grams."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from govnews.errors import GovnewsError
from govnews.formats.segmented import read_segmented
from govnews.formats.textfile import checksum


def train_vectors(
    text: str | Path,
    output: str | Path,
    *,
    width: int = 96,
    buckets: int = 50_000,
    epochs: int = 3,
    min_count: int = 5,
    threads: int = 2,
) -> dict[str, Any]:
    """Train floret vectors on segmented text and store them as a pipeline folder for `[initialize] vectors`.

    Every word has a vector, also one never seen: the mean of those of its character n-grams, which are hashed into
    a table of fixed size (Bojanowski et al. 2017: Enriching word vectors with subword information; Svenstrup,
    Hansen and Winther 2017: Hash embeddings). Values are rounded to half precision.

    Args:
        text: Sentences, one a line, words separated by spaces; a plain file.
        output: Folder to write.
        width: Width of a vector.
        buckets: Rows of the table.
        epochs: Passes over the text.
        min_count: Words seen less often are not trained on as words.
        threads: Processor threads; with more than one the vectors differ a little from run to run.

    Returns:
        What was done, for the recipe.

    Raises:
        GovnewsError: floret is not installed, or there is no text.
    """
    import spacy
    from spacy.vectors import Vectors

    try:
        import floret
    except ImportError:
        raise GovnewsError(
            "training vectors needs the package floret", hint='Install it with: pip install "govnews[pretrain]"'
        ) from None
    settings = {"model": "skipgram", "dim": width, "epoch": epochs, "minCount": min_count, "minn": 1, "maxn": 3}
    characters = sum(len(word) for words in read_segmented(text) for word in words)
    if not characters:
        raise GovnewsError("there is no text to learn from", path=text, hint="Make some with `govnews segmenter cut`.")
    model = floret.train_unsupervised(str(text), mode="floret", hashCount=2, bucket=buckets, thread=threads, **settings)
    nlp = spacy.blank("zh")
    nlp.vocab.vectors = Vectors(
        strings=nlp.vocab.strings,
        # half precision in single, which spaCy needs: the zeros in it take no room in a wheel
        data=np.asarray(model.get_input_matrix()[-buckets:], dtype="float16").astype("f"),
        mode="floret",
        minn=settings["minn"],
        maxn=settings["maxn"],
        hash_count=2,
        hash_seed=2166136261,
        bow="<",
        eow=">",
    )
    nlp.to_disk(output)
    recipe = {
        "sha256": checksum(Path(output) / "vocab" / "vectors"),
        "characters": characters,
        "buckets": buckets,
        "hash_count": 2,
        **settings,
    }
    (Path(output) / "recipe.json").write_text(json.dumps(recipe, indent=2) + "\n", encoding="utf-8")
    return recipe
