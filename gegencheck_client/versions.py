"""Statements as they were read, each with the name of that version: nobody overwrites what they did not read."""

from __future__ import annotations

from pydantic import BaseModel, Field

from gegencheck_client.models import Statement


class ReadStatement(Statement):
    """A statement with the `etag` of the version that was read."""

    etag: str = Field(default="", exclude=True)


def version_read(thing: BaseModel | str) -> str | None:
    """The version of a statement that must still be there; None where it is named by its id alone.

    Raises ValueError for one out of a list, which has no version.
    """
    if isinstance(thing, str):
        return None
    if isinstance(thing, ReadStatement) and thing.etag:
        return thing.etag
    raise ValueError("Nobody knows which version this statement is: read it with `statements.get`, or give its id.")
