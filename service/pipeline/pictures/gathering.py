"""The pictures of a page, fetched and read, and their text put behind that of the article."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from service.errors import CheckFault
from service.models import Article, Page
from service.picture_errors import PictureUnsupported, PictureWithoutText
from service.pictures import PagePicture, Recognition
from service.pipeline.fetch import Fetcher
from service.pipeline.pictures.kinds import kind_of_picture
from service.pipeline.pictures.on_pages import MIN_SIDE, Announced, find_pictures
from service.pipeline.pictures.picture import article_from_picture
from service.pipeline.reader import Reader
from service.pipeline.walls import ARTICLE_WORDS

MAX_SECONDS = 30  # for all pictures of a page; then the rest is left. A choice: a person waits for it.
CAPTION_WORDS = 4  # of a caption that may say anything; less names who took the picture


@dataclass(frozen=True, slots=True)
class PictureGatherer:
    """Fetches pictures under the rules for pages and reads them; `go_on` is told now and then, and may end it."""

    fetcher: Fetcher
    reader: Reader
    picture_reader: Reader
    go_on: Callable[[], None]

    def with_pictures(self, article: Article, page: Page) -> Article:
        """The article with what its pictures say behind its text, and which were looked at. Raises no CheckFault."""
        try:
            announced = self.reader.read(find_pictures, page)
        except CheckFault:
            return article
        until = time.monotonic() + MAX_SECONDS
        found: list[Read] = []
        for one in announced:
            self.go_on()
            if time.monotonic() < until:
                found.append(self._read(one, article.language))
        return joined_with(article, found)

    def _read(self, announced: Announced, language: str | None) -> Read:
        try:
            content = self.fetcher.fetch(announced.url).content
            if not isinstance(content, bytes) or kind_of_picture(content) is None:
                raise PictureUnsupported("There is no picture at this address.")
            found = self.picture_reader.read(article_from_picture, content, language, announced.url)
        except PictureWithoutText:
            return Read(announced)
        except CheckFault as fault:
            return Read(announced, problem=fault.code)
        seen = found.picture
        if seen is None or max(seen.width, seen.height) < MIN_SIDE:
            return Read(announced)
        return Read(announced, found.text, seen)


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a picture: its text with its places, or the code of the problem with it."""

    announced: Announced
    text: str = ""
    recognition: Recognition | None = None
    problem: str | None = None


def joined_with(article: Article, found: Sequence[Read]) -> Article:
    """The article with the texts of pictures behind its own, each once.

    What a picture shows on a page that has a text of its own is quoted: the page shows it, and need not say so itself.
    The caption is the page's own words. Where nothing was read in a picture, its alternative text stands for it.
    """
    shows = len(article.text.split()) >= ARTICLE_WORDS
    text, pictures, quoted = article.text.rstrip(), [], list(article.quoted)
    for one in found:
        said = one.text or (one.announced.alt or "")
        if letters(said) in letters(text):
            said = ""
        start = len(text) + 2 if text else 0
        if said:
            text = f"{text}\n\n{said}" if text else said
            quoted += [(start, len(text))] if shows else []
        pictures.append(picture_of(one, start, start + len(said)))
        caption = one.announced.caption or ""
        if len(caption.split()) >= CAPTION_WORDS and letters(caption) not in letters(text):
            text = f"{text}\n\n{caption}" if text else caption
    return replace(article, text=text, quoted=tuple(quoted), pictures=tuple(pictures))


def picture_of(read: Read, start: int, end: int) -> PagePicture:
    """What is kept of a picture: where its text stands in the article, and where each line of that in the picture."""
    seen = read.recognition
    if seen is not None and start < end:
        lines = tuple(replace(line, start=line.start + start, end=line.end + start) for line in seen.lines)
        seen = replace(seen, lines=lines)
    else:
        seen = None
    return PagePicture(read.announced.url, start, end, seen, read.announced.alt, read.problem)


def letters(text: str) -> str:
    """Letters and digits only, for comparing."""
    return re.sub(r"\W+", "", text.casefold())
