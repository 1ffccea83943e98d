"""Feeds and sitemaps whose articles carry ClaimReview: read politely, once, whatever goes wrong on the way."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest
from sites import Request, Says

from service.sources import Health, RunState
from service.store import source_documents
from service.work.sources import listed
from service.work.sources.visit import TO_COME

pytestmark = [pytest.mark.loopback, pytest.mark.sqlite]  # the stores are tested on PostgreSQL too

MONDAY, TUESDAY = "Mon, 05 Jan 2026 10:00:00 GMT", "Tue, 06 Jan 2026 10:00:00 GMT"


def rss(*items: tuple[str, str]) -> str:
    listed = "".join(f"<item><link>{link}</link><pubDate>{date}</pubDate></item>" for link, date in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Checks</title>{listed}</channel></rss>'


def sitemap(*pages: tuple[str, str], element: str = "url", around: str = "urlset") -> str:
    listed = "".join(f"<{element}><loc>{loc}</loc><lastmod>{mark}</lastmod></{element}>" for loc, mark in pages)
    return f'<?xml version="1.0"?><{around} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</{around}>'


@pytest.fixture
def feed(desk):
    """A feed of two fact-checks; its id."""
    moon = desk.article("check.example/moon", "Der Mond ist hohl.", ETag='"moon-1"')
    sun = desk.article("check.example/sun", "Die Sonne ist ein Würfel.", ETag='"sun-1"')
    desk.web["check.example/feed"] = Says(rss((moon, MONDAY), (sun, TUESDAY)), headers={"ETag": '"feed-1"'})
    return desk.add("feed", "check.example/feed", licence="CC BY")


def test_the_articles_of_a_feed_become_statements_the_newest_first(desk, feed) -> None:
    read = desk.run(feed)
    assert desk.claims() == {"Der Mond ist hohl.", "Die Sonne ist ein Würfel."}
    assert desk.web.addresses() == ["check.example/feed", "check.example/sun", "check.example/moon"]
    run = read.runs[0]
    assert (run.state, run.tally.pages, run.tally.added, run.tally.failed_pages) == (RunState.FINISHED, 2, 2, 0)
    assert read.health(read.succeeded_at) is Health.GOOD
    assert desk.application.index.status().statements == 3
    statements = desk.application.statements.select(query="Mond").statements
    assert [statement.license for statement in statements] == ["CC BY"]


def test_what_has_not_changed_is_not_sent_again(desk, feed) -> None:
    desk.run(feed)
    desk.web.asked.clear()
    run = desk.run(feed).runs[0]
    assert [(request.address, request.headers["If-None-Match"]) for request in desk.web.asked] == [
        ("check.example/feed", '"feed-1"')
    ]
    assert (run.state, run.tally.pages, run.tally.added) == (RunState.FINISHED, 0, 0)


def test_an_article_that_its_feed_calls_changed_is_read_again(desk, feed) -> None:
    desk.run(feed)
    moon = desk.article("check.example/moon", "Der Mond ist hohl.", "Teilweise falsch", ETag='"moon-2"')
    desk.web["check.example/feed"] = rss((moon, TUESDAY), (desk.web.url("check.example/sun"), TUESDAY))
    desk.web.asked.clear()
    run = desk.run(feed).runs[0]
    assert desk.web.addresses() == ["check.example/feed", "check.example/moon"]
    assert (run.tally.updated, run.tally.added) == (1, 0)


def test_the_program_says_who_it_is_and_asks_for_the_rules_first(desk, feed) -> None:
    desk.run(feed)
    assert desk.web.asked[0].address == "check.example/robots.txt"
    assert [request.address for request in desk.web.asked].count("check.example/robots.txt") == 1
    for request in desk.web.asked:
        assert request.headers["User-Agent"].startswith("Gegencheck/")
        assert "on a schedule" in request.headers["User-Agent"]
        assert "Cookie" not in request.headers


def test_a_host_gets_one_request_at_a_time_with_uneven_pauses(desk, feed) -> None:
    desk.run(feed)
    assert desk.web.most_at_once == 1
    assert len(desk.web.slept) == len(desk.web.asked) - 1
    assert all(1.5 < pause <= 4 for pause in desk.web.slept)
    assert len(set(desk.web.slept)) > 1


def test_what_robots_txt_forbids_is_not_asked(desk, feed) -> None:
    desk.web["check.example/robots.txt"] = "User-agent: *\nDisallow: /moon\n"
    run = desk.run(feed).runs[0]
    assert "check.example/moon" not in desk.web.addresses()
    assert (run.state, run.tally.added, run.tally.failed_pages) == (RunState.FINISHED, 1, 1)
    assert run.notes == ("robots-disallow: The site's robots.txt does not let programs read this address.",)


def test_rules_for_this_program_alone_count_before_those_for_all(desk, feed) -> None:
    desk.web["check.example/robots.txt"] = "User-agent: *\nDisallow: /\n\nUser-agent: gegencheck\nCrawl-delay: 7\n"
    assert desk.run(feed).runs[0].tally.added == 2
    assert all(6 < pause <= 14 for pause in desk.web.slept[1:])


def test_a_site_whose_rules_cannot_be_had_is_not_asked_anything_else(desk, feed) -> None:
    desk.web["check.example/robots.txt"] = Says(b"broken", 500)
    run = desk.run(feed).runs[0]
    assert (run.problem_code, desk.web.addresses()) == ("page-unavailable", [])
    assert run.problem_detail.startswith("The site's robots.txt cannot be read, so nothing else is asked: ")


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_asks_to_wait_is_left_alone_for_as_long(desk, feed, status: int) -> None:
    desk.web["check.example/sun"] = Says(b"later", status, {"Retry-After": "600"})
    desk.run(feed)
    assert desk.web.addresses() == ["check.example/feed", "check.example/sun"]
    assert desk.get(feed).runs[0].state is RunState.RUNNING
    desk.house.clock.let_pass(500)
    desk.work()
    assert len(desk.web.addresses()) == 2
    desk.article("check.example/sun", "Die Sonne ist ein Würfel.")
    desk.house.clock.let_pass(120)
    desk.work()
    assert desk.web.addresses()[2:] == ["check.example/sun", "check.example/moon"]
    assert (desk.get(feed).runs[0].state, len(desk.get(feed).runs)) == (RunState.FINISHED, 1)


def test_a_source_that_breaks_keeps_what_came_from_it_and_is_told_once(desk, feed, caplog) -> None:
    desk.run(feed)
    desk.web["check.example/feed"] = Says(b"oh no", 500)
    for _ in range(3):
        source = desk.run(feed)
    assert desk.claims() == {"Der Mond ist hohl.", "Die Sonne ist ein Würfel."}
    assert (source.failures, source.problem_code, source.told) == (3, "page-unavailable", 1)
    assert source.health(source.created_at) is Health.FAILING
    assert caplog.text.count("is in trouble") == 1
    desk.house.clock.let_pass(4 * 24 * 3600)
    for _ in range(3):
        source = desk.run(feed)
    assert source.told == 2
    assert caplog.text.count("is in trouble") == 2
    assert "check.example" not in caplog.text
    desk.web["check.example/feed"] = rss()
    source = desk.run(feed)
    assert (source.failures, source.problem_code, source.told) == (0, None, 0)


def test_articles_that_fail_are_tried_in_the_next_runs_and_then_left(desk, feed) -> None:
    desk.web["check.example/moon"] = Says(b"gone", 404)
    for _ in range(6):
        desk.run(feed)
    assert desk.web.addresses().count("check.example/moon") == 4
    assert desk.get(feed).runs[0].state is RunState.FINISHED


def test_a_site_on_which_every_article_fails_is_left_alone_until_the_next_run(desk) -> None:
    links = [(desk.web.url(f"check.example/{number}"), MONDAY) for number in range(30)]
    desk.web["check.example/feed"] = rss(*links)
    source = desk.run(desk.add("feed", "check.example/feed"))
    assert len(desk.web.addresses()) == 6
    assert (source.runs[0].problem_code, source.runs[0].tally.failed_pages) == ("page-not-found", 4)


@pytest.mark.parametrize(
    ("body", "headers", "said"),
    [
        ("<!doctype html><p>Login", {"Content-Type": "application/rss+xml"}, "This is not a feed but a web page."),
        ('{"error": 1}', {"Content-Type": "application/rss+xml"}, "This is not a feed but JSON."),
        ("", {}, "This is not a feed but empty."),
        ("/etc/passwd", {}, "This is not a feed but something else."),
        ("file:///etc/passwd", {}, "This is not a feed but something else."),
    ],
)
def test_what_is_no_feed_fails_whatever_it_calls_itself(desk, feed, body, headers, said) -> None:
    desk.web["check.example/feed"] = Says(body, headers=headers)
    run = desk.run(feed).runs[0]
    assert (run.state, run.problem_code, run.problem_detail) == (RunState.FAILED, "page-unsupported", said)


def test_a_feed_that_calls_itself_a_picture_is_read(desk, feed) -> None:
    desk.web.says["check.example/feed"].headers["Content-Type"] = "image/png"
    assert desk.run(feed).runs[0].tally.added == 2


def test_a_feed_that_is_cut_off_is_read_as_far_as_it_goes_and_again_next_time(desk, feed) -> None:
    whole = desk.web.says["check.example/feed"]
    cut = whole.content[: whole.content.index(b"</item>") + 10]
    desk.web["check.example/feed"] = Says(cut, headers={"ETag": '"feed-1"'})
    run = desk.run(feed).runs[0]
    assert (run.tally.added, run.notes) == (1, ("the list is damaged or cut off: what could be read of it was",))
    desk.web["check.example/feed"] = whole
    assert desk.run(feed).runs[0].tally.added == 1


def test_a_connection_that_breaks_off_is_a_failure_and_nothing_is_taken_for_whole(desk, feed) -> None:
    desk.web["check.example/feed"] = Says(rss(), cut=20)
    assert desk.run(feed).runs[0].problem_code == "page-broken-off"


def test_a_feed_that_has_moved_on_its_site_is_followed_and_its_new_address_kept(desk, feed) -> None:
    desk.web["check.example/feeds/all"] = desk.web.says["check.example/feed"]
    desk.web["check.example/feed"] = Says(b"", 301, {"Location": "/feeds/all"})
    source = desk.run(feed)
    assert (source.plan.address, source.runs[0].tally.added) == (desk.web.url("check.example/feeds/all"), 2)
    desk.web.asked.clear()
    desk.run(feed)
    assert desk.web.addresses()[0] == "check.example/feeds/all"


def test_its_new_address_is_kept_though_nothing_else_is_new_there(desk, feed) -> None:
    desk.run(feed)
    desk.web["check.example/feeds/all"] = desk.web.says["check.example/feed"]
    desk.web["check.example/feed"] = Says(b"", 301, {"Location": "/feeds/all"})
    assert desk.run(feed).plan.address == desk.web.url("check.example/feeds/all")


def test_once_a_week_a_site_that_says_unchanged_is_not_believed(desk, feed) -> None:
    desk.run(feed)
    whole = desk.web.says["check.example/feed"]
    whole.body = rss((desk.article("check.example/stars", "Die Sterne sind Lampen."), TUESDAY))
    assert desk.run(feed).runs[0].tally.added == 0
    desk.house.clock.let_pass(7 * 24 * 3600)
    assert [desk.run(feed).runs[0].tally.added for _ in range(2)] == [1, 0]
    desk.web.asked.clear()
    desk.run(feed)
    assert [request.headers.get("If-None-Match") for request in desk.web.asked] == ['"feed-1"']


def test_what_could_never_be_read_is_tried_again_once_a_week_and_then_left(desk, feed) -> None:
    desk.web["check.example/moon"] = Says(b"oh no", 500)
    for _ in range(7):
        for _ in range(6):
            desk.run(feed)
        desk.house.clock.let_pass(7 * 24 * 3600)
    assert desk.web.addresses().count("check.example/moon") == 8


def test_a_list_with_nothing_in_it_is_noted_and_takes_nothing_away(desk, feed) -> None:
    desk.run(feed)
    desk.web["check.example/feed"] = rss()
    run = desk.run(feed).runs[0]
    assert (run.state, run.notes, len(desk.claims())) == (RunState.FINISHED, ("the list is empty",), 2)


def test_a_date_that_is_still_to_come_is_left_out(desk, feed) -> None:
    when = (desk.house.clock.read().at.date() + timedelta(days=days) for days in (0, 3))
    today, later = ({"@type": "ClaimReview", "url": desk.web.url(f"check.example/{n}"), "claimReviewed": f"Aussage {n}.",
                     "reviewRating": {"alternateName": "Falsch"}, "datePublished": day.isoformat()}
                    for n, day in enumerate(when))  # fmt: skip
    desk.web["check.example/moon"] = f'<script type="application/ld+json">{json.dumps([today, later])}</script>'
    assert TO_COME in desk.run(feed).runs[0].notes
    found = desk.application.statements.select(query="Aussage").statements
    days = {each.claim_reviewed: each.date_published for each in found}
    assert days == {"Aussage 0.": desk.house.clock.read().at.date(), "Aussage 1.": None}


def test_a_feed_that_has_moved_to_another_site_is_not_followed_without_being_told(desk, feed) -> None:
    desk.web["squatter.example/feed"] = rss((desk.article("squatter.example/a", "Kaufen Sie Öl."), MONDAY))
    desk.web["check.example/feed"] = Says(b"", 301, {"Location": desk.web.url("squatter.example/feed")})
    source = desk.run(feed)
    assert (source.problem_code, desk.claims()) == ("source-moved", set())
    assert "squatter.example" in source.problem_detail


def test_reviews_of_other_publishers_do_not_count_and_are_shown_by_host(desk) -> None:
    """Neither what a feed links to elsewhere, nor what a page says in another publisher's name."""
    away = desk.article("other.example/a", "Woanders.")
    planted = desk.web.url("check.example/planted")
    other = {
        "@type": "ClaimReview",
        "url": "https://famous.example/1",
        "claimReviewed": "Untergeschoben.",
        "reviewRating": {"alternateName": "Wahr"},
    }
    desk.web["check.example/planted"] = f'<script type="application/ld+json">{json.dumps(other)}</script>'
    desk.web["check.example/feed"] = rss((away, TUESDAY), (planted, MONDAY))
    run = desk.run(desk.add("feed", "check.example/feed")).runs[0]
    assert desk.claims() == set()
    assert (run.unvetted, run.tally.unvetted) == ({"other.example": 1, "famous.example": 1}, 2)
    assert "other.example/a" not in desk.web.addresses()


