"""JSON as it is found in pages and files."""

from __future__ import annotations

import json

import pytest

from index.exchange.dirty_json import MAX_REPAIRED, read_json

REVIEW = {
    "@type": "ClaimReview",
    "url": "https://a.example/1//2",
    "claimReviewed": "Er sagte /* nichts */, // gar nichts; so.",
}
CLEAN = json.dumps(REVIEW, ensure_ascii=False)
ESCAPED = CLEAN.replace('"', "&quot;")


@pytest.mark.parametrize(
    "dirty",
    [
        CLEAN, f"{CLEAN};", f"{CLEAN} ; \n;", f"\ufeff{CLEAN}", f"{CLEAN[:-1]},}}", f"{CLEAN[:-1]} , \n }}", f"/* plugin */ {CLEAN}",
        f"// plugin\n{CLEAN}", f"{CLEAN}\n// end", f"{CLEAN[:-1]}/* a */}}", f"{CLEAN[:-1]}, /* a */ }}", f"<![CDATA[{CLEAN}]]>",
        f"//<![CDATA[\n{CLEAN}\n//]]>", f"/*<![CDATA[*/ {CLEAN} /*]]>*/", f"<!-- {CLEAN} -->", f"<!--\n{CLEAN};\n//-->",
        f"<!-- by a plugin -->\n{CLEAN}", ESCAPED, f"{ESCAPED};", ESCAPED.replace("&quot;", "&#34;"), ESCAPED.replace("&quot;", "&#x22;"),
        f"{ESCAPED[:-1]},}}", CLEAN.replace("/", "\\/"), f"window.data = {CLEAN};", f"var review={CLEAN}", f"a.b$c_1 = {CLEAN};;",
        f"{CLEAN}\n<!-- end -->;", f"{CLEAN} <!-- a --> <!-- b -->", json.dumps(CLEAN), json.dumps(CLEAN, ensure_ascii=False) + ";",
        CLEAN.replace(", ", ",\u00a0", 1), CLEAN.replace(": ", ":\u2028", 1), CLEAN.replace("so.", "s\\x6f."),
    ],
)  # fmt: skip
def test_what_stands_around_json_changes_nothing(dirty: str) -> None:
    assert read_json(dirty) == (REVIEW, False)


def test_escapes_of_javascript_are_read_and_a_backslash_stays() -> None:
    assert read_json(r"""{"a": "l\'eau \x26 \\'x\\x26", "b": "\/";}""".replace(";", "") + ";") == (
        {"a": r"l'eau & \'x\x26", "b": "/"}, False
    )  # fmt: skip


def test_text_in_json_is_no_json_unless_it_holds_a_review() -> None:
    assert read_json('"{}"') == ("{}", False)
    with pytest.raises(ValueError, match="line 1"):
        read_json('"no ClaimReview"')


def test_an_array_keeps_its_brackets() -> None:
    assert read_json(f"[[{CLEAN}]\n];\n]]>") == ([[REVIEW]], False)
    assert read_json(f"[{CLEAN},]]]>") == ([REVIEW], False)


@pytest.mark.parametrize("between", ["", "\n", ",", ";\n", " ,\n", "/* next */", "\n// next\n"])
def test_of_several_reviews_in_one_script_none_is_lost(between: str) -> None:
    assert read_json(f"{CLEAN}{between}{CLEAN[:-1]},}}") == ([REVIEW, REVIEW], False)
    assert read_json(f"<!--\n[{CLEAN}]{between}{CLEAN};\n-->") == ([[REVIEW], REVIEW], False)


def test_a_comma_behind_a_review_changes_nothing() -> None:
    assert read_json(f"{CLEAN},\n") == (REVIEW, False)


def test_control_characters_in_texts_are_no_fault() -> None:
    assert read_json('{"a": "one\ntwo\tthree"};') == ({"a": "one\ntwo\tthree"}, False)


@pytest.mark.parametrize(
    ("dirty", "claim"),
    [
        ('{"@type": "ClaimReview", "claimReviewed": "Die "neue" Brücke ist zu."}', 'Die "neue" Brücke ist zu.'),
        ('{"@type": "ClaimReview", "claimReviewed": "Die "alte", die "neue""};', 'Die "alte", die "neue"'),
        ("{'@type': 'ClaimReview', 'claimReviewed': 'Don\\'t go'}", "Don't go"),
        ('{@type: "ClaimReview", claimReviewed: "Die Brücke ist zu."}', "Die Brücke ist zu."),
        ('{"@type": "ClaimReview" "claimReviewed": "Die Brücke ist zu."}', "Die Brücke ist zu."),
    ],
)  # fmt: skip
def test_what_has_to_be_guessed_is_repaired_and_said(dirty: str, claim: str) -> None:
    value, was_repaired = read_json(dirty)
    assert value["claimReviewed"] == claim
    assert was_repaired


@pytest.mark.parametrize(
    "broken",
    ['{"@type": "ClaimReview", "claimReviewed": "Die Brü', '"ClaimReview', "{not json}", "{}{}", "", ";", "<!-- -->", "[1, 2",
     '{"@type": "ClaimReview" "a": "' + "x" * MAX_REPAIRED + '"}', "[" * 100_000, "ClaimReview {}"],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_what_is_cut_off_too_long_or_no_review_is_not_guessed(broken: str) -> None:
    with pytest.raises(ValueError, match=r"line 1|nested too deeply"):
        read_json(broken)
