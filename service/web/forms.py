"""What comes in by a form of the web page: its fields, what a person means by what they pasted, perhaps a key."""

from __future__ import annotations

import re
from typing import Any

from flask import g, request

from service.pipeline.decoding import looks_binary
from service.pipeline.pictures.kinds import kind_of_picture
from service.pipeline.pictures.opening import MAX_BYTES
from service.pipeline.timed.formats import is_subtitles
from service.store.keys import Scope
from service.web.audit_trail import note_write
from service.web.auth import require
from service.web.context import Caller, application
from service.web.reading import FORM_BYTES, SMALL_BODY_BYTES, check_upload, read_form, read_json
from service.web.signed_in import admit_form, known_caller

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,24}(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
LINK_LETTERS = 8192
SCRIPT = "X-Requested-With"


def read_asked() -> dict[str, str]:
    """The fields of the form, posted as a form or, by the script, as JSON."""
    limit = FORM_BYTES if known_caller() is not None else SMALL_BODY_BYTES  # a key may stand in the form itself
    if not request.is_json:
        return read_form(limit)
    found = read_json(limit)
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def read_admitted(*scopes: Scope, takes_key: bool = True) -> dict[str, str]:
    """The fields of the form, from whoever may call, also by a key that was typed into it. Raises NotAllowed."""
    asked = read_asked()
    admit_form_key(asked.get("key", "") if takes_key else "", *scopes)
    return asked


def read_picture() -> bytes | None:
    """The picture or other file that was chosen in the form, read by now; None without one. Raises BodyTooLarge."""
    sent = request.files.get("picture")
    content = sent.read() if sent is not None else b""
    if not content:  # browsers send an empty file where none was chosen
        return None
    check_upload("picture", content, MAX_BYTES)
    return content


def text_of_upload(content: bytes) -> str | None:
    """The text in a file that was sent; None where it is a picture, or nothing that is read here."""
    if kind_of_picture(content) is not None or looks_binary(content):
        return None
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        return text if is_subtitles(text) else None  # older subtitles; of any other text nobody knows the charset


def told_as_json() -> bool:
    """Whether the page's script asked, which shows the reply by itself: with JSON, or with a picture and a header."""
    return request.is_json or SCRIPT in request.headers


def read_pasted(pasted: str, with_pictures: str = "") -> dict[str, Any]:
    """What a person means by what they pasted: one link, perhaps `with_pictures` of its page, or else a text."""
    line = pasted.strip()
    is_link = len(line) <= LINK_LETTERS and not re.search(r"\s", line)
    asked = {"pictures": True} if with_pictures else {}
    if is_link and HOST.match(line):
        return {"url": f"https://{line}", **asked}
    if is_link and SCHEME.match(line):
        return {"url": line, **asked}
    return {"text": pasted}


def admit_form_key(secret: str, *scopes: Scope) -> None:
    """Let in whoever may call, and whoever put their key into the form where no header did. Raises NotAllowed.

    Of somebody who is signed in the form, which was read by now, must be ours.
    """
    if g.caller is None and secret.strip():
        key = application().keys.find(secret.strip())
        g.caller = Caller(key.id, frozenset(key.scopes), key.limits) if key else None
    elif g.caller is None:
        admit_form()
    require(*scopes)
    note_write(*scopes)
