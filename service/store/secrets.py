"""What the service must keep to itself, the same for every machine that shares the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa

from index.store.database import reading, writing
from service.store.tables import secrets


class SecretStore:
    """Secrets in the database, each made once."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def get_or_make(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The secret of a name; made where there is none. Of processes that come at once one makes it, all get that."""
        with reading(self.engine) as connection:
            known = _content(connection, name)
        if known is not None:
            return known
        with writing(self.engine) as connection:
            known = _content(connection, name)
            if known is None:
                known = make()
                values = {"name": name, "content": known, "made_at": datetime.now(UTC)}
                connection.execute(sa.insert(secrets).values(**values))
        return known


def _content(connection: sa.Connection, name: str) -> bytes | None:
    found = connection.execute(sa.select(secrets.c.content).where(secrets.c.name == name)).scalar_one_or_none()
    return None if found is None else bytes(found)
