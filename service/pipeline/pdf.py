"""The text of a PDF. The only home of pypdf."""

from __future__ import annotations

import io
import time

from service.errors import PageUnsupported

MAX_PAGES = 100
MAX_SECONDS = 6  # what was read until then counts; GEGENCHECK_READ_SECONDS later the check would fail instead


def text_of_pdf(content: bytes) -> str:
    """The text of at most MAX_PAGES pages, paragraphs as far as the library sees them. Raises PageUnsupported."""
    from pypdf import PdfReader

    started = time.monotonic()
    texts = []
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise PageUnsupported("This PDF is protected by a password.")
        for number, page in enumerate(reader.pages):
            if number >= MAX_PAGES or time.monotonic() - started > MAX_SECONDS:
                break
            texts.append(page.extract_text() or "")
    except (PageUnsupported, MemoryError):
        raise
    except Exception as error:  # a damaged file makes the library raise almost anything
        raise PageUnsupported("This PDF is damaged and cannot be read.") from error
    return "\n\n".join(texts)
