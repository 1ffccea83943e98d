"""Rows on their way from one database into another: told apart by what they say, not by order or kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from index.store.database import open_engine, reading, writing
from service.store.copying_rows import CopyDiffers, Digest, copy_table, plain

TABLE = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("extra", sa.JSON),
    sa.Column("content", sa.LargeBinary),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("share", sa.Float),
    sa.Column("good", sa.Boolean),
)
ROWS = [
    {"number": 1, "name": "Zitronen 🍋", "extra": {"b": [1, None], "a": "\0"}, "content": b"\0\xff",
     "at": datetime(2021, 5, 3, 12, 0, 0, 123456, UTC), "share": 0.1 + 0.2, "good": True},
    {"number": 2, "name": None, "extra": None, "content": None, "at": None, "share": None, "good": None},
    {"number": 7, "name": "", "extra": [], "content": b"", "at": datetime(1, 1, 1, tzinfo=UTC), "share": -1e300,
     "good": False},
]  # fmt: skip


@pytest.fixture
def two(tmp_path, database_kind, request):
    """A database of this kind with the rows, and an empty one of the other kind."""
    urls = [f"sqlite:///{tmp_path / 'x.db'}", request.getfixturevalue("postgresql").create()]
    engines = [open_engine(url) for url in (urls if database_kind == "sqlite" else reversed(urls))]
    for engine in engines:
        with writing(engine) as connection:
            TABLE.create(connection)
    with writing(engines[0]) as connection:
        for row in ROWS:
            connection.execute(
                sa.insert(TABLE).values(**{**row, "extra": sa.null() if row["extra"] is None else row["extra"]})
            )
    yield engines
    for engine in engines:
        engine.dispose()


def test_what_arrives_is_what_was_there(two) -> None:
    with reading(two[0]) as origin, writing(two[1]) as target:
        assert copy_table(origin, target, TABLE) == 3
    with reading(two[1]) as connection:
        found = connection.execute(sa.select(TABLE).order_by(TABLE.c.number)).mappings().all()
        absent = sa.select(TABLE.c.number).where(TABLE.c.extra.is_(sa.null()))
        assert connection.execute(absent).scalars().all() == [2], "what is not there is no JSON null"
    assert [{name: plain(value) for name, value in row.items()} for row in found] == [
        {name: plain(value) for name, value in row.items()} for row in ROWS
    ]


def test_what_was_there_before_is_noticed(two) -> None:
    with writing(two[1]) as connection:
        connection.execute(sa.insert(TABLE).values(number=99, name="stranger"))
    with reading(two[0]) as origin, writing(two[1]) as target, pytest.raises(CopyDiffers, match="things"):
        copy_table(origin, target, TABLE)


def digest(*rows: dict) -> tuple[int, int]:
    made = Digest()
    for row in rows:
        made.add(row)
    return made.count, made.total


def test_a_digest_tells_each_difference_and_no_order() -> None:
    assert digest(*ROWS) == digest(*reversed(ROWS))
    seen = {digest(), digest(ROWS[0]), digest(ROWS[0], ROWS[0]), digest(*ROWS)}
    for name, value in (("name", "Zitronen"), ("share", 0.3), ("good", None), ("content", b"\0\xfe"), ("extra", {})):
        seen.add(digest({**ROWS[0], name: value}))
    assert len(seen) == 9


def test_instants_are_the_same_in_every_zone() -> None:
    noon = datetime(2021, 5, 3, 12, tzinfo=UTC)
    assert plain(noon) == plain(noon.replace(tzinfo=None)) == plain(noon.astimezone(timezone(timedelta(hours=2))))
    assert plain(noon) != plain(noon + timedelta(microseconds=1))
