"""The errors of the service, one tree; web/errors.py decides their HTTP status. (*): account_, editing_, picture_errors

CheckFault                 a check that cannot be finished: stored with the check, shown as a problem
├── PageUnavailable        could not fetch the page
│   ├── AddressRefused     not an address we may ask: scheme, credentials, private network
│   ├── PageNotFound       the site says that the page does not exist (soft 404 too)
│   ├── PageLeadsInCircles its redirects lead in circles, or past the limit
│   │   └── PageNeedsCookies   until a cookie is stored
│   ├── PageUnderRepair    the site is being repaired or is overloaded
│   ├── PageBehindWall     a bot challenge, an age gate, a page for an app alone
│   │   ├── PageAsksConsent    to cookies or tracking
│   │   ├── PageAsksLogin      or an account
│   │   ├── PageBehindPaywall  only its beginning is shown
│   │   ├── PageNotShownHere   but in another country
│   │   └── PageLimitsVisits   too many requests, it says
│   ├── PageTooLarge       over the size limit, packed or unpacked
│   ├── PageTooSlow        over the time limit
│   ├── PageBrokenOff      it ended before its end, with too little to read
│   └── PageUnsupported    a type of content that we do not read
├── PageUnreadable         fetched, but there is no text in it
│   ├── PageNeedsScript    its text appears by a script only
│   ├── PageOnlyPictures   what it says is in a picture
│   ├── PageLeadsOn        it only points to another page
│   ├── PageTooComplex     reading it was stopped: past the limits on time or memory
│   └── PageCrashesReader  the process that read it crashed
├── ReaderUnavailable      no process could be started to read it
├── IndexNotReady          no index yet, or it is being rebuilt
├── WorkInterrupted        its worker died or was stopped too often
└── WorkTooLong            not done within any sensible time
BadRequest                 the caller's input is wrong: names each field
├── BodyTooLarge           more than a call may send
├── TypeUnsupported        a type or encoding of body that the call does not take
├── WeakPassword           a password that others would guess (*)
├── KeyReused              an Idempotency-Key that was used for another request
└── VersionRequired        a person changes a statement without saying which version they read (*)
NotAllowed                 the caller may not do this
├── KeyRequired            no key, or one that is wrong, expired or revoked
├── ScopeMissing           the key or the account is valid, but not for this
├── SignInRefused          name or password is wrong (*)
├── SignInFailed           the identity provider's answer proves nothing (*)
├── FormExpired            a session without the proof that our own page sent the call (*)
├── LinkSpent              the one-time link for writing was used before
├── ReleaseRefused         what somebody wrote is released by somebody else (*)
├── OriginRefused          a web page of another origin asked
└── HostRefused            addressed by a name that is not this service's (DNS rebinding)
NotFound                   nothing under this id for this key
DraftChanged               a draft is no longer what somebody read who wants to release it (*)
ProviderUnavailable        the identity provider cannot be reached, or makes no sense (*)
Overload                   more work than can be done now; says when to try again
├── ServiceBusy            of all callers together
└── TooManyRequests        of this caller
"""

from __future__ import annotations

from dataclasses import dataclass


class GegencheckError(Exception):
    """The root. `code` is stable and machine-readable, the message is for a person and says what to do."""

    code = "error"


class CheckFault(GegencheckError):
    """A check that cannot be finished."""

    code = "check-failed"


class PageUnavailable(CheckFault):
    """The page could not be fetched."""

    code = "page-unavailable"


class AddressRefused(PageUnavailable):
    """Not an address the service may ask."""

    code = "address-refused"


class PageNotFound(PageUnavailable):
    """The site says that there is no such page."""

    code = "page-not-found"


class PageLeadsInCircles(PageUnavailable):
    """Redirects lead back to where they came from, or are too many."""

    code = "page-leads-in-circles"


class PageNeedsCookies(PageLeadsInCircles):
    """The site redirects until a cookie is stored, and none is stored here."""

    code = "page-needs-cookies"


class PageUnderRepair(PageUnavailable):
    """The site says that it is temporarily out of service."""

    code = "page-under-repair"


class PageBehindWall(PageUnavailable):
    """Something stands before the page: a bot challenge, an age gate, an app."""

    code = "page-behind-wall"


