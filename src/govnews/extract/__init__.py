"""Run a pipeline over files and write what it finds, with offsets into the original files."""

from govnews.extract.inputs import INPUT_SUFFIXES, Input, Item, Options, find_inputs, leave_out, read_items
from govnews.extract.job import Job, Summary, run_job, stream_job
from govnews.extract.records import ROW_FIELDS, Extraction, Source, mention_rows
from govnews.extract.run import extract
from govnews.extract.writers import OUTPUT_SUFFIXES, check_output, write_records

__all__ = [
    "INPUT_SUFFIXES",
    "OUTPUT_SUFFIXES",
    "ROW_FIELDS",
    "Extraction",
    "Input",
    "Item",
    "Job",
    "Options",
    "Source",
    "Summary",
    "check_output",
    "extract",
    "find_inputs",
    "leave_out",
    "mention_rows",
    "read_items",
    "run_job",
    "stream_job",
    "write_records",
]
