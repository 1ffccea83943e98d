# Written by `make client` from the module of this name in asynchronous/.
"""What follows from checks: policies and replay, feedback, the negative list, statements of reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gegencheck_client.calls import Call, Nothing, body, path
from gegencheck_client.models import (
    Action,
    AllReasons,
    DecisionBody,
    Feedback,
    FeedbackList,
    FeedbackStatus,
    Negative,
    NegativeBody,
    Negatives,
    Policies,
    Policy,
    PolicyBody,
    Reasons,
    Replay,
    ReplayBody,
)
from gegencheck_client.synchronous.transport import SyncTransport


class PolicyCalls:
    """Under /v1/policies, and /v1/replay."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    def all(self) -> list[Policy]:
        """All versions of all policies, by name, the newest first."""
        reply = self._transport.send(Call("GET", path("policies"), Policies))
        return reply.policies

    def get(self, id: str) -> Policy:
        """A version of a policy, or by its name alone the newest. Raises NotFound."""
        return self._transport.send(Call("GET", path("policies", id), Policy))

    def create(self, policy: PolicyBody, *, idempotency_key: str | None = None) -> Policy:
        """Add a policy, or a new version of it."""
        call = Call("POST", path("policies"), Policy, body=policy, creates=True, idempotency_key=idempotency_key)
        return self._transport.send(call)

    def replay(self, asked: ReplayBody) -> Iterator[Replay]:
        """What would change for past checks, a page of them at a time. Changes nothing."""
        for page in self._transport.pages(Call("POST", path("replay"), Replay, body=asked)):
            yield page


class FeedbackCalls:
    """Under /v1/feedback."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    def find(self, *, status: FeedbackStatus | str | None = None, page_size: int = 100) -> Iterator[Feedback]:
        """What people said about checks, newest first."""
        asked = {"status": status, "limit": page_size}
        for page in self._transport.pages(Call("GET", path("feedback"), FeedbackList, asked)):
            for each in page.feedback:
                yield each

    def decide(self, id: str, status: FeedbackStatus | str, *, note: str | None = None) -> Feedback:
        """Accept or reject feedback. An accepted wrong match goes on the negative list. Raises NotFound."""
        given = body(DecisionBody, status=status, note=note)
        return self._transport.send(Call("PATCH", path("feedback", id), Feedback, body=given))


class NegativeCalls:
    """Under /v1/negatives."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    def find(self, *, statement: str | None = None, page_size: int = 100) -> Iterator[Negative]:
        """Matches that were ruled out, newest first."""
        asked = {"statement": statement, "limit": page_size}
        for page in self._transport.pages(Call("GET", path("negatives"), Negatives, asked)):
            for each in page.negatives:
                yield each

    def get(self, id: str) -> Negative:
        """The entry with this id. Raises NotFound."""
        return self._transport.send(Call("GET", path("negatives", id), Negative))

    def create(
        self, text: str, statement: str, *, note: str | None = None, idempotency_key: str | None = None
    ) -> Negative:
        """Rule out that a text matches the statement with this id. Raises NotFound."""
        given = body(NegativeBody, text=text, statement=statement, note=note)
        call = Call("POST", path("negatives"), Negative, body=given, creates=True, idempotency_key=idempotency_key)
        return self._transport.send(call)

    def delete(self, id: str) -> None:
        """Let the text match again. Raises NotFound."""
        self._transport.send(Call("DELETE", path("negatives", id), Nothing))


class ReasonCalls:
    """Under /v1/transparency."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    def find(
        self,
        *,
        action: Action | str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        page_size: int = 100,
    ) -> Iterator[Reasons]:
        """Decisions as statements of reasons (EU transparency database), newest first."""
        asked = {"action": action, "from": since, "to": before, "limit": page_size}
        for page in self._transport.pages(Call("GET", path("transparency"), AllReasons, asked)):
            for each in page.statements:
                yield each
