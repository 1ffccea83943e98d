"""A request that is sent twice makes one thing: the store asks what it made, in the transaction that would make it."""

from __future__ import annotations

from typing import Protocol

import sqlalchemy as sa


class Once(Protocol):
    """Remembers what one request made."""

    def find(self, connection: sa.Connection) -> str | None:
        """The id of what it made before. Whatever this raises, nothing is made."""

    def remember(self, connection: sa.Connection, id: str) -> None:
        """Note what it makes now, the first time; it is forgotten again where that is not committed."""
