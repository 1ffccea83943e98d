"""From what somebody says about a source to its plan: a clean address, a name, and the address of each known kind."""

from __future__ import annotations

from typing import Any

from service.errors import BadRequest, FieldProblem
from service.pipeline.addresses import clean_url
from service.sources import HOUR, SourceKind, SourcePlan, host_and_path

KNOWN_ADDRESSES = {
    SourceKind.CORRECTIV: "https://correctiv.org/wp-json/wp/v2/posts?categories=5",
    SourceKind.DATACOMMONS: "https://storage.googleapis.com/datacommons-feeds/claimreview/latest/data.json",
    SourceKind.GOOGLE: "https://factchecktools.googleapis.com/v1alpha1/claims:search",
}
FALLBACKS = {SourceKind.CORRECTIV: "https://correctiv.org/category/faktencheck/feed/"}
ONCE_A_DAY = (SourceKind.DATACOMMONS, SourceKind.GOOGLE, SourceKind.SITEMAP)


def planned(kind: SourceKind, address: str | None, given: dict[str, Any], open_hosts: tuple[str, ...]) -> SourcePlan:
    """The plan of a new source. Raises AddressRefused, BadRequest where there is no address."""
    if not address and kind not in KNOWN_ADDRESSES:
        raise BadRequest("A source needs an address.", (FieldProblem("/address", "missing"),))
    clean = clean_url(address or KNOWN_ADDRESSES[kind], open_hosts)
    defaults: dict[str, Any] = {"name": given.get("site") or host_and_path(clean)[0]}
    if kind in ONCE_A_DAY:
        defaults["every_seconds"] = 24 * HOUR
    if not address:
        defaults["fallback"] = FALLBACKS.get(kind)
    return SourcePlan(kind=kind, address=clean, **{**defaults, **given})
