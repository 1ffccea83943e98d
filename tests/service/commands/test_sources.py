"""`gegencheck sources` as a person and a pipe use it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from sites import Says, open_sites

Run = Callable[..., Result]
FEED = "https://check.example/feed"


def test_a_source_is_added_changed_paused_resumed_and_removed(run: Run) -> None:
    added = run("sources", "add", FEED, "--name", "Checks", "--every-hours", "12", "--allow", "check.example", "--json")
    (made,) = json.loads(added.stdout)
    assert (made["kind"], made["address"], made["name"], made["every_hours"]) == ("feed", FEED, "Checks", 12)
    assert (made["health"], made["runs"], made["allowlist"]) == ("new", [], ["check.example"])
    again = run("sources", "add", FEED)
    assert (again.exit_code, made["id"] in again.stderr) == (1, True)
    assert (
        json.loads(run("sources", "change", made["id"], "--path", "/facts/", "--json").stdout)[0]["path"] == "/facts/"
    )
    assert run("sources", "pause", made["id"]).exit_code == 0
    listed = run("sources", "list").stdout
    assert f"{made['id']}  Checks  paused" in listed
    assert run("sources", "resume", made["id"]).exit_code == 0
    assert run("sources", "remove", made["id"]).exit_code == 0
    assert run("sources", "list").stdout == "There are no sources yet.\n"
    assert run("sources", "remove", made["id"]).exit_code == 1


def test_the_sources_of_a_preset_are_added_at_once_and_only_once(run: Run) -> None:
    shown = json.loads(run("sources", "list", "--presets", "--json").stdout)
    assert {name: len(sources) for name, sources in shown.items()} == {"german": 4, "english": 5, "datacommons": 1}
    assert (
        "CORRECTIV.Faktencheck · about 2,950 articles, at most 500 in a run; the first run takes about 33 minutes"
        in run("sources", "list", "--presets").stdout
    )
    added = json.loads(run("sources", "add", "--preset", "german", "--json").stdout)
    assert [source["name"] for source in added] == [source["name"] for source in shown["german"]]
    again = run("sources", "add", "--preset", "german", "--json")
    assert (json.loads(again.stdout), again.stderr.count("is there already")) == ([], 4)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (FEED, "--preset", "german"),
        ("--preset", "klingon"),
        (FEED, "--every-hours", "0"),
        (FEED, "--kind", "gopher"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("sources", "add", *arguments).exit_code == 2


@pytest.mark.parametrize("address", ["http://127.0.0.1/feed", "ftp://check.example/feed", "http://localhost/feed"])
def test_addresses_that_are_not_fetched_are_refused(run: Run, address: str) -> None:
    refused = run("sources", "add", address)
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_a_key_is_read_from_a_file_and_never_shown(run: Run) -> None:
    google = ("sources", "add", "--kind", "google", "--site", "dpa.example")
    assert run(*google).exit_code == 1
    made = run(*google, "--key-file", "-", "--json", stdin="AIza-secret\n")
    assert json.loads(made.stdout)[0]["has_key"] is True
    for shown in (made, run("sources", "list"), run("sources", "list", "--json")):
        assert "AIza-secret" not in shown.stdout + shown.stderr


@pytest.mark.loopback
def test_a_source_is_read_now_and_its_run_is_shown(run: Run) -> None:
    with open_sites() as web:
        here = f"127.0.0.1:{web.port}"
        open_host = {"GEGENCHECK_FETCH_HOSTS": here, "GEGENCHECK_SOURCE_PAUSE_SECONDS": "0"}
        link = f"http://{here}/moon"
        markup = {
            "@type": "ClaimReview",
            "url": link,
            "claimReviewed": "The moon is hollow.",
            "reviewRating": {"alternateName": "False"},
        }
        web["127.0.0.1/moon"] = f'<script type="application/ld+json">{json.dumps(markup)}</script>'
        web["127.0.0.1/feed"] = f"<rss version='2.0'><channel><item><link>{link}</link></item></channel></rss>"
        made = json.loads(run("sources", "add", f"http://{here}/feed", "--json", **open_host).stdout)[0]
        read = run("sources", "refresh", **open_host)
        assert (read.exit_code, "works" in read.stdout) == (0, True), read.stderr
        assert "1 added, 0 changed; 1 articles read, 0 could not be read" in read.stdout
        assert "The moon is hollow." in run("statements", "list", "--query", "moon hollow").stdout
        web["127.0.0.1/feed"] = Says(b"", 500)
        failed = run("sources", "refresh", made["id"], "--json", **open_host)
        assert (failed.exit_code, json.loads(failed.stdout)[0]["problem"]["code"]) == (1, "page-unavailable")
