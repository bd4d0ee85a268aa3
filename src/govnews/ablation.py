"""What each part of a config is worth: the same training with one thing changed at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govnews.benchmark import choose, is_flat, task_settings
from govnews.ceiling import measure_ceiling
from govnews.corpus.load import load_split
from govnews.errors import FormatError, GovnewsError
from govnews.formats.published import read_published
from govnews.formats.textfile import read_text
from govnews.metrics.labels import score_entities
from govnews.pipeline import annotate
from govnews.records import Document
from govnews.training.fit import train_config

if TYPE_CHECKING:
    from spacy.language import Language

SCHEMA_VERSION = 1
"""Of what `govnews ablate --output` writes."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A config with something changed.

    Args:
        name: What the table calls it.
        settings: Config values by dotted name; a whole section may be given as a mapping.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """Where variants are compared: flat documents to train on, and others to score on."""

    name: str
    training: Sequence[Document]
    held_out: Sequence[Document]


@dataclass(frozen=True, slots=True)
class AblationRun:
    """One training of one variant.

    Args:
        variant: Its name.
        trial: Name of what it was trained and scored on.
        seed: Of the training.
        steps: Training steps.
        precision: Strict, micro-averaged over entities.
        recall: The same.
        f1: The same.
        ceiling: The recall that the variant's tokens allow.
        speed: Characters a second of processor time, of the pipeline over the held-out text.
    """

    variant: str
    trial: str
    seed: int
    steps: int
    precision: float = 0.0
    recall: float = 0.0
    f1: float = 0.0
    ceiling: float = 0.0
    speed: float = 0.0


def read_variants(path: str | Path) -> list[Variant]:
    """Read the variants of a YAML file: config values for each by name, and what all share under `base`.

    Raises:
        FormatError: It is no YAML, or holds something else than mappings of config values.
    """
    import srsly

    try:
        data = srsly.yaml_loads(read_text(path))
    except ValueError as error:
        raise FormatError(f"is no YAML: {error}", path=path) from None
    tables = dict(data) if isinstance(data, dict) else {}
    base = tables.pop("base", {})
    if not tables or not all(isinstance(settings, dict) for settings in [base, *tables.values()]):
        raise FormatError(
            "holds no variants",
            path=path,
            hint="Give config values under each name, as no vectors: {paths.vectors: null}",
        )
    return [Variant(str(name), {**base, **settings}) for name, settings in tables.items()]


def make_trials(
    held_out: str | Path | None, sets: Sequence[str], data: str | Path | None, *, corpus: str | Path = "corpus"
) -> list[Trial]:
    """The corpus's train part scored on other annotated text, and train parts of published sets scored on their dev.

    Raises:
        GovnewsError: Nothing is asked for, or a set is unknown or its folder is not given.
    """
    trials = []
    if held_out is not None:
        trials.append(Trial(Path(held_out).name, load_split(corpus, "train"), load_split(held_out)))
    for benchmark in choose(sets):
        if data is None:
            raise GovnewsError(f"{benchmark.name} is read from a folder that is not given", hint="Name it with --data.")
        parts = [read_published(Path(data) / benchmark.folder / f"{part}.jsonl") for part in ("train", "dev")]
        trials.append(Trial(benchmark.name, *([d for d in part if is_flat(d)] for part in parts)))
    if not trials:
        raise GovnewsError("there is nothing to score on", hint="Give --held-out FILES, or --data FOLDER and --sets.")
    return trials


def run_ablation(
    config: str | Path,
    variants: Sequence[Variant],
    trials: Sequence[Trial],
    *,
    seeds: Sequence[int],
    steps: int,
    done: Sequence[AblationRun] = (),
) -> Iterator[AblationRun]:
    """Train each variant's entity recogniser on each trial, once a seed, and score its last model.

    Args:
        config: The spaCy training config that variants change.
        variants: What to compare.
        trials: Where.
        seeds: One training each; every variant gets one before any gets a second.
        steps: Training steps.
        done: Runs that need not be made again.
    """
    made = {(run.variant, run.trial, run.seed, run.steps) for run in done}
    task = task_settings(config, "entities")
    for seed in seeds:
        for trial in trials:
            for variant in variants:
                if (variant.name, trial.name, seed, steps) in made:
                    continue
                settings = {
                    **task,
                    "training.annotating_components": [],
                    **variant.settings,
                    "training.max_steps": steps,
                }
                nlp = train_config(config, trial.training, settings, seed=seed)
                yield score_run(AblationRun(variant.name, trial.name, seed, steps), nlp, trial.held_out)


def score_run(run: AblationRun, nlp: Language, held_out: Sequence[Document]) -> AblationRun:
    """The run with what its pipeline reaches on held-out documents."""
    started = time.process_time()
    found = list(annotate(nlp, held_out))
    took = time.process_time() - started
    score = score_entities(list(zip(held_out, found, strict=True))).micro
    return replace(
        run,
        precision=round(score.precision, 4),
        recall=round(score.recall, 4),
        f1=round(score.f1, 4),
        ceiling=round(measure_ceiling(nlp, held_out).entity_recall, 4),
        speed=round(sum(len(document.text) for document in held_out) / took),
    )


def read_ablation(path: str | Path) -> list[AblationRun]:
    """Read what `dump_ablation` made.

    Raises:
        FormatError: The file holds something else.
    """
    try:
        return [AblationRun(**run) for run in json.loads(read_text(path))["runs"]]
    except (ValueError, KeyError, TypeError):
        raise FormatError("holds no ablation", path=path, hint="Write one with `govnews ablate --output`.") from None


def dump_ablation(runs: Sequence[AblationRun]) -> str:
    """The runs as JSON, one a line."""
    lines = ",\n".join(json.dumps(asdict(run), ensure_ascii=False) for run in runs)
    return f'{{"schema_version": {SCHEMA_VERSION}, "runs": [\n{lines}\n]}}\n'
