"""`govnews segmenter`: train and score the pkuseg word segmenter."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, out

app = typer.Typer(help="Train and score the word segmenter.", no_args_is_help=True)

HELD_OUT_RUN = 16
Words = Annotated[Path, typer.Argument(help="One sentence a line, words separated by spaces, each word or word/tag.")]


@app.command()
def train(
    training: Words,
    development: Words,
    test: Words,
    output: Annotated[Path, typer.Argument(help="Folder for the model.")],
    iterations: Annotated[int, typer.Option(min=1, help="Passes over the training sentences.")] = 4,
    limit: Annotated[int | None, typer.Option(min=1, help="Use only the first so many sentences.")] = None,
    min_count: Annotated[int, typer.Option(min=1, help="Features seen fewer times get no weight.")] = 4,
    min_weight: Annotated[float, typer.Option(min=0, help="Features that weigh less are dropped.")] = 0.0,
) -> None:
    """Train a pkuseg model, prune it, and write its recipe and score beside it.

    Example: govnews segmenter train train.txt dev.txt test.txt training/pretrained/segmenter
    """
    from govnews.formats.segmented import read_segmented
    from govnews.formats.textfile import write_text
    from govnews.training.segmenter import prune_segmenter, score_segmenter, train_segmenter

    sentences = list(islice(read_segmented(training), limit))
    err.print(f"training on {len(sentences)} sentences")
    train_segmenter(
        sentences,
        read_segmented(development),
        output,
        iterations=iterations,
        min_count=min_count,
        progress=err.print,
    )
    whole = score_segmenter(output, read_segmented(development))
    size = prune_segmenter(output, min_weight=min_weight)
    recipe = {
        "sentences": len(sentences),
        "iterations": iterations,
        "min_count": min_count,
        "min_weight": min_weight,
        "features": size.features_after,
        "features_before_pruning": size.features_before,
        "bytes": size.bytes,
        "development_before_pruning": whole.to_dict(),
        "development": score_segmenter(output, read_segmented(development)).to_dict(),
        "test": score_segmenter(output, read_segmented(test)).to_dict(),
    }
    write_text(output / "recipe.json", json.dumps(recipe, indent=2) + "\n")
    out.print_json(data=recipe)


@app.command()
def cut(
    texts: Annotated[list[Path], typer.Argument(help="UTF-8 text, one paragraph a line; .zst is read too.")],
    output: Annotated[Path, typer.Argument(help="File to write: one paragraph a line, words separated by spaces.")],
    model: Annotated[Path, typer.Option(help="Folder of a pkuseg model.")] = Path("training/pretrained/segmenter"),
    without: Annotated[
        Path | None,
        typer.Option(help="Annotated file or folder: paragraphs that share 16 characters with it are left out."),
    ] = None,
) -> None:
    """Cut raw text into words, for `govnews segmenter lexicon`, `govnews vectors` and `govnews pretrain`.

    Example: govnews segmenter cut news.txt.zst news.seg
    """
    from itertools import chain

    from govnews.corpus.load import load_documents
    from govnews.corpus.overlap import lines_without
    from govnews.formats.segmented import write_segmented
    from govnews.formats.textfile import read_lines
    from govnews.training.segmenter import segment

    lines: Iterable[str] = chain.from_iterable(read_lines(text) for text in texts)
    if without is not None:
        lines = lines_without(lines, load_documents(without), length=HELD_OUT_RUN)
    with err.status("cutting") as status:
        write_segmented(output, segment(lines, model, progress=lambda done: status.update(f"cut {done:,} characters")))


@app.command()
def lexicon(
    text: Annotated[Path, typer.Argument(help="Segmented text, as `govnews segmenter cut` writes it.")],
    output: Annotated[Path, typer.Argument(help="File to write: one word a line, the most frequent first.")],
    size: Annotated[int, typer.Option(min=1, help="Words at most.")] = 40_000,
    min_count: Annotated[int, typer.Option(min=1, help="Words seen less often are left out.")] = 10,
) -> None:
    """List the frequent words of segmented text, for the lexicon features of a pipeline.

    Example: govnews segmenter lexicon news.seg training/pretrained/lexicon.txt
    """
    from govnews.formats.segmented import read_segmented
    from govnews.formats.textfile import write_text
    from govnews.training.segmenter import frequent_words

    words = frequent_words(read_segmented(text), size=size, min_count=min_count)
    write_text(output, "".join(f"{word}\n" for word in words))
    err.print(f"{len(words):,} words: {output}")


@app.command()
def score(
    model: Annotated[Path, typer.Argument(help="Folder of a pkuseg model.")],
    test: Words,
) -> None:
    """Score a pkuseg model on segmented sentences.

    Example: govnews segmenter score training/pretrained/segmenter test.txt
    """
    from govnews.formats.segmented import read_segmented
    from govnews.training.segmenter import score_segmenter

    out.print_json(data=score_segmenter(model, read_segmented(test)).to_dict())
