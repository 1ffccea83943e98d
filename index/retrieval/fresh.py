"""FreshIndex: an index that gives some statements alone, and looks each text up once, many together.

Past checks ask for the same sentences again and again when new statements come: what is found for one is found for all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields

from index.models import Match
from index.pairs.site import SiteCalibration
from index.retrieval.search import StatementIndex

Text = tuple[str, bool]  # and whether it stands for itself


@dataclass(frozen=True)
class FreshIndex(StatementIndex):
    """`index` for the statements of `keys` alone. It holds what was asked: let it go with the work that it is for."""

    keys: frozenset[int] = frozenset()
    found: dict[tuple[SiteCalibration, str, bool, int], list[Match]] = field(default_factory=dict)

    @classmethod
    def of(cls, index: StatementIndex, keys: Iterable[int]) -> FreshIndex:
        """The same state of an index."""
        same = {each.name: getattr(index, each.name) for each in fields(StatementIndex)}
        return cls(**same, keys=frozenset(keys))

    def look_up(self, texts: Iterable[Text], limit: int) -> None:
        """Search texts at once that are about to be asked for."""
        missing: dict[bool, dict[str, None]] = {False: {}, True: {}}
        for text, alone in texts:
            if (self.site, text, alone, limit) not in self.found:
                missing[alone][text] = None
        for alone, some in missing.items():
            rows = super().search([*some], limit, whole=some.keys() if alone else (), among=self.keys)
            self.found.update({(self.site, text, alone, limit): row for text, row in zip(some, rows, strict=True)})

    def search(
        self,
        texts: Sequence[str],
        limit: int = 10,
        rerank: bool = True,  # noqa: ARG002 - always so
        max_reads: int | None = None,  # noqa: ARG002 - of each text as many as of one that comes alone
        whole: Collection[str] | None = None,
        among: Collection[int] | None = None,
    ) -> list[list[Match]]:
        """As StatementIndex has it, of its statements alone, however many pairs that are to be read."""
        asked = [(text, whole is None or text in whole) for text in texts]
        self.look_up(asked, limit)
        return [
            [match for match in self.found[self.site, *each, limit] if among is None or match.statement.key in among]
            for each in asked
        ]