def test_sitemaps_that_lead_to_ever_more_sitemaps_end_a_run_after_so_many(desk, monkeypatch) -> None:
    monkeypatch.setattr(listed, "MAX_LISTS", 12)
    moon = desk.article("check.example/moon", "Der Mond ist hohl.")
    elsewhere = desk.web.answer

    def answer(request: Request) -> Says:
        if not request.address.startswith("check.example/maps/"):
            return elsewhere(request)
        desk.web.asked.append(request)
        further = ((desk.web.url(f"{request.address}{letter}"), "") for letter in "ab")
        return Says(sitemap(*further, element="sitemap").replace("</urlset>", f"<url><loc>{moon}</loc></url></urlset>"))

    desk.web.answer = answer
    endless = desk.add("sitemap", "check.example/maps/")
    for _ in range(2):
        desk.web.asked.clear()
        run = desk.run(endless).runs[0]
        lists = [address for address in desk.web.addresses() if "/maps/" in address]
        assert (run.state, len(lists), len(set(lists))) == (RunState.FINISHED, 12, 12)
        assert run.notes == ("12 lists were read: further ones wait for the next runs",)
    assert desk.claims() == {"Der Mond ist hohl."}, "what they list is read all the same"


def test_a_source_may_not_list_more_addresses_than_so_many(desk, monkeypatch) -> None:
    monkeypatch.setattr(source_documents, "MAX_DOCUMENTS", 11)
    pages = [(desk.web.url(f"check.example/{number}"), "") for number in range(30)]
    desk.web["check.example/map"] = sitemap(*pages)
    listing = desk.add("sitemap", "check.example/map")
    run = desk.run(listing).runs[0]
    assert desk.application.sources.documents.room(listing) == 0
    assert any("addresses: name a shorter list" in note for note in run.notes)
    assert len(set(desk.web.addresses())) <= 11


