"""Import jobs: from a spooled body or a feed's address into the store and the index."""

from __future__ import annotations

import json

import pytest

from service.models import CheckState

MOON = {"claimReviewed": "The moon is hollow.", "url": "https://checks.example/moon"}


@pytest.fixture
def run(house):
    """Imports a body, or a URL, and gives the import as it ended."""

    def submit(body: bytes = b"", content_type: str = "application/json", url: str | None = None):
        made = house.application.imports.submit("ann", body, content_type, url)
        assert house.work() == 1
        return house.application.imports.get(made.id, "ann")

    return submit


def test_reviews_are_stored_and_found(house, run, lemons) -> None:
    lines = [json.dumps(lemons), json.dumps({**lemons, **MOON}), json.dumps({"@type": "ClaimReview"}), "nonsense"]
    done = run("\n".join(lines).encode(), "application/x-ndjson")
    assert done.state is CheckState.FINISHED
    assert (done.report.added, done.report.unchanged, done.rejected_count) == (1, 1, 2)
    assert [note.line for note in done.report.rejected] == [3, 4]
    assert done.searchable
    (match, *_) = house.application.index.current().search(["The moon is hollow."], 1)[0]
    assert match.statement.url == MOON["url"]


def test_a_feed_is_fetched_from_its_address(house, run, lemons) -> None:
    house.fetcher.feeds["https://feeds.example/all"] = json.dumps([{**lemons, **MOON}]).encode()
    assert run(url="https://feeds.example/all").report.added == 1


def test_a_feed_that_does_not_answer_is_a_problem(run) -> None:
    done = run(url="https://feeds.example/none")
    assert (done.state, done.problem_code) == (CheckState.FAILED, "page-unavailable")
    assert "does not answer" in done.problem_detail


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/ld+json"),
        (b'{"name": "no review"}', "application/json"),
        (b"a,b\n1,2", "text/csv"),
        (b"\xff\xfe\x00", "application/ld+json"),
        (b"[" * 100_000, "application/ld+json"),
    ],
)
def test_what_cannot_be_read_is_a_problem(run, body: bytes, content_type: str) -> None:
    done = run(body, content_type)
    assert (done.state, done.problem_code) == (CheckState.FAILED, "import-rejected")
    assert done.problem_detail


def test_lone_surrogates_and_nuls_in_reviews_harm_nothing(house, run, lemons) -> None:
    odd = json.dumps({**lemons, "claimReviewed": "The moon \ud800is\u0000 hollow.", "url": MOON["url"]})
    done = run(odd.encode(), "application/ld+json")
    assert done.state is CheckState.FINISHED
    assert house.client.get("/v1/statements").status_code == 200


def test_a_lost_body_is_a_problem(house, run) -> None:
    made = house.application.imports.submit("ann", b"{}", "application/json")
    house.application.imports.blobs.delete(f"imports/{made.id}.body")
    house.work()
    assert house.application.imports.get(made.id, "ann").problem_code == "store-unavailable"


def test_any_machine_that_shares_the_database_does_it(house, open_other, tmp_path_factory, lemons) -> None:
    """They share no disk: the body comes with the database, and each brings its own index up to date."""
    if house.application.statements.engine.dialect.name == "sqlite":
        pytest.skip("an SQLite file is one machine's own")
    other = open_other(data_dir=tmp_path_factory.mktemp("elsewhere"))
    made = house.application.imports.submit("ann", json.dumps([{**lemons, **MOON}]).encode(), "application/json")
    assert other.work() == 1
    assert house.application.imports.get(made.id, "ann").report.added == 1
    for each in (house, other):
        each.application.index.update()
        (match, *_) = each.application.index.current().search(["The moon is hollow."], 1)[0]
        assert match.statement.url == MOON["url"]
    keys = [
        json.loads(each.application.page_filter.current().partition(b"\n")[0])["public_key"] for each in (house, other)
    ]
    assert keys[0] == keys[1]


PAGE = "https://checks.example/moon"


def page(review: dict, charset: str = "utf-8", end: str = ";") -> bytes:
    data = json.dumps({**review, "claimReviewed": "Der Mond ist größer.", "url": "/moon#1"}, ensure_ascii=False)
    head = f'<meta charset="{charset}"><script type="application/ld+json">{data}{end}</script>'
    return f"<!doctype html><html><head>{head}</head><body>x</body></html>".encode(charset)


def test_a_page_is_imported_from_its_address_whatever_its_charset(house, run, lemons) -> None:
    house.fetcher.feeds[PAGE] = page(lemons, "iso-8859-1")
    done = run(url=PAGE)
    assert (done.report.added, done.warnings_count) == (1, 0)
    (found,) = house.application.statements.select(query="Mond").statements
    assert (found.claim_reviewed, found.url) == ("Der Mond ist größer.", f"{PAGE}#1")


def test_a_page_without_markup_or_with_markup_that_cannot_be_read_says_so(house, run, lemons) -> None:
    done = run(b"<!doctype html><p>Nothing here.</p>", "text/html")
    assert [note.reason for note in done.report.warnings] == ["there is no ClaimReview markup on this page"]
    done = run(page(lemons, end='"x'), "text/html")
    assert done.report.added == 0
    assert done.report.rejected[0].reason.startswith("the page's ClaimReview markup is not JSON")


def test_the_charset_of_the_header_counts(house, run, lemons) -> None:
    rows = "claim,url,rating\nDer Mond ist größer.,https://checks.example/2,Falsch\n".encode("iso-8859-2")
    done = run(rows, "text/csv; charset=iso-8859-2")
    assert (done.report.added, done.warnings_count) == (1, 0)


def test_a_large_file_in_another_charset_is_read_and_said(house, run, lemons) -> None:
    many = [
        {
            **lemons,
            "claimReviewed": f"Der Mond Nummer {n} ist größer." + " Wirklich." * 50,
            "url": f"https://checks.example/{n % 3}",
        }
        for n in range(3)
    ]
    content = json.dumps(many, ensure_ascii=False).encode("cp1252") + b" " * 1_000_000
    done = run(content)
    assert done.report.added == 3
    assert [note.reason[:40] for note in done.report.warnings] == ["this is not UTF-8 and was read as Window"]


def test_what_is_no_page_at_all_is_a_problem(run) -> None:
    done = run(b"\x00\x01\x02" * 100, "text/html")
    assert (done.state, done.problem_code) == (CheckState.FAILED, "import-rejected")
