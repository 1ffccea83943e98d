"""What was asked for, as an article: a picture, a text, or a page, perhaps with its pictures."""

from __future__ import annotations

from dataclasses import replace

from service.errors import CheckFault, PageCrashesReader, PageNeedsScript, PageOnlyPictures, PageTooComplex
from service.models import Article, CheckRequest, Page
from service.picture_errors import PictureCrashesReader, PictureTooComplex, PictureUnsupported
from service.pipeline.article import refuse_unreadable, with_headline
from service.pipeline.pictures.gathering import PictureGatherer
from service.pipeline.pictures.kinds import kind_of_picture
from service.pipeline.pictures.picture import article_from_picture
from service.pipeline.reader import Reader
from service.pipeline.timed.listening import with_speech_of
from service.pipeline.timed.recordings import article_of_page as article_of_page_text
from service.pipeline.timed.recordings import article_of_text


def article_of_input(page: Page | None, request: CheckRequest, gatherer: PictureGatherer, *, always: bool) -> Article:
    """The article of a request and its page; `always`: the pictures of fetched pages are read unasked.

    Raises CheckFault where there is none.
    """
    picture = picture_of(page, request)
    if picture is not None:
        return article_in(picture, page, request, gatherer.picture_reader)
    if page is None:
        return gatherer.reader.read(article_of_text, request.text or "", request.language)
    return article_of_page(page, request, gatherer, always=always)


def article_of_page(page: Page, request: CheckRequest, gatherer: PictureGatherer, *, always: bool) -> Article:
    """The article with the words of its video, and of its pictures where somebody asked for these.

    Where a page says nothing else, that is what it says.
    """
    asked = request.reads_pictures or (page.fetched and always)
    fault: CheckFault | None = None
    try:
        article = read_page(page, request, gatherer.reader)
    except (PageOnlyPictures, PageNeedsScript) as found:
        fault, article = found, read_page(replace(page, fetched=False), request, gatherer.reader)
    own = article.text.rstrip()
    article = with_speech_of(page, article, gatherer.fetcher, gatherer.reader)
    only_pictures = isinstance(fault, PageOnlyPictures) or is_pictures(article, page, gatherer.reader)
    if asked or only_pictures:
        article = gatherer.with_pictures(article, page)
    if fault is not None and article.text.rstrip() == own:
        raise fault
    return article


def is_pictures(article: Article, page: Page, reader: Reader) -> bool:
    """Whether a page that was fetched has pictures in the place of a text."""
    if article.text.strip() or not page.fetched:
        return False
    try:
        reader.read(refuse_unreadable, page)
    except PageOnlyPictures:
        return True
    except CheckFault:
        pass  # said where the walk goes on
    return False


def read_page(page: Page, request: CheckRequest, reader: Reader) -> Article:
    """The article of a page with headline and lead before its body."""
    article = reader.read(article_of_page_text, page, request.language)
    return with_headline(article) if article.text.strip() else article


def picture_of(page: Page | None, request: CheckRequest) -> bytes | None:
    """The picture that is to be read: supplied, or what was fetched is one. Raises PictureUnsupported.

    Whoever gives the address of a picture as that of a page means the picture.
    """
    if page is None:
        return request.picture
    if isinstance(page.content, bytes) and kind_of_picture(page.content) is not None:
        return page.content
    if request.wants_picture:
        raise PictureUnsupported("There is no picture at this address that is known here. Check the address.")
    return None


def article_in(picture: bytes, page: Page | None, request: CheckRequest, reader: Reader) -> Article:
    """The text in a picture, as an article. Raises PictureUnreadable or one of its children."""
    try:
        found = reader.read(article_from_picture, picture, request.language, request.url)
    except PageTooComplex as fault:
        raise PictureTooComplex(str(fault)) from None
    except PageCrashesReader:
        raise PictureCrashesReader("The program that reads pictures crashed over this one.") from None
    return found if page is None else replace(found, canonical_url=page.final_url)