def test_publishers_are_counted_by_host_as_long_as_there_are_not_too_many(desk) -> None:
    away = [(f"https://n{number}.example/" + "a" * (number % 7), "") for number in range(3000)]
    desk.web["check.example/map"] = sitemap((f"https://{'x' * 3000}.example/", ""), *away)
    run = desk.run(desk.add("sitemap", "check.example/map")).runs[0]
    assert (run.tally.unvetted, len(run.unvetted)) == (3001, 200)
    assert run.unvetted["?"] == 1001
    assert max(map(len, run.unvetted)) <= 253


def test_an_article_that_redirects_to_another_site_is_not_taken(desk, feed) -> None:
    desk.web["check.example/sun"] = Says(b"", 302, {"Location": desk.article("other.example/sun", "Woanders.")})
    run = desk.run(feed).runs[0]
    assert (desk.claims(), run.tally.failed_pages) == ({"Der Mond ist hohl."}, 1)


def test_pages_without_markup_are_counted_and_not_read_again(desk, feed) -> None:
    desk.web["check.example/moon"] = "<html><p>News.</html>"
    run = desk.run(feed).runs[0]
    assert (run.tally.pages, run.tally.unmarked_pages, run.tally.added) == (2, 1, 1)
    desk.web.says["check.example/feed"].headers.clear()
    desk.web.asked.clear()
    desk.run(feed)
    assert desk.web.addresses() == ["check.example/feed"]


