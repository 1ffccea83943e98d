"""The starter statements: ClaimReview written for this project, so that a first run finds something."""

from importlib.resources import files


def starter_reviews() -> bytes:
    """The bundled statements as NDJSON, one ClaimReview a line, in UTF-8."""
    return files("index.starter").joinpath("statements.jsonl").read_bytes()
