"""What callers may send about batches."""

from __future__ import annotations

from typing import Self

from pydantic import ConfigDict, Field, model_validator

from service.web.fields import CallbackUrl, Cursor, Document, ItemAddress, PolicyVersion, Reference, one_input
from service.web.requests import Body, Query, exactly_one


class BatchItemBody(Body):
    """What to check in one item: `url` or `text`."""

    model_config = ConfigDict(json_schema_extra=one_input("url", "text"))

    url: ItemAddress | None = None
    text: Document | None = None
    reference: Reference | None = Field(None, description="A note of your own, shown with the item and its check.")

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        exactly_one(self.url, self.text, None)
        return self


class BatchBody(Body):
    """Pages and texts to check, in your order."""

    items: list[BatchItemBody] = Field(min_length=1, max_length=1000)
    policy: PolicyVersion | None = Field(None, description="The policy that says which action follows for each item.")
    callback_url: CallbackUrl | None = None


class ItemsQuery(Query):
    """Which items of a batch to list."""

    cursor: Cursor | None = None
    limit: int = Field(50, ge=1, le=100)
