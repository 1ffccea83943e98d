"""/v1/statements/preview: what an import would make of a file. Nothing is stored."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from pydantic import Field

from index.errors import ImportRejected
from index.exchange.importing import read_reviews
from index.exchange.previewing import SHOWN, preview_reviews
from index.exchange.workbooks import XLSX
from index.models import NormalizedRating
from service.presenters import problem_fields
from service.store.keys import Scope
from service.web.column_requests import ColumnsQuery
from service.web.context import application, language
from service.web.crowd import computing
from service.web.imports_api import GUARDED, typed
from service.web.operations import Operation, check_header, operation, reply
from service.web.reading import read_body
from service.web.replies import NoteShape, ProblemShape, Shape, StatementShape
from service.work_presenters import present_preview

blueprint = Blueprint("preview", __name__)

MAX_PREVIEW_BYTES = 5_000_000


class PreviewRowShape(Shape):
    """A statement as it would be stored, and its line."""

    line: int | None
    statement: StatementShape


class RatingUseShape(Shape):
    """Rating words of the file, how they are understood, and how many statements have them."""

    words: str
    normalized: NormalizedRating
    count: int


class PreviewShape(Shape):
    """What an import would say; the first 1,000 rejections and warnings are shown."""

    usable: int = Field(description="How many rows can be read as statements.")
    first: list[PreviewRowShape] = Field(description=f"The first {SHOWN} of them.")
    ratings: list[RatingUseShape] = Field(description="The rating words, the most frequent first.")
    rejected: list[NoteShape]
    rejected_count: int
    warnings: list[NoteShape]
    warnings_count: int
    problem: ProblemShape | None = Field(description="Why nothing can be read at all.")


PREVIEW = Operation(
    "Show how an import would read this CSV, Excel file or NDJSON. Nothing is stored.",
    (Scope.WRITE,),
    {200: PreviewShape},
    takes_types=("text/csv", "application/x-ndjson", XLSX),
    query=ColumnsQuery,
    guarded_types=("text/csv",),
    headers=GUARDED,
    max_body=MAX_PREVIEW_BYTES,
)


@blueprint.post("/v1/statements/preview")
@operation(PREVIEW)
def preview_import(asked: Any) -> Response:
    """The preview."""
    raw, mapping = read_body(check_header(PREVIEW)), asked.to_mapping()
    problem = None
    try:
        with computing():
            seen = preview_reviews(
                read_reviews(raw, typed(request.mimetype), None, mapping), mappings=application().ratings.mappings()
            )
    except ImportRejected as fault:
        seen, problem = preview_reviews(()), problem_fields("import-rejected", str(fault), language())
    return reply({**present_preview(seen), "problem": problem})