class PageAsksConsent(PageBehindWall):
    """The site asks for consent to cookies or tracking before it shows the page."""

    code = "page-asks-consent"


class PageAsksLogin(PageBehindWall):
    """The site asks for a login or an account before it shows the page."""

    code = "page-asks-login"


class PageBehindPaywall(PageBehindWall):
    """The site shows only the beginning to readers who have not paid."""

    code = "page-behind-paywall"


class PageNotShownHere(PageBehindWall):
    """The site does not show the page in the country that it was fetched from."""

    code = "page-not-shown-here"


class PageLimitsVisits(PageBehindWall):
    """The site limits how often it may be asked."""

    code = "page-limits-visits"


class PageTooLarge(PageUnavailable):
    """The page is over the size limit."""

    code = "page-too-large"


class PageTooSlow(PageUnavailable):
    """The page did not arrive in time."""

    code = "page-too-slow"


class PageBrokenOff(PageUnavailable):
    """The transmission ended before the end of the page."""

    code = "page-broken-off"


class PageUnsupported(PageUnavailable):
    """The page is of a type that the service does not read."""

    code = "page-unsupported"


class PageUnreadable(CheckFault):
    """There is no readable text in the page."""

    code = "page-unreadable"


class PageNeedsScript(PageUnreadable):
    """The page's text appears only where its scripts run."""

    code = "page-needs-script"


class PageOnlyPictures(PageUnreadable):
    """What the page says is in a picture."""

    code = "page-only-pictures"


class PageLeadsOn(PageUnreadable):
    """The page only says that it leads on to another one."""

    code = "page-leads-on"


class PageTooComplex(PageUnreadable):
    """Reading the page went past the limits on time or memory."""

    code = "page-too-complex"


class PageCrashesReader(PageUnreadable):
    """The process that read the page crashed."""

    code = "page-crashes-reader"


class ReaderUnavailable(CheckFault):
    """No process could be started to read the page."""

    code = "reader-unavailable"


class IndexNotReady(CheckFault):
    """There is no index to search yet."""

    code = "index-not-ready"


class WorkInterrupted(CheckFault):
    """Work on it began several times and never finished."""

    code = "work-interrupted"


class WorkTooLong(CheckFault):
    """It was not done within any sensible time."""

    code = "work-too-long"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One bad field; `pointer` is a JSON pointer into the request body (RFC 6901)."""

    pointer: str
    detail: str


class BadRequest(GegencheckError):
    """The caller's input is wrong."""

    code = "bad-request"

    def __init__(self, message: str, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class BodyTooLarge(BadRequest):
    """The body, or a text in it, is over the limit."""

    code = "body-too-large"


class TypeUnsupported(BadRequest):
    """The body is of a type or encoding that this call does not take."""

    code = "type-unsupported"


class KeyReused(BadRequest):
    """This Idempotency-Key was already used for another request."""

    code = "idempotency-key-reused"


class NotAllowed(GegencheckError):
    """The caller may not do this."""

    code = "not-allowed"


class KeyRequired(NotAllowed):
    """There is no key, or it is wrong, expired or revoked."""

    code = "key-required"


class ScopeMissing(NotAllowed):
    """The key, or the role of the account, does not cover this call."""

    code = "scope-missing"


class LinkSpent(NotAllowed):
    """The one-time link was used before, or belongs to an earlier start of the service."""

    code = "link-spent"


class OriginRefused(NotAllowed):
    """A web page of another origin asked."""

    code = "origin-refused"


class HostRefused(NotAllowed):
    """The service was addressed by a foreign name."""

    code = "host-refused"


class NotFound(GegencheckError):
    """There is nothing under this id for this caller."""

    code = "not-found"


class SourcePaused(GegencheckError):
    """A source that was paused is to be read."""

    code = "source-paused"


class Overload(GegencheckError):
    """More work is waiting than can be done soon; `retry_after` says after how many seconds to try again."""

    code = "overload"

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ServiceBusy(Overload):
    """All callers together ask for more than the service can do."""

    code = "service-busy"


class TooManyRequests(Overload):
    """This caller alone asks for more than its share."""

    code = "too-many-requests"
