"""Where the reviews are in structured data: at any depth, under any name, with `@id` references filled in.

Also the reply of Google's claims:search, whose reviews are turned into ClaimReview.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

MAX_DEPTH = 40
MAX_LISTED = 5  # of several values, those whose references are followed
MAX_STEPS = 1  # from a review to its author, and from there to the organisation
VOCABULARIES = ("https://schema.org/", "http://schema.org/", "schema:")
ABOUT_PAGES = ("article", "webpage", "blogposting", "report")  # how types of what describes one page end
FROM_PAGE = ("headline", "datePublished", "inLanguage")
WHO = ("author", "publisher")
WHERE = ("url", "mainEntityOfPage")
ABOUT = ("claimReviewed", "itemReviewed")
MAX_LISTS = 2  # around objects with a context: the scripts of a page, and a list in one
ADDRESSES_OF_SCHEMA = ("https://schema.org", "http://schema.org")
FOLLOWED = (
    (*WHO, "reviewRating", "itemReviewed", "claimReviewed", "mainEntityOfPage"),
    ("author", "creator", "affiliation", "worksFor", "memberOf"),
)  # of the review, then of what it names
# What is read of a review and of what it names; only this is copied where references are filled in.
READ = (*FOLLOWED[0], *FOLLOWED[1][1:], "@type", "@id", "@value", "@language", "name", "legalName", "givenName",
        "familyName", "url", "text", "headline", "alternateName", "ratingValue", "bestRating", "worstRating",
        "ratingExplanation", "datePublished", "inLanguage", "reviewBody", "description", "identifier", "sdLicense",
        "license")  # fmt: skip

Node = Mapping[str, Any]


def find_reviews(data: Any) -> Iterator[Node]:
    """Every ClaimReview in a JSON value, in order: alone, in arrays, graphs and feeds, or as part of something else.

    What one of them lacks is taken from the article or page that it is part of.
    """
    data = with_known_prefix(data)
    references = References(data)
    told: set[tuple[str, Any]] = set()
    for node, page, claim in walk(data):
        if is_review(node):
            name, whole = node.get("@id"), references.merge(node)
            if isinstance(name, str):
                mark = name, _mark(whole.get("claimReviewed"))
                if (is_reference(node) and name in references.nodes) or mark in told:
                    continue
                told.add(mark)
            yield plain_parts(references.fill(completed(whole, page, claim)))
        elif isinstance(node.get("claimReview"), list):
            yield from from_search_reply(node)


def walk(data: Any) -> Iterator[tuple[Node, Node | None, Node | None]]:
    """Every object in a JSON value, each once, in order, with the article or page and the claim around it."""
    seen: set[int] = set()
    waiting: list[tuple[Any, int, Node | None, Node | None]] = [(data, 0, None, None)]
    while waiting:
        value, depth, page, claim = waiting.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, list):
            waiting.extend((item, depth + 1, page, claim) for item in reversed(value))
        elif isinstance(value, dict) and id(value) not in seen:
            seen.add(id(value))
            node = plain_names(value)
            yield node, page, claim
            types = types_of(node)
            inner = node if any(kind.endswith(ABOUT_PAGES) for kind in types) else page
            about = node if "claim" in types else claim
            waiting.extend(
                (part, depth + 1, inner, about) for part in reversed(node.values()) if isinstance(part, dict | list)
            )


def with_known_prefix(data: Any, depth: int = 0) -> Any:
    """A JSON value with our prefix where its `@context` gives schema.org another one."""
    if isinstance(data, list) and depth < MAX_LISTS:
        return [with_known_prefix(item, depth + 1) for item in data]
    if not isinstance(data, dict):
        return data
    given = data.get("@context")
    prefixes = {
        prefix
        for context in (given if isinstance(given, list) else [given])
        if isinstance(context, dict)
        for prefix, address in context.items()
        if isinstance(address, str) and address.rstrip("/#") in ADDRESSES_OF_SCHEMA
    }
    return _renamed(data, prefixes) if prefixes - {"schema", "@vocab"} else data


def _renamed(value: Any, prefixes: Collection[str], depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        return value
    if isinstance(value, list):
        return [_renamed(item, prefixes, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    parts = ((name, name.partition(":"), part) for name, part in value.items())
    return {
        f"schema:{local}" if prefix in prefixes and local else name: _renamed(part, prefixes, depth + 1)
        for name, (prefix, _, local), part in parts
    }


def plain_names(node: dict[str, Any]) -> dict[str, Any]:
    """An object with the names of schema.org as such, however they are written."""
    if not any(":" in name or name in ("type", "id") for name in node):
        return node
    return {plain_name(name): value for name, value in node.items()}


def plain_parts(node: Node, steps: int = 0) -> Node:
    """A review with the plain names of schema.org also in what it names: its rating, its author, their organisation."""
    if steps > MAX_STEPS:
        return node
    return {name: _plain_part(value, steps) if name in FOLLOWED[steps] else value for name, value in node.items()}


def _plain_part(value: Any, steps: int) -> Any:
    if isinstance(value, list):
        return [_plain_part(item, steps) for item in value]
    return plain_parts(plain_names(value), steps + 1) if isinstance(value, dict) else value


def plain_name(name: str) -> str:
    """A name without its vocabulary; `type` and `id` are what many call `@type` and `@id`."""
    for start in VOCABULARIES:
        if name.startswith(start):
            return name[len(start) :]
    return f"@{name}" if name in ("type", "id") else name


def types_of(node: Node) -> list[str]:
    """The types of an object in small letters, without their vocabulary."""
    given = node.get("@type", node.get("type"))
    names = given if isinstance(given, list) else [given]
    return [
        name.replace("#", "/").replace(":", "/").rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str)
    ]


def is_review(node: Node) -> bool:
    """Whether an object is a ClaimReview, also where it does not say so but names what it reviews."""
    types = types_of(node)
    return "claimreview" in types or ("claimReviewed" in node and (not types or "review" in types))


def is_reference(node: Node) -> bool:
    """Whether an object only names another one."""
    return "@id" in node and all(name.startswith("@") for name in node)


# ---------------------------------------------------------------- references


class References:
    """The objects of a JSON value by their `@id`, and what others become when theirs are followed; each object once."""

    def __init__(self, data: Any) -> None:
        self.nodes: dict[str, list[Node]] = {}
        self._filled: dict[tuple[int | str, int], Node] = {}
        for node, *_ in walk(data):
            name = node.get("@id")
            if isinstance(name, str) and not is_reference(node) and len(self.nodes.setdefault(name, [])) < MAX_LISTED:
                self.nodes[name].append({name: node[name] for name in READ if name in node})

    def merge(self, node: Node) -> Node:
        """An object, completed from others with the same `@id`, unless they are about another claim."""
        name = node.get("@id")
        for other in self.nodes.get(name, []) if isinstance(name, str) else []:
            if _same_claim(node, other):
                node = {**other, **node}
        return node

    def fill(self, node: Node, steps: int = 0) -> Node:
        """An object in which references to others are replaced by what those say."""
        if not self.nodes or steps > MAX_STEPS:
            return node
        return {**node, **{name: self._follow(node[name], steps) for name in FOLLOWED[steps] if node.get(name)}}

    def _follow(self, value: Any, steps: int) -> Any:
        if isinstance(value, list):
            return [self._follow(item, steps) for item in value[:MAX_LISTED]]
        if isinstance(value, str) and value in self.nodes:
            value = {"@id": value}
        if not isinstance(value, dict):
            return value
        name = value.get("@id")
        key = (name if isinstance(name, str) else id(value), steps)
        if key not in self._filled:
            whole = self.merge(plain_names(value))
            self._filled[key] = whole  # whoever comes back here in a circle gets it as it is
            self._filled[key] = self.fill({name: whole[name] for name in READ if name in whole}, steps + 1)
        return self._filled[key]


def _mark(claim: Any) -> Any:
    return claim if isinstance(claim, str) else id(claim)


def _same_claim(one: Node, other: Node) -> bool:
    mine, theirs = one.get("claimReviewed"), other.get("claimReviewed")
    return mine is None or theirs is None or _mark(mine) == _mark(theirs)


def completed(review: Node, page: Node | None, claim: Node | None = None) -> Node:
    """A review, completed from the claim that it is about and the page or article that it is part of."""
    if claim is not None and not any(review.get(name) for name in ABOUT):
        review = {**review, "itemReviewed": {name: claim[name] for name in READ if name in claim}}
    if page is None:
        return review
    missing = [name for name in FROM_PAGE if not review.get(name)]
    for either in (WHO, WHERE):
        if not any(review.get(name) for name in either):
            missing += either
    return {**review, **{name: page[name] for name in missing if page.get(name)}}


# ---------------------------------------------------------------- Google's claims:search


def from_search_reply(claim: Node) -> Iterator[Node]:
    """The reviews of one claim as Google's Fact Check Tools API gives them."""
    for review in claim["claimReview"]:
        if isinstance(review, dict):
            publisher = review.get("publisher")
            site = publisher.get("site") if isinstance(publisher, dict) else None
            yield {
                "@type": "ClaimReview",
                "claimReviewed": claim.get("text"),
                "itemReviewed": {"@type": "Claim", "author": claim.get("claimant")},
                "url": review.get("url"),
                "headline": review.get("title"),
                "datePublished": review.get("reviewDate"),
                "inLanguage": review.get("languageCode"),
                "reviewRating": {"@type": "Rating", "alternateName": review.get("textualRating")},
                "author": {
                    "@type": "Organization",
                    "name": publisher.get("name") if isinstance(publisher, dict) else publisher,
                    "url": f"https://{site}/" if isinstance(site, str) else None,
                },
            }
