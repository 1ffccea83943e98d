"""A picture as an article: what is written in it, and where. Run where it can do no harm, by a Reader."""

from __future__ import annotations

from dataclasses import replace

from service.models import Article
from service.picture_errors import PictureWithoutText
from service.pictures import PictureLine, Recognition, moved
from service.pipeline.article import article_from_text
from service.pipeline.pictures.chats import without_interface
from service.pipeline.pictures.joining import joined
from service.pipeline.pictures.opening import open_picture
from service.pipeline.pictures.order import in_paragraphs
from service.pipeline.pictures.recognising import recognise, turned_back


def article_from_picture(content: bytes, language: str | None = None, url: str | None = None) -> Article:
    """The text in a picture. Raises PictureUnsupported, PictureTooLarge, PictureDamaged, PictureWithoutText."""
    opened = open_picture(content)
    found = recognise(opened.pixels)
    text, lines = joined(without_interface(in_paragraphs(found.lines)))
    if not any(sign.isalnum() for sign in text):
        raise PictureWithoutText("No text was recognised in this picture.")
    height, width, _ = opened.pixels.shape
    there = (replace(line, corners=turned_back(line.corners, found.turn, width, height)) for line in lines)
    placed = tuple(enlarged(line, opened.scale) for line in there)
    return replace(
        article_from_text(text, language),
        url=url,
        picture=Recognition(opened.width, opened.height, placed, opened.moves),
    )


def enlarged(line: PictureLine, scale: float) -> PictureLine:
    """A line of the pixels that were read, at its place in the whole picture."""

    return replace(
        line, corners=moved(line.corners, lambda point: (round(point[0] * scale, 1), round(point[1] * scale, 1)))
    )
