"""What can go wrong when a service is called.

GegencheckError
├── Unreachable         no answer: nobody there, the connection broke, or it took too long
├── ReplyUnreadable     an answer that is not one of this API's
├── Unfinished          what was waited for has not ended in time
├── WebhookRefused      not signed with this secret, too old, or no webhook of this service's
└── Refused             the service said no, by a problem (RFC 9457)
    ├── BadRequest          400, 413, 415, 422: sending it again does not help
    ├── NotAllowed          401, 403, 421: no key, a wrong one, or one without the scope
    ├── NotFound            404
    ├── ChangedMeanwhile    412: somebody else wrote it since you read it
    ├── TooManyRequests     429
    └── Unavailable         502, 503, 504: busy or not ready; of a page: it could not be fetched
"""

from __future__ import annotations

from gegencheck_client.models import FieldProblem


class GegencheckError(Exception):
    """Whatever this client raises by itself."""


class Unreachable(GegencheckError):
    """No answer came, also after further tries where these could do no harm."""


class ReplyUnreadable(GegencheckError):
    """What answered is not this service, or one that this client does not understand."""


class Unfinished(GegencheckError, TimeoutError):
    """It goes on; wait again, or look later."""


class WebhookRefused(GegencheckError):
    """Do not believe it: answer with a status of 400."""


class Refused(GegencheckError):
    """`code` names the kind of problem and never changes, `title` is for people, `detail` for developers.

    `retry_after` is how many seconds the service asked to wait, if it did. A refusal by something in between, such as a
    proxy, has no `code`.
    """

    def __init__(
        self,
        status: int,
        code: str = "",
        title: str = "",
        detail: str = "",
        errors: tuple[FieldProblem, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {detail}" if code else f"{status}: {detail}")
        self.status, self.code, self.title, self.detail = status, code, title, detail
        self.errors, self.retry_after = errors, retry_after


class BadRequest(Refused):
    """The request itself is wrong; `errors` names the fields."""


class NotAllowed(Refused):
    """The key is missing, wrong, expired or without the scope that the call needs."""


class NotFound(Refused):
    """There is no such thing, or another key's."""


class ChangedMeanwhile(Refused):
    """It is no longer what you read, and nothing was written: read it again, then decide."""


class TooManyRequests(Refused):
    """A limit of this key's, or what waits for it."""


class Unavailable(Refused):
    """Now it does not work; later it may."""


BY_STATUS: dict[int, type[Refused]] = {
    400: BadRequest,
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    412: ChangedMeanwhile,
    413: BadRequest,
    415: BadRequest,
    421: NotAllowed,
    422: BadRequest,
    429: TooManyRequests,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