def test_a_run_reads_so_many_articles_and_the_next_one_goes_on(desk) -> None:
    links = [(desk.article(f"check.example/{n}", f"Aussage Nummer {n}."), MONDAY) for n in range(5)]
    desk.web["check.example/feed"] = Says(rss(*links), headers={"ETag": '"1"'})
    source = desk.add("feed", "check.example/feed", most_pages=2)
    run = desk.run(source).runs[0]
    assert (run.tally.added, run.notes) == (2, ("3 further articles wait for the next runs",))
    assert [desk.run(source).runs[0].tally.added for _ in range(3)] == [2, 1, 0]


def test_other_work_gets_its_turn_while_a_long_run_goes_on(desk) -> None:
    links = [(desk.article(f"check.example/{n}", f"Aussage Nummer {n}."), MONDAY) for n in range(30)]
    desk.web["check.example/feed"] = rss(*links)
    source = desk.add("feed", "check.example/feed")
    desk.application.sources.refresh(source)
    from service.work.worker import Worker

    worker = Worker(desk.application)
    assert worker.run_once()
    done = desk.get(source).runs[0]
    assert (done.state, 0 < done.tally.added < 30) == (RunState.RUNNING, True)
    made = desk.application.imports.submit("ann", b"[]", "application/json")
    worker.run_once()
    worker.run_once()
    assert desk.application.imports.get(made.id, "ann").finished_at is not None
    assert desk.get(source).runs[0].state is RunState.RUNNING
    desk.work()
    assert (desk.get(source).runs[0].tally.added, len(desk.get(source).runs)) == (30, 1)


