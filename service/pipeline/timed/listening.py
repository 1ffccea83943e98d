"""The words of a page's video, put behind the text of its article."""

from __future__ import annotations

from dataclasses import replace

from service.errors import CheckFault
from service.models import Article, Page
from service.pipeline.fetch import Fetcher
from service.pipeline.pictures.gathering import letters
from service.pipeline.reader import Reader
from service.pipeline.timed.on_pages import find_speech, may_speak
from service.pipeline.timed.recordings import article_of_subtitles, article_of_text
from service.pipeline.walls import ARTICLE_WORDS


def with_speech_of(page: Page, article: Article, fetcher: Fetcher, reader: Reader) -> Article:
    """The article with its page's captions, fetched under the rules for pages, or else its transcript.

    Nothing is fetched for HTML that somebody supplied. Raises no CheckFault: without its captions a page is a page.
    """
    if not may_speak(page):
        return article
    try:
        speech = reader.read(find_speech, page)
    except CheckFault:
        return article
    heard: Article | None = None
    if speech.captions and page.fetched:
        try:
            heard = reader.read(article_of_subtitles, fetcher.fetch(speech.captions), article.language)
        except CheckFault:
            heard = None
    if heard is None and speech.transcript:
        heard = reader.read(article_of_text, speech.transcript, article.language)
    return joined_with(article, heard) if heard is not None else article


def joined_with(article: Article, heard: Article) -> Article:
    """The article with what is heard behind its text, unless that says it already.

    On a page with a text of its own it is quoted: the page shows the video, and need not say so itself.
    """
    text = article.text.rstrip()
    if not heard.text.strip() or letters(heard.text)[:2000] in letters(text):
        return article
    start = len(text) + 2 if text else 0
    end = start + len(heard.text)
    shows = len(text.split()) >= ARTICLE_WORDS
    return replace(
        article,
        text=f"{text}\n\n{heard.text}" if text else heard.text,
        quoted=(*article.quoted, (start, end)) if shows else article.quoted,
        cues=tuple(replace(cue, start=cue.start + start, end=cue.end + start) for cue in heard.cues),
    )
