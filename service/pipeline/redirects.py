"""Redirects: where one leads, and when the way along them ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes, urljoin

from service.errors import PageLeadsInCircles, PageNeedsCookies, PageUnavailable

MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
ASCII = bytes(range(128))


@dataclass(slots=True)
class Way:
    """The addresses that redirects led along, and whether cookies were handed out there."""

    cookies: bool = False
    seen: list[str] = field(default_factory=list)

    def goes_on(self, address: str) -> bool:
        """Whether one more address may be asked; it is then seen. One that was asked before answers the same again."""
        if address in self.seen or len(self.seen) > MAX_REDIRECTS:
            self.seen.append(address)
            return False
        self.seen.append(address)
        return True

    def fault(self) -> PageUnavailable:
        """Why the way ended."""
        in_circles = self.seen[-1] in self.seen[:-1]
        if self.cookies:
            return PageNeedsCookies(
                "The site redirects again and again until a cookie is stored, and this service stores none. "
                "Open the page and check it from the extension."
            )
        if in_circles:
            return PageLeadsInCircles("The site's redirects lead in circles. Check the link, or try again later.")
        return PageLeadsInCircles(f"The address redirects more than {MAX_REDIRECTS} times.")


def location_of(address: str, status: int, header: dict[str, str]) -> str | None:
    """Where a redirect leads, not yet judged. Raises PageUnavailable where it leads to no address."""
    location = header.get("location", "").strip(" \t")  # what else is blank may end a letter of UTF-8
    if status not in REDIRECTS or not location:
        return None
    raw = location.encode("latin-1")
    try:
        location = raw.decode("utf-8")
    except UnicodeDecodeError:  # in whichever charset: the site knows its own bytes again
        location = quote_from_bytes(raw, safe=ASCII)
    try:
        return urljoin(address, location)
    except ValueError:
        raise PageUnavailable("The site redirects to something that is not a web address.") from None
