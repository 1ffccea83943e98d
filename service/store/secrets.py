"""What the service must keep to itself, the same for every machine that shares the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa

from index.store.database import reading, writing
from service.store.tables import secrets


class SecretStore:
    """Secrets in the database: what is made once, and what somebody gave."""

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

    def get(self, name: str) -> bytes | None:
        """The secret of a name."""
        with reading(self.engine) as connection:
            return _content(connection, name)


def put_secret(connection: sa.Connection, name: str, content: bytes) -> None:
    """Keep a secret that somebody gave, instead of an earlier one of that name."""
    values = {"content": content, "made_at": datetime.now(UTC)}
    if not connection.execute(sa.update(secrets).where(secrets.c.name == name).values(**values)).rowcount:
        connection.execute(sa.insert(secrets).values(name=name, **values))


def delete_secret(connection: sa.Connection, name: str) -> None:
    """Forget a secret."""
    connection.execute(sa.delete(secrets).where(secrets.c.name == name))


def _content(connection: sa.Connection, name: str) -> bytes | None:
    found = connection.execute(sa.select(secrets.c.content).where(secrets.c.name == name)).scalar_one_or_none()
    return None if found is None else bytes(found)
