"""What the extension may do, and that its parts fit: permissions, words in both languages, one look."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

ROOT = Path(__file__).parent.parent.parent
EXTENSION = ROOT / "extension"
MANIFEST = json.loads((EXTENSION / "manifest.json").read_text(encoding="utf-8"))
SCRIPTS = sorted(EXTENSION.rglob("*.js"))
SOURCES = [*SCRIPTS, *sorted(EXTENSION.rglob("*.html"))]


def words(language: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(
        (EXTENSION / "_locales" / language / "messages.json").read_text(encoding="utf-8")
    )
    return found


def test_permissions_are_exactly_these() -> None:
    assert MANIFEST["manifest_version"] == 3
    assert MANIFEST["permissions"] == ["activeTab", "scripting", "storage", "contextMenus", "alarms"]
    assert MANIFEST["optional_permissions"] == ["tabs"]
    assert MANIFEST["optional_host_permissions"] == ["*://*/*"], "so that one host can be asked for, never before"
    for name in ("host_permissions", "content_scripts", "externally_connectable", "web_accessible_resources"):
        assert name not in MANIFEST


def test_chrome_gives_it_one_id_and_the_private_half_of_its_key_is_nowhere() -> None:
    key = load_der_public_key(base64.b64decode(MANIFEST["key"]))
    assert isinstance(key, RSAPublicKey)
    assert extension_id(MANIFEST["key"]) == "afgnnikfppdboldcbgphiehajhooholl"
    kept = [path for path in ROOT.glob("**/*.pem") if "node_modules" not in path.parts and ".venv" not in path.parts]
    assert [path for path in kept if b"PRIVATE KEY" in path.read_bytes()] == []


def extension_id(key: str) -> str:
    return (
        hashlib.sha256(base64.b64decode(key))
        .hexdigest()[:32]
        .translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    )


def test_two_shortcuts_are_suggested_and_named() -> None:
    assert {name: each["suggested_key"]["default"] for name, each in MANIFEST["commands"].items()} == {
        "_execute_action": "Alt+Shift+G", "check-selection": "Alt+Shift+S",
    }  # fmt: skip


def test_no_code_comes_from_elsewhere_and_none_is_made_from_text() -> None:
    policy = MANIFEST["content_security_policy"]["extension_pages"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"\beval\(|new Function|innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write", text
        ), path
        assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=\"|<style", text), path
        assert not re.search(r"(?:src|href)=\"https?:|import .*[\"']https?:", text), path


def test_both_languages_have_the_same_messages_and_places() -> None:
    german, english = words("de"), words("en")
    assert german.keys() == english.keys()
    for key in german:
        places = [sorted(set(re.findall(r"\$\d", each[key]["message"]))) for each in (german, english)]
        assert places[0] == places[1], key


def test_every_message_used_exists() -> None:
    known = set(words("en"))
    used = set()
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'say\("(\w+)"', text)) | set(re.findall(r'data-t(?:-label)?="(\w+)"', text))
        used |= set(re.findall(r'button\("(\w+)"', text))
        for name in re.findall(r'(?:screen\(|tell\("\w+", )"(\w+)"', text):
            used |= {f"{name}Lead", f"{name}Detail"}
    assert used <= known, used - known
    assert {f"__MSG_{key}__" for key in ("name", "description", "actionTitle")} <= set(
        re.findall(r"__MSG_\w+__", json.dumps(MANIFEST))
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_words_judge_no_page(language: str) -> None:
    for message in words(language).values():
        assert not re.search(r"fake|lüge|!", message["message"], re.IGNORECASE)


def test_modes_stages_and_differences_are_said_as_on_the_web_page() -> None:
    for language in ("de", "en"):
        catalogue = json.loads((ROOT / "service" / "messages" / f"{language}.json").read_text(encoding="utf-8"))
        for key, message in words(language).items():
            kind, _, name = key.partition("_")
            if kind in ("mode", "stage"):
                assert message["message"] == catalogue[f"{kind}.{name}"], key
            if kind == "difference":
                assert message["message"] == catalogue["difference"].format(kind=catalogue[f"difference.{name}"]), key


def test_the_look_is_the_web_page_s() -> None:
    page = (ROOT / "service" / "web" / "static" / "tokens.css").read_text(encoding="utf-8")
    assert (EXTENSION / "look" / "tokens.css").read_text(encoding="utf-8") == page


def test_every_state_has_the_icon_of_the_web_page() -> None:
    page = (ROOT / "service" / "web" / "templates" / "icons.html").read_text(encoding="utf-8")
    build = (EXTENSION / "look" / "build.js").read_text(encoding="utf-8")
    for state, drawing in re.findall(r'state == "(\w+)" %}<path d="([^"]+)"', page):
        assert re.search(rf'{state}: \["{re.escape(drawing)}"', build), state


def test_every_script_says_first_what_it_is_for() -> None:
    for path in SCRIPTS:
        assert path.read_text(encoding="utf-8").startswith("// "), path


def heads() -> dict[str, list[str]]:
    """The lines of each page's head."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(EXTENSION.rglob("*.html"))}
    return {path.stem: text.split("<head>\n")[1].split("</head>")[0].splitlines() for path, text in pages.items()}


def test_every_page_begins_alike_and_ends_with_its_own_sheet_and_script() -> None:
    """HTML cannot be included without a build step, so what the pages share is compared."""
    found = heads()
    assert found.keys() == {"options", "popup", "welcome"}
    shared = found["options"][:6]
    assert shared[-2:] == [f'<link rel="stylesheet" href="../look/{name}.css">' for name in ("tokens", "look")]
    for name, lines in found.items():
        own = [f'<link rel="stylesheet" href="{name}.css">', f'<script type="module" src="{name}.js"></script>']
        assert [line for line in lines if "modulepreload" not in line] == [*shared, *own]


def test_the_popup_loads_all_its_modules_at_once() -> None:
    """Each one that is not named is found only after another was read, and the popup is that much later."""
    found: set[Path] = set()
    waiting = [EXTENSION / "popup" / "popup.js"]
    while waiting:
        path = waiting.pop()
        imports = re.findall(r'^import .* from "(\.[^"]+)";$', path.read_text(encoding="utf-8"), re.M)
        new = {(path.parent / name).resolve() for name in imports} - found
        found |= new
        waiting += new
    named = re.findall(r'rel="modulepreload" href="([^"]+)"', "\n".join(heads()["popup"]))
    assert sorted((EXTENSION / "popup" / name).resolve() for name in named) == sorted(found)
