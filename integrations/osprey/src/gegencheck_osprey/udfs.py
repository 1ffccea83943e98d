"""The UDFs: how sure it is that a text was fact-checked, that it repeats what was rated false, and where to read it."""

from __future__ import annotations

import functools
import os
from datetime import timedelta

from osprey.engine.executor.execution_context import ExecutionContext, ExpectedUdfException, ExternalServiceException
from osprey.engine.executor.external_service_utils_base import ExternalService
from osprey.engine.executor.udf_execution_helpers import HasHelper
from osprey.engine.udf.arguments import ArgumentsBase
from osprey.engine.udf.base import UDFBase

from gegencheck_osprey.service import Gegencheck, Match, ServiceFault

RATED_UNTRUE = frozenset({"false", "mostly_false", "altered_media", "satire"})
CATEGORY = "Fact-checks"


class MatchService(ExternalService[str, tuple[Match, ...]]):
    """The service as Osprey asks others: within one execution each text is asked about once."""

    def __init__(self, gegencheck: Gegencheck) -> None:
        self._gegencheck = gegencheck

    def get_from_service(self, key: str) -> tuple[Match, ...]:
        """The matches of a text. Raises ExternalServiceException, without the text in it."""
        try:
            return self._gegencheck.match(key)
        except ServiceFault as fault:
            raise ExternalServiceException(str(fault)) from None

    def cache_ttl(self) -> timedelta | None:
        """None: for as long as the execution takes."""
        return None


@functools.cache
def configured_service() -> MatchService:
    """The one of GEGENCHECK_ADDRESS and GEGENCHECK_KEY, the same for all UDFs. Raises ValueError without them."""
    return MatchService(Gegencheck(os.environ.get("GEGENCHECK_ADDRESS", ""), os.environ.get("GEGENCHECK_KEY", "")))


class TextArguments(ArgumentsBase):
    text: str
    """The text to look up among the verified statements."""


class FactCheckArguments(ArgumentsBase):
    text: str
    """The text to look up among the verified statements."""
    min_confidence: float = 0.7
    """The confidence from which a match counts."""


class FactCheckConfidence(HasHelper[MatchService], UDFBase[TextArguments, float]):
    """How sure it is that a text makes the same claim as a fact-checked statement, or denies it: 0 to 1.

    Says nothing about the rating. 0 means that nothing was found, not that the text is true.
    """

    execute_async = True
    category = CATEGORY

    @classmethod
    def create_provider(cls) -> MatchService:
        """The configured service."""
        return configured_service()

    def execute(self, execution_context: ExecutionContext, arguments: TextArguments) -> float:
        """The confidence of the surest match. Raises ExternalServiceException."""
        matches: tuple[Match, ...] = self.accessor_get(execution_context, arguments.text)
        return max((match.confidence for match in matches), default=0.0)


class FactCheckedFalse(HasHelper[MatchService], UDFBase[TextArguments, float]):
    """How sure it is that a text says what fact-checkers rated false, mostly false, altered or satire: 0 to 1.

    A text that denies such a statement does not count.
    """

    execute_async = True
    category = CATEGORY

    @classmethod
    def create_provider(cls) -> MatchService:
        """The configured service."""
        return configured_service()

    def execute(self, execution_context: ExecutionContext, arguments: TextArguments) -> float:
        """The confidence of the surest such match. Raises ExternalServiceException."""
        matches: tuple[Match, ...] = self.accessor_get(execution_context, arguments.text)
        return max((match.confidence for match in matches if repeats_untrue(match)), default=0.0)


class FactCheckUrl(HasHelper[MatchService], UDFBase[FactCheckArguments, str]):
    """The address of the fact-check that fits a text best. Without one, whatever depends on it is not executed."""

    execute_async = True
    category = CATEGORY

    @classmethod
    def create_provider(cls) -> MatchService:
        """The configured service."""
        return configured_service()

    def execute(self, execution_context: ExecutionContext, arguments: FactCheckArguments) -> str:
        """The address. Raises ExpectedUdfException where there is no match, ExternalServiceException."""
        matches: tuple[Match, ...] = self.accessor_get(execution_context, arguments.text)
        best = max(matches, key=lambda match: match.confidence, default=None)
        if best is None or best.confidence < arguments.min_confidence:
            raise ExpectedUdfException
        return best.url


def repeats_untrue(match: Match) -> bool:
    """Whether a text says itself what was rated untrue."""
    return match.stance == "supports" and match.normalized in RATED_UNTRUE
