"""A picture with a sentence in it, as pages hold it."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw, ImageFont


def sharepic(sentence: str) -> str:
    """A data address of a PNG that says the sentence, black on white, in lines of a few words."""
    words, rows = sentence.split(), []
    while words:
        rows.append(" ".join(words[:3]))
        words = words[3:]
    picture = Image.new("RGB", (640, 90 * len(rows) + 60), "white")
    draw = ImageDraw.Draw(picture)
    for number, row in enumerate(rows):
        draw.text((40, 40 + 90 * number), row, fill="black", font=ImageFont.load_default(size=44))
    held = io.BytesIO()
    picture.save(held, "PNG")
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()