def test_of_a_source_that_allows_no_more_only_the_facts_are_kept(desk, feed) -> None:
    source = desk.application.sources.get(feed)
    from dataclasses import replace

    desk.application.sources.change(feed, replace(source.plan, facts_only=True))
    desk.run(feed)
    kept = desk.application.statements.select(query="Mond").statements[0]
    assert (kept.headline, kept.explanation, kept.author, kept.rating.alternate_name) == (None, None, None, "Falsch")


def test_a_sitemap_leads_to_further_ones_and_to_pages_on_the_path(desk) -> None:
    moon = desk.article("check.example/facts/moon", "Der Mond ist hohl.")
    sun = desk.article("check.example/facts/sun", "Die Sonne ist ein Würfel.")
    sport = desk.article("check.example/sport/1", "Tor.")
    packed, plain = (desk.web.url(f"check.example/{name}") for name in ("a.xml.gz", "b.txt"))
    desk.web["check.example/sitemap.xml"] = sitemap(
        (packed, "2026-01-02"), (plain, "2026-01-01"), element="sitemap", around="sitemapindex"
    )
    desk.web["check.example/a.xml.gz"] = gzip.compress(sitemap((moon, "2026-01-02"), (sport, "2026-01-01")).encode())
    desk.web["check.example/b.txt"] = sun + "\n"
    source = desk.add("sitemap", "check.example/sitemap.xml", path="/facts/")
    assert desk.run(source).runs[0].tally.added == 2
    assert desk.claims() == {"Der Mond ist hohl.", "Die Sonne ist ein Würfel."}
    desk.web.asked.clear()
    desk.run(source)
    assert desk.web.addresses() == ["check.example/sitemap.xml"], "the others have not changed, as it says"


def test_a_sitemap_that_names_itself_ends(desk) -> None:
    desk.web["check.example/sitemap.xml"] = sitemap(
        (desk.web.url("check.example/sitemap.xml"), "2026-01-01"), element="sitemap", around="sitemapindex"
    )
    assert desk.run(desk.add("sitemap", "check.example/sitemap.xml")).runs[0].state is RunState.FINISHED


def test_a_source_that_brings_nothing_new_for_months_is_stale_and_told_once(desk, feed, caplog) -> None:
    desk.run(feed)
    desk.house.clock.let_pass(61 * 24 * 3600)
    for _ in range(2):
        source = desk.run(feed)
    assert (source.health(desk.application.clock.read().at), source.told) == (Health.STALE, 1)
    assert caplog.text.count("is in trouble") == 1
