"""A text that somebody supplied as an article: timed text as what it says, everything else as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from service.models import Article, Page
from service.pipeline.article import article_from_text, extract_article, one_line, valid
from service.pipeline.decoding import decode_page
from service.pipeline.pictures.on_pages import address
from service.pipeline.timed.formats import (
    Spoken,
    is_subtitles,
    is_time,
    parse_json,
    read_json3,
    read_subtitles,
    read_transcript,
)
from service.pipeline.timed.speech import written_down

VIDEO = ("webpage_url", "automatic_captions", "chapters", "subtitles", "upload_date")  # of a video's info.json
LARGEST = 5_000_000  # characters of text that are looked at as JSON


def article_of_text(text: str, language: str | None = None) -> Article:
    """A supplied text as an article: a subtitle file, a transcript or a video's info.json, else the text as it is."""
    data = parse_json(text) if len(text) <= LARGEST else None
    if data is not None and len(data.keys() & set(VIDEO)) > 1:
        return article_of_video(data, language)
    spoken = read_json3(data) if data is not None else spoken_in(text)
    plain = article_from_text("" if spoken else text, language)
    return with_speech(plain, spoken, language) if spoken else plain


def article_of_page(page: Page, language: str | None = None) -> Article:
    """The article in a page, which may be a subtitle file. Raises what extract_article raises."""
    article = extract_article(page, language)
    spoken = read_subtitles(article.text) if is_subtitles(article.text) else []
    return with_speech(article, spoken, language) if spoken else article


def article_of_subtitles(page: Page, language: str | None = None) -> Article | None:
    """What a fetched file of captions says; None where it is none. Raises PageUnsupported."""
    content, _ = decode_page(page)
    spoken = read_subtitles(content) if is_subtitles(content) else []
    return with_speech(article_from_text("", language), spoken, language) if spoken else None


def spoken_in(text: str) -> list[Spoken]:
    """What is said in a text with times; empty where it has none."""
    return read_subtitles(text) if is_subtitles(text) else read_transcript(text)


def with_speech(article: Article, spoken: list[Spoken], language: str | None) -> Article:
    """An article of what is said, in place of its text."""
    text, cues = written_down(spoken)
    plain = article_from_text(text, language)
    same = plain.text == text  # else signs were taken out, and nothing stands where it stood
    return replace(article, text=plain.text, language=plain.language, cues=cues if same else ())


def article_of_video(data: dict[str, Any], language: str | None) -> Article:
    """What a video's info.json, as yt-dlp writes it, tells: its description, its chapters, captions that it holds.

    Captions that it only names by their addresses are not fetched.
    """
    spoken = [*captions_in(data, language), *chapters_in(data)]
    described = str(data.get("description") or "")
    in_description = read_transcript(described)
    if in_description or not described.strip():
        article = with_speech(article_from_text("", language), spoken or in_description, language)
    else:
        text, cues = written_down(spoken)
        head = article_from_text(f"{described.strip()}\n\n{text}".strip(), language)
        moved = len(head.text) - len(text)
        same = head.text.endswith(text)
        cues = tuple(replace(cue, start=cue.start + moved, end=cue.end + moved) for cue in cues) if same else ()
        article = replace(head, cues=cues)
    url = data.get("webpage_url")
    return replace(
        article,
        title=one_line(data.get("title")),
        author=one_line(data.get("uploader") or data.get("channel")),
        site_name=one_line(data.get("extractor_key")),
        date_published=day_of(data.get("upload_date")),
        canonical_url=address(url, None) if isinstance(url, str) else None,
    )


def captions_in(data: dict[str, Any], language: str | None) -> list[Spoken]:
    """Captions whose text the file holds itself, those that people wrote before those of a machine."""
    spoken_language = language or data.get("language")
    for kind in ("subtitles", "automatic_captions"):
        tracks = data.get(kind)
        held = tracks if isinstance(tracks, dict) else {}
        for name in sorted(held, key=lambda name: name != spoken_language):
            for one in held[name] if isinstance(held[name], list) else []:
                text = one.get("data") if isinstance(one, dict) else None
                found = (read_json3(parse_json(text)) or spoken_in(text)) if isinstance(text, str) else []
                if found:
                    return found
    return []


def chapters_in(data: dict[str, Any]) -> list[Spoken]:
    """The headings of a video's chapters."""
    chapters = data.get("chapters")
    found = []
    for one in chapters if isinstance(chapters, list) else []:
        begins, title = (one.get("start_time"), one.get("title")) if isinstance(one, dict) else (None, None)
        if is_time(begins) and isinstance(title, str) and title.strip():
            found.append(Spoken(float(begins), valid(" ".join(title.split())), turns=True))
    return found


def day_of(written: Any) -> date | None:
    """A date written as 20260131."""
    try:
        return date.fromisoformat(str(written)[:8]) if written else None
    except ValueError:
        return None
