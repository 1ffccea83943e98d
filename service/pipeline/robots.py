"""What a site's robots.txt lets this program ask (RFC 9309). The only home of protego."""

from __future__ import annotations

AGENT = "Gegencheck"  # the name to look for in robots.txt
MAX_BYTES = 512_000  # what lies behind that is not read, as the RFC allows


def judge_robots(content: bytes, address: str) -> tuple[bool, float]:
    """Whether an address may be asked, and how many seconds should lie between two requests (0: nothing is said)."""
    from protego import Protego

    rules = Protego.parse(content[:MAX_BYTES].decode("utf-8-sig", "replace"))
    delay = rules.crawl_delay(AGENT)
    return bool(rules.can_fetch(address, AGENT)), float(delay or 0)
