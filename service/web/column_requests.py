"""Which column of a file holds what, as a caller says it in the query."""

from __future__ import annotations

from pydantic import Field, create_model

from index.errors import ImportRejected
from index.exchange.columns import FIELDS, SETTABLE, ColumnMapping
from service.errors import BadRequest
from service.web.fields import CallbackUrl, Name
from service.web.requests import Query

COLUMN, SET = "column_", "set_"


class _Columns(Query):
    """CSV or NDJSON with names of its own: which column holds what, and what is the same in all rows."""

    def to_mapping(self) -> ColumnMapping:
        """The same for the import. Raises BadRequest for a column that is to be two things."""
        given = self.model_dump(exclude_none=True)
        try:
            return ColumnMapping(_beginning(given, COLUMN), _beginning(given, SET))
        except ImportRejected as fault:
            raise BadRequest(str(fault)) from None


_ASKED = {
    **{f"{COLUMN}{name}": Field(None, description=f"The column that holds {name}.") for name in FIELDS},
    **{f"{SET}{name}": Field(None, description=f"The {name} of rows that name none.") for name in SETTABLE},
}
ColumnsQuery = create_model(
    "ColumnsQuery",
    __base__=_Columns,
    __doc__=_Columns.__doc__,
    **{name: (Name | None, about) for name, about in _ASKED.items()},  # type: ignore[call-overload]
)
ImportQuery = create_model(
    "ImportQuery",
    __base__=ColumnsQuery,
    __doc__="Beside an import, whose body is the document itself.",
    callback_url=(CallbackUrl | None, None),
)


def _beginning(given: dict[str, str], start: str) -> dict[str, str]:
    return {name.removeprefix(start): value for name, value in given.items() if name.startswith(start)}
