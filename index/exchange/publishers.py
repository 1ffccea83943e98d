"""Who published a review, an organisation where one is named, and who wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from index.exchange.fields import Warnings, first, host_of, read_text, read_url
from index.exchange.finding import is_reference, types_of
from index.models import Publisher

EMPLOYERS = ("affiliation", "worksFor", "memberOf")
ORGANISATIONS = ("sourceOrganization", "provider")  # where no publisher is named
MAX_AUTHORS = 20
MAX_SHOWN = 60  # characters of what is said in a warning


def read_publisher(review: Mapping[str, Any], url: str, warnings: Warnings) -> Publisher:
    """The publisher of a review at `url`; a person only where no organisation is named."""
    found = next(candidates(review), None)
    site = host_of(url)
    if isinstance(found, Mapping):
        own = read_url(found.get("url")) or read_url(found.get("@id"))
        name = person_name(found) or found.get("legalName")
        say_if_unknown(found, warnings)
        return Publisher(read_text(name, "author.name", warnings), host_of(own) if own else site)
    return Publisher(read_text(found, "author", warnings), site)


def read_author(review: Mapping[str, Any], warnings: Warnings) -> str | None:
    """The people who wrote a review, in one line; None where nobody is named beside the publisher."""
    publisher = next(candidates(review), None)
    beside = [who for who in listed(review.get("author")) if who is not publisher]
    for who in beside:
        say_if_unknown(who, warnings)
    people = [person_name(who) if is_person(who) else who for who in beside if is_person(who) or isinstance(who, str)]
    names = (read_text(who, "author", warnings) for who in people[:MAX_AUTHORS])
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def say_if_unknown(who: Any, warnings: Warnings) -> None:
    """A warning where somebody is only referred to, and nothing in the input says who it is."""
    if isinstance(who, Mapping) and is_reference(who):
        warnings.say(f"author refers to “{str(who['@id'])[:MAX_SHOWN]}”, and nothing says who that is")


def person_name(who: Mapping[str, Any]) -> Any:
    """The name of somebody, also where it is given in two parts."""
    parts = [first(who.get(name)) for name in ("givenName", "familyName")]
    return who.get("name") or " ".join(part for part in parts if isinstance(part, str)) or None


def candidates(review: Mapping[str, Any]) -> Iterator[Any]:
    """Whoever may be the publisher, the likeliest first."""
    authors, publishers = listed(review.get("author")), listed(review.get("publisher"))
    publishers += [who for name in ORGANISATIONS for who in listed(review.get(name))]
    yield from filter(is_organisation, authors)
    for author in authors:
        if isinstance(author, Mapping):
            yield from (employer for name in EMPLOYERS for employer in listed(author.get(name)))
    yield from filter(is_organisation, publishers)
    has_person = any(is_person(author) for author in authors)
    yield from (publishers if has_person else [])
    yield from (*authors, *publishers)


def listed(value: Any) -> list[Any]:
    """The useful values of a field."""
    return [item for item in value if item] if isinstance(value, list) else [value] if value else []


def is_organisation(who: Any) -> bool:
    """Whether an object says that it is one, of whatever kind."""
    return isinstance(who, Mapping) and bool(types_of(who)) and not is_person(who)


def is_person(who: Any) -> bool:
    """Whether an object says that it is a person."""
    return isinstance(who, Mapping) and "person" in types_of(who)
