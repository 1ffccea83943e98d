"""Every state has its colour, the same wherever it is shown: in the popup, the web page, the card, the marks and the badge."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOKENS = (ROOT / "extension/look/tokens.css").read_text(encoding="utf-8")
STATES = {
    "refuted": "refuted", "conflicting_evidence": "disputed", "supported": "supported",
    "mentions_refuted": "mentions", "fact_check_found": "found",
}  # fmt: skip


def shades(token: str) -> tuple[str, str]:
    """A token's colour in light and in dark."""
    light, dark = re.findall(rf"--{token}: (#[0-9a-f]{{6}});", TOKENS)
    return light, dark


def test_the_web_page_has_the_same_tokens() -> None:
    assert (ROOT / "service/web/static/tokens.css").read_text(encoding="utf-8") == TOKENS


@pytest.mark.parametrize(("state", "token"), STATES.items())
def test_a_state_has_its_own_colour_in_light_and_dark(state: str, token: str) -> None:
    for sheet in ("extension/look/look.css", "service/web/static/page.css"):
        rule = f".state-{state} {{ --state: var(--{token}); --state-soft: var(--{token}-soft); }}"
        assert rule in (ROOT / sheet).read_text(encoding="utf-8"), sheet
    card = (ROOT / "extension/content/card.js").read_text(encoding="utf-8")
    found = re.findall(rf"\.{state} \.headline {{ color: (#[0-9a-f]{{6}}); }}", card)
    edges = re.findall(rf"\.{state} section {{ border-inline-start-color: (#[0-9a-f]{{6}}); }}", card)
    assert tuple(found) == tuple(edges) == shades(token)
    light = shades(token)[0]
    assert f'"{light}"' in (ROOT / "extension/background.js").read_text(encoding="utf-8"), "the badge"
    red, green, blue = (int(light[place : place + 2], 16) for place in (1, 3, 5))
    marks = (ROOT / "extension/content/marks.css").read_text(encoding="utf-8")
    rule = rf"gegencheck-{state}\) {{ background-color: rgb\((\d+) (\d+) (\d+) /"
    mark = re.search(rule, marks)
    assert mark is not None
    if state != "conflicting_evidence":  # yellow is so dark on paper that a tint of it looks brown
        assert tuple(map(int, mark.groups())) == (red, green, blue)


def test_no_two_states_share_a_colour() -> None:
    for shade in (0, 1):
        assert len({shades(token)[shade] for token in STATES.values()}) == len(STATES)
