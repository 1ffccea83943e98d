"""Which column of a table means what: by the names that people know, or as somebody says for a file of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from index.errors import ImportRejected

COLUMNS = {
    "claimReviewed": ("claim_reviewed", "claimreviewed", "claim", "statement", "behauptung", "aussage"),
    "url": ("url", "link", "address", "adresse"),
    "alternateName": ("rating", "alternate_name", "alternatename", "verdict", "bewertung", "urteil", "einstufung"),
    "ratingValue": ("rating_value", "ratingvalue", "bewertungszahl"),
    "bestRating": ("best_rating", "bestrating"),
    "worstRating": ("worst_rating", "worstrating"),
    "author": ("publisher", "author", "herausgeber", "medium", "redaktion"),
    "inLanguage": ("language", "inlanguage", "sprache"),
    "datePublished": ("date_published", "datepublished", "date", "datum"),
    "headline": ("headline", "title", "titel", "überschrift"),
    "claimant": ("claimant", "urheber"),
    "reviewBody": ("explanation", "reviewbody", "begründung", "erklärung"),
    "sdLicense": ("license", "licence", "lizenz"),
}
NAMES = {spelling: name for name, spellings in COLUMNS.items() for spelling in spellings}
FIELDS = {spellings[0]: name for name, spellings in COLUMNS.items()}  # what people say for each
SETTABLE = ("url", "publisher", "language", "license")  # what may be the same for a whole file
MAX_SHOWN = 60  # characters of a foreign column name
SHOWN_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a file's owner says of it: `columns` by field (`rating` -> `Urteil`), `values` for rows that have none."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ImportRejected for a field that is none, and for a column that is to be two things."""
        for name in (*self.columns, *self.values):
            if name not in FIELDS:
                raise ImportRejected(f"There is no field “{name[:MAX_SHOWN]}”: use one of {', '.join(FIELDS)}.")
        if fixed := next((name for name in self.values if name not in SETTABLE), None):
            raise ImportRejected(f"{fixed} differs from row to row: name its column instead of a value.")
        folded = [fold(column) for column in self.columns.values()]
        if twice := next((column for column in folded if folded.count(column) > 1), None):
            raise ImportRejected(f"The column “{twice[:MAX_SHOWN]}” is named for two fields.")

    def __bool__(self) -> bool:
        """Whether anything is said at all."""
        return bool(self.columns or self.values)

    @property
    def fixed(self) -> dict[str, str]:
        """The values by schema.org's names."""
        return {FIELDS[name]: value for name, value in self.values.items()}

    def place(self, given: Sequence[str]) -> list[str | None]:
        """What each of these columns means, by schema.org's names; None where it means nothing."""
        said = {fold(column): FIELDS[name] for name, column in self.columns.items()}
        return [said.get(fold(name)) or _known(name, set(said.values())) for name in given]

    def missing(self, given: Sequence[str]) -> list[str]:
        """The named columns that are not among these."""
        there = {fold(name) for name in given}
        return [column for column in self.columns.values() if fold(column) not in there]


AS_THEY_ARE = ColumnMapping()


def require_columns(given: Sequence[str], mapping: ColumnMapping) -> None:
    """Raises ImportRejected where a table lacks a column that was named, or the claim or the URL."""
    if missing := mapping.missing(given):
        shown = ", ".join(name.strip()[:MAX_SHOWN] for name in given[:SHOWN_COLUMNS] if name.strip())
        raise ImportRejected(f"There is no column “{missing[0][:MAX_SHOWN]}”. The columns are: {shown}.")
    held = {*mapping.place(given), *mapping.fixed}
    if not {"claimReviewed", "url"} <= held:
        raise ImportRejected(
            "The first line of a table names its columns: claim_reviewed, url, rating, and others. "
            "If yours have other names, say which column holds what."
        )


def words_about(given: Sequence[str], names: Sequence[str | None]) -> Iterator[str]:
    """What is to be said about the columns that are not read."""
    taken = set()
    for spelling, name in zip(given, names, strict=True):
        if name is None and spelling.strip():
            yield f"the column “{spelling.strip()[:MAX_SHOWN]}” is unknown and is left out"
        if name in taken:
            yield f"there is another column for {name}: “{spelling.strip()[:MAX_SHOWN]}” is left out"
        taken.add(name or spelling)


def fold(name: str) -> str:
    """A column's name as it is compared."""
    return name.strip(" \t\r\n\ufeff").lower().replace(" ", "_")


def _known(name: str, said: Collection[str]) -> str | None:
    known = NAMES.get(fold(name))
    return None if known in said else known
