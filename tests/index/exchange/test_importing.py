"""Files, feeds and pages into the store: every form, every kind of dirt, and a process killed in the middle."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from index.errors import ImportRejected
from index.exchange.importing import MAX_LINE, import_reviews, sniff_content_type
from index.exchange.reports import MAX_NOTES, ImportReport
from index.store.statements import StatementStore

NDJSON = "application/x-ndjson"
JSON = "application/ld+json"


def review(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "claimReviewed": f"Bridge number {number} is made of cheese.",
        "url": f"https://checks.example/{number}",
        "inLanguage": "en",
        "reviewRating": {"alternateName": "False"},
        **changes,
    }


def lines(*rows: Any) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, len(report.rejected)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (json.dumps(review(1)), JSON),
        (json.dumps([review(1), None, 5, "x"]), JSON),
        (json.dumps({"@graph": [{"@type": "WebPage"}, review(1)]}), JSON),
        (json.dumps({"@type": "DataFeed", "dataFeedElement": [None, {"item": [review(1), None]}]}), "application/json"),
        (json.dumps(review(1)) + "\n\n", NDJSON),
        ("\ufeff" + json.dumps(review(1)), JSON),
        ("claim_reviewed,url,rating,language\nBridge number 1 is made of cheese.,https://checks.example/1,False,en\n",
         "text/csv"),
        ("claimReviewed;url;alternateName\nBridge number 1 is made of cheese.;https://checks.example/1;False\n",
         "text/csv; charset=utf-8"),
        (f"<html><script type='application/ld+json'>broken {{</script>"
         f'<script type="application/ld+json"><!-- {json.dumps(review(1))} --></script></html>', "text/html"),
        (f'<script type="application/ld+json">\n//<![CDATA[\n{json.dumps([review(1)])}\n//]]>\n</script>', "text/html"),
    ],
)  # fmt: skip
def test_every_form_is_read(store: StatementStore, content: str, content_type: str) -> None:
    assert counts(import_reviews(store, content.encode(), content_type)) == (1, 0, 0, 0)
    assert counts(import_reviews(store, content.encode(), content_type)) == (0, 0, 1, 0)
    (statement,) = store.select().statements
    assert statement.claim_reviewed == "Bridge number 1 is made of cheese."
    assert statement.language == "en"


def test_utf_16_is_read(store: StatementStore) -> None:
    assert counts(import_reviews(store, json.dumps(review(1)).encode("utf-16"), JSON)) == (1, 0, 0, 0)


def test_bad_lines_are_named_with_their_reason_and_the_rest_goes_in(store: StatementStore) -> None:
    content = lines(
        review(1), "{not json", review(2, url="nowhere"), "[1, 2]", "null", '"text"', "[" * 100_000, review(3, claimReviewed=""),
        review(4, datePublished="soon", reviewRating={"alternateName": "False", "ratingValue": "much"}),
        json.dumps(review(5)).replace("cheese", "\\ud800cheese\\u0000"),
    )  # fmt: skip
    report = import_reviews(store, content, NDJSON)
    assert counts(report) == (3, 0, 0, 7)
    assert [note.line for note in report.rejected] == [2, 3, 4, 5, 6, 7, 8]
    assert {note.line: note.reason for note in report.rejected}[3] == "url is missing or not an http(s) address"
    assert [(note.line, note.reason) for note in report.warnings] == [
        (9, "ratingValue is not a number"), (9, "datePublished is not a date"),
        (10, "claimReviewed contains a character that was damaged earlier (\ufffd)"),
    ]  # fmt: skip
    assert {s.claim_reviewed for s in store.select().statements} >= {"Bridge number 5 is made of \ufffdcheese."}


WRONG = [7, -1.5, True, [], {}, [[]], {"a": {"b": []}}, "", "x" * 100_000, "\x00", [None], {"name": None}]


@pytest.mark.parametrize(
    "field",
    ["claimReviewed", "url", "reviewRating", "author", "itemReviewed", "datePublished", "inLanguage", "headline",
     "reviewBody", "identifier", "sdLicense", "@type", "publisher", "name"],
)  # fmt: skip
def test_a_wrong_type_in_any_field_never_raises(store: StatementStore, field: str) -> None:
    content = lines(*(review(n, **{field: value}) for n, value in enumerate(WRONG)))
    report = import_reviews(store, content, NDJSON)
    assert report.total == len(WRONG)
    assert store.count() == report.added


@pytest.mark.parametrize(
    ("content", "content_type", "message"),
    [
        (b"{", JSON, "not JSON"),
        (b"[" * 200_000, JSON, "nested too deeply"),
        (b'{"@type": "WebPage"}', JSON, "no ClaimReview"),
        (b"a,b\n1,2\n", "text/csv", "names its columns"),
        (b"", "image/png", "image/png"),
        (b"\x00\xff\x00", JSON, "not JSON"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_by_name(
    store: StatementStore, content: bytes, content_type: str, message: str
) -> None:
    with pytest.raises(ImportRejected, match=message):
        import_reviews(store, content, content_type)
    assert store.count() == 0


def test_huge_numbers_and_repeated_keys_do_no_harm(store: StatementStore) -> None:
    row = (
        json.dumps(review(1))[:-1] + ', "reviewRating": {"alternateName": "False", "ratingValue": ' + "9" * 5000 + "}}"
    )
    report = import_reviews(store, row.encode(), NDJSON)
    assert counts(report) == (1, 0, 0, 0)
    assert store.select().statements[0].rating.rating_value is None


@pytest.mark.parametrize(
    ("content", "content_type", "said"),
    [
        (b'{"@type": "DataFeed", "dataFeedElement": []}', JSON, "there is nothing in it"), (b"[]", JSON, "there is nothing in it"),
        (b'{"claims": []}', JSON, "there is nothing in it"), (b"", NDJSON, "there is nothing in it"), (b"\n\n", NDJSON, "there is nothing in it"),
        (b"claim,url,rating\n", "text/csv", "there is nothing in it"), (b"", "text/html", "there is no ClaimReview markup on this page"),
        (b"<html><p>no markup</p></html>", "text/html", "there is no ClaimReview markup on this page"),
        (b"<html><p>about ClaimReview</p></html>", "text/html", "there is no ClaimReview markup on this page"),
    ],
)  # fmt: skip
def test_what_adds_nothing_says_why(store: StatementStore, content: bytes, content_type: str, said: str) -> None:
    report = import_reviews(store, content, content_type)
    assert report.total == 0
    ((line, reason),) = [(note.line, note.reason) for note in report.warnings]
    assert line is None
    assert reason.startswith(said)


@pytest.mark.parametrize("head", ["claim,url,rating,colour", "claim;url;rating;größe", "sep=;\nclaim;url;rating;x"])
def test_a_table_of_nothing_but_columns_says_that_there_is_nothing_in_it(store: StatementStore, head: str) -> None:
    empty = 3 * (";" if ";" in head else ",")
    for content in (f"{head}\n".encode("cp1252"), f"{head}\r\n\r\n{empty}\r\n".encode()):
        report = import_reviews(store, content, "text/csv")
        assert report.total == 0
        assert report.warnings[-1].reason == "there is nothing in it: no review was read"
        assert any("is unknown" in note.reason for note in report.warnings)


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "utf-16", "utf-16-le", "utf-8-sig"])
def test_lines_in_any_charset_keep_their_umlauts_and_numbers(store: StatementStore, codec: str) -> None:
    rows = [json.dumps(review(n, claimReviewed=f"Die Brücke {n} ist größer."), ensure_ascii=False) for n in range(3)]
    report = import_reviews(store, "\n".join([*rows, "{"]).encode(codec), NDJSON)
    assert counts(report) == (3, 0, 0, 1)
    assert report.rejected[0].line == 4
    assert {s.claim_reviewed for s in store.select().statements} == {f"Die Brücke {n} ist größer." for n in range(3)}
    assert len(report.warnings) == (codec in ("cp1252", "mac_roman"))


def test_a_line_in_another_charset_than_the_file_is_read_right_and_named(store: StatementStore) -> None:
    rows = [
        json.dumps(review(n, claimReviewed=f"Die große Brücke {n} ist für Müll gesperrt."), ensure_ascii=False)
        for n in range(4)
    ]
    content = b"\n".join(row.encode("cp1252" if n == 2 else "utf-8") for n, row in enumerate(rows))
    report = import_reviews(store, content, NDJSON)
    assert len({s.claim_reviewed for s in store.select().statements if "große Brücke" in s.claim_reviewed}) == 4
    assert [(note.line, "Windows-1252" in note.reason) for note in report.warnings] == [(3, True)]


def test_a_damaged_letter_is_stored_and_said_with_its_line(store: StatementStore) -> None:
    rows = [
        json.dumps(review(n, claimReviewed=f"Die große Brücke {n} ist für Müll gesperrt."), ensure_ascii=False).encode()
        for n in range(3)
    ]
    rows[1] = rows[1].replace("für".encode(), b"f\xfcr")
    report = import_reviews(store, b"\n".join(rows), NDJSON)
    assert report.added == 3
    assert [(note.line, note.reason[:34]) for note in report.warnings] == [(2, "claimReviewed contains a character")]


def test_dirty_json_in_files_is_read_and_repairs_are_said(store: StatementStore) -> None:
    clean = json.dumps(review(1))
    assert counts(import_reviews(store, f"/* a */ {clean[:-1]},}};".encode(), JSON)) == (1, 0, 0, 0)
    broken = clean.replace("cheese", '"cheese"').encode()
    for content_type, line in ((JSON, None), (NDJSON, 1)):
        report = import_reviews(store, broken, content_type)
        assert [(note.line, "repaired" in note.reason) for note in report.warnings] == [(line, True)]
        assert (report.added + report.unchanged, report.rejected) == (1, ())


def test_one_page_of_a_claim_search_says_that_there_are_more(store: StatementStore) -> None:
    found = {
        "text": "The bridge is closed.",
        "claimReview": [{"url": "https://checks.example/1", "textualRating": "False"}],
    }
    report = import_reviews(store, json.dumps({"claims": [found], "nextPageToken": "x"}).encode(), JSON)
    assert report.added == 1
    assert [note.reason for note in report.warnings] == ["this is one page of a longer reply: fetch the others too"]


def test_a_page_without_its_own_url_takes_the_address_it_came_from(store: StatementStore) -> None:
    page = f'<script type="application/ld+json">{json.dumps(review(1, url=None))}</script>'.encode()
    assert counts(import_reviews(store, page, "text/html", "https://checks.example/page")) == (1, 0, 0, 0)
    assert store.select().statements[0].url == "https://checks.example/page"


def test_progress_is_told_batch_by_batch(store: StatementStore) -> None:
    heard: list[tuple[int, int | None]] = []
    content = lines(*(review(n) for n in range(1100))) + b"\n"
    import_reviews(store, content, NDJSON, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(500, 1100), (1000, 1100), (1100, 1100)]


def test_the_language_is_detected_where_the_review_does_not_say_it(store: StatementStore) -> None:
    german = review(1, inLanguage=None, claimReviewed="Die Brücke über den Rhein besteht vollständig aus Käse.")
    import_reviews(store, json.dumps(german).encode(), JSON)
    assert store.select().statements[0].language == "de"


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("feed.json", b'{"a": 1}', JSON), ("feed", b"[1]", JSON), ("a.ndjson", b"{}", NDJSON), ("a.jsonl", b"", NDJSON),
        ("tmpabc", b'{"a": 1}\n{"b": 2}\n', NDJSON), ("x.html", b"", "text/html"), ("x", b" <!doctype html>", "text/html"),
        ("x.csv", b"", "text/csv"), ("pretty.json", b'{\n "a": 1\n}', JSON),
    ],
)  # fmt: skip
def test_the_type_of_a_file_is_seen_from_name_and_beginning(name: str, head: bytes, expected: str) -> None:
    assert sniff_content_type(name, head) == expected


IMPORTER = """
import sys
from pathlib import Path
from index.exchange.importing import import_reviews
from index.store.statements import StatementStore
store = StatementStore.open(sys.argv[1])
print("begun", flush=True)
import_reviews(store, Path(sys.argv[2]).read_bytes(), "application/x-ndjson")
"""


def test_killed_at_any_moment_an_import_leaves_whole_batches_and_can_be_completed(
    tmp_path: Path, database_url: str
) -> None:
    total, batch = 3000, 500
    feed = tmp_path / "feed.ndjson"
    feed.write_bytes(lines(*(review(n) for n in range(total))))
    StatementStore.open(database_url).close()
    draw, seen = random.Random(5), set()
    for _ in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", IMPORTER, database_url, str(feed)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(draw.uniform(0, 0.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        store = StatementStore.open(database_url)
        count = store.count()
        assert count % batch == 0
        assert [change.sequence for change in store.changes_since(0, 10_000)] == sorted(
            n // batch + 1 for n in range(count)
        )
        seen.add(count)
        store.close()
    store = StatementStore.open(database_url)
    import_reviews(store, feed.read_bytes(), NDJSON)
    assert store.count() == total
    assert len(store.changes_since(0, 10_000)) == total
    store.close()
    assert seen, "no child was killed"


def test_of_very_many_rejections_the_first_are_named_and_all_are_counted(store) -> None:
    report = import_reviews(store, b"x\n" * (MAX_NOTES + 7) + lines(review(1)), NDJSON)
    assert (report.added, report.total) == (1, MAX_NOTES + 8)
    assert (len(report.rejected), report.further_rejected, report.rejected_count) == (MAX_NOTES, 7, MAX_NOTES + 7)
    assert report.rejected[-1].line == MAX_NOTES


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
@pytest.mark.parametrize("break_", ["\n", ""])
def test_a_line_that_is_too_long_is_left_out_and_the_next_one_read(store, codec: str, break_: str) -> None:
    """Read as JSON, sixty megabytes of brackets on one line would take gigabytes."""
    long = "[" + "[]," * MAX_LINE + "[]]"
    rows = [json.dumps(review(1)), long, "", json.dumps(review(2)), long]
    report = import_reviews(store, ("\n".join(rows) + break_).encode(codec), NDJSON)
    assert (report.added, [note.line for note in report.rejected]) == (2, [2, 5])
    assert "longer than 1 MB" in report.rejected[0].reason
