"""/v1/statements/import: every dress of ClaimReview, by Content-Type, and from a URL."""

from __future__ import annotations

import json

import pytest

GUARD = {"X-Requested-With": "test"}


@pytest.fixture
def send(house):
    """Sends an import, works it off, and gives what became of it."""

    def post(data: bytes | str, content_type: str, **headers: str):
        reply = house.writer.post(
            "/v1/statements/import", data=data, content_type=content_type, headers={**GUARD, **headers}
        )
        assert reply.status_code == 202, reply.text
        assert reply.headers["Location"] == f"/v1/imports/{reply.json['id']}"
        assert reply.json["state"] == "queued"
        house.work()
        return house.client.get(reply.headers["Location"]).json

    return post


def test_every_type_is_read(send, lemons) -> None:
    def moon(number: int) -> dict:
        return {**lemons, "url": f"https://checks.example/{number}"}

    feed = {"@type": "DataFeed", "dataFeedElement": [None, {"item": [moon(3)]}]}
    page = f'<html><script type="application/ld+json">{json.dumps(moon(4))}</script></html>'
    csv = "claim_reviewed,url,rating\nThe moon is hollow.,https://checks.example/5,False\n"
    for content, content_type in (
        (json.dumps(moon(1)), "application/ld+json"),
        (json.dumps(moon(2)) + "\n", "application/x-ndjson"),
        (json.dumps(feed), "application/json"),
        (page, "text/html; charset=utf-8"),
        (csv, "text/csv"),
    ):
        done = send(content, content_type)
        assert (done["state"], done["added"], done["searchable"], done["problem"]) == ("finished", 1, True, None), done


@pytest.mark.parametrize("charset", ["windows-1252", "IBM850", "macintosh", "iso-8859-1", "utf-16"])
def test_a_file_is_read_in_the_charset_that_its_type_names(house, send, charset: str) -> None:
    csv = f"claim_reviewed,url,rating\nDer Mond ist größer ({charset}).,https://checks.example/{charset},Falsch\n"
    done = send(csv.encode(charset), f"text/csv; charset={charset}")
    assert (done["state"], done["added"], done["warnings"]) == ("finished", 1, [])
    (found,) = house.client.get(f"/v1/statements?query={charset}").json["statements"]
    assert found["claim_reviewed"] == f"Der Mond ist größer ({charset})."


def test_the_report_names_what_was_not_taken(send, lemons) -> None:
    lines = [json.dumps(lemons), json.dumps({**lemons, "url": ""}), "{"]
    done = send("\n".join(lines), "application/x-ndjson")
    assert (done["unchanged"], done["rejected_count"]) == (1, 2)
    assert done["rejected"][0] == {"line": 2, "reason": "url is missing or not an http(s) address"}
    assert done["rejected"][1]["line"] == 3


def test_a_url_is_fetched_by_the_worker(house, send, lemons) -> None:
    house.fetcher.feeds["https://feeds.example/all"] = json.dumps(
        [{**lemons, "claimReviewed": "Another one."}]
    ).encode()
    done = send(json.dumps({"url": "https://feeds.example/all"}), "application/json")
    assert (done["added"], done["url"]) == (1, "https://feeds.example/all")
    failed = send(json.dumps({"url": "https://feeds.example/none"}), "application/json")
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "page-unavailable")


def test_what_is_not_claimreview_fails_with_a_problem(send) -> None:
    done = send(b"{}{}{}", "application/ld+json")
    assert (done["state"], done["problem"]["code"]) == ("failed", "import-rejected")
    assert done["problem"]["title"] == "The input cannot be read as ClaimReview"


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"", "application/ld+json", 400),
        (b" \n", "text/csv", 400),
        (b'{"url": 7}', "application/json", 400),
        (b'{"url": "ftp://feeds.example"}', "application/json", 400),
        (b'{"url": "http://127.0.0.1/feed"}', "application/json", 400),
        (b"{", "application/json", 400),
        (b"x", "application/pdf", 415),
        (b"x", "text/plain", 415),
        (b"\xef\xbb\xbf 5", "application/json", 400),
        (b"false", "application/ld+json", 400),
    ],
)
def test_what_cannot_be_accepted_is_refused(house, data: bytes, content_type: str, status: int) -> None:
    reply = house.writer.post("/v1/statements/import", data=data, content_type=content_type, headers=GUARD)
    assert (reply.status_code, reply.mimetype) == (status, "application/problem+json")
    assert house.application.jobs.count() == 0


def test_one_idempotency_key_makes_one_import(house, settings, lemons) -> None:
    def ask(content: str):
        headers = {"Idempotency-Key": "k"}
        return house.writer.post(
            "/v1/statements/import", data=content, content_type="application/json", headers=headers
        )

    first, again = ask(json.dumps(lemons)), ask(json.dumps(lemons))
    assert first.json["id"] == again.json["id"]
    assert house.application.jobs.count() == 1
    assert len(list((settings.data_dir / "imports").iterdir())) == 1
    assert ask("[]").status_code == 422


def test_a_full_spool_is_a_clear_problem(house, settings) -> None:
    (settings.data_dir / "imports").write_text("a file where the folder should be")
    reply = house.writer.post("/v1/statements/import", json=[])
    assert (reply.status_code, reply.json["code"]) == (503, "store-unavailable")
    assert "make room" in reply.json["detail"]
    assert house.application.jobs.count() == 0


def test_unknown_imports_are_not_found(house) -> None:
    assert house.client.get("/v1/imports/none").status_code == 404


def test_one_import_too_many_is_refused(open_other, lemons) -> None:
    house = open_other(max_waiting_per_key=1)
    assert house.writer.post("/v1/statements/import", json=lemons).status_code == 202
    reply = house.writer.post("/v1/statements/import", json=[lemons])
    assert (reply.status_code, reply.json["code"]) == (429, "too-many-requests")
    assert int(reply.headers["Retry-After"]) >= 1
