"""/v1/checks as a caller sees it."""

from __future__ import annotations

import threading
import time

import pytest

from index.pairs.rules import RulePairModel

PAGE = "https://news.example/lemons"
SENTENCE = "Hot lemon water cures diabetes within seven days."
TEXT = f"The weather was fine on Monday. {SENTENCE} Nothing else was in the news."


@pytest.fixture
def working(house):
    """The application with a worker inside, as `serve` has it."""
    worker = house.worker
    worker.start()
    yield house
    worker.stop()


def test_a_text_is_checked(working) -> None:
    reply = working.client.post("/v1/checks", json={"text": TEXT, "reference": "ticket 7"})
    assert reply.status_code == 200
    check = reply.json
    assert reply.headers["Location"] == f"/v1/checks/{check['id']}"
    assert (check["state"], check["stage"], check["reference"], check["problem"]) == (
        "finished",
        None,
        "ticket 7",
        None,
    )
    assert check["verdict"]["code"] == "refuted"
    claim = next(claim for claim in check["claims"] if claim["text"] == SENTENCE)
    assert TEXT[claim["start"] : claim["end"]] == SENTENCE
    (evidence,) = claim["evidence"]
    assert (evidence["stance"], evidence["is_match"]) == ("supports", True)
    assert evidence["similarity"] == pytest.approx(1.0, abs=1e-3)
    assert evidence["statement"]["rating"]["alternate_name"] == "False"
    assert check["index"]["statements"] == 1
    assert check["models"]["embedder"] == "words"
    made = check["versions"]
    assert made["index"] == check["index"]["checkpoint"]
    assert (made["models"]["embedder"], made["models"]["pair"]) == ("words", RulePairModel.model_id)
    assert made["thresholds"]["digest"] == check["models"]["thresholds"]
    assert made["thresholds"]["values"]["claims"]["min_checkworthiness"] == 0.0
    assert made["thresholds"]["values"]["search"]["background"] == [5, 20]
    assert len(made["models"]["weights"]["pair_weights.npz"]) == len(made["cues"]["cues.json"]) == 64
    assert list(check["times"]) == ["fetch", "article", "sentences", "claims", "evidence", "stance", "verdict"]


def test_a_page_is_checked_by_its_address(working) -> None:
    working.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    check = working.client.post("/v1/checks", json={"url": f"{PAGE}#comments"}).json
    assert check["verdict"]["code"] == "refuted"
    assert check["url"] == PAGE
    assert check["canonical_url"] == PAGE
    assert check["article"]["language"] == "en"


def test_a_failed_check_is_a_reply_like_any_other(working) -> None:
    reply = working.client.post("/v1/checks", json={"url": PAGE})
    assert reply.status_code == 200
    check = reply.json
    assert (check["state"], check["verdict"], check["claims"]) == ("failed", None, [])
    assert check["problem"] == {
        "type": "/docs#page-unavailable",
        "title": "The page could not be reached",
        "detail": "The site does not answer. Try again later.",
        "code": "page-unavailable",
        "stage": "fetch",
    }


def test_what_is_not_done_in_time_is_accepted_and_found_later(house) -> None:
    reply = house.client.post("/v1/checks", json={"text": TEXT, "wait": 0})
    assert reply.status_code == 202
    assert (reply.json["state"], reply.json["verdict"], reply.json["claims"]) == ("queued", None, [])
    where = reply.headers["Location"]
    assert house.client.get(where).json == reply.json
    house.work()
    assert house.client.get(where).json["verdict"]["code"] == "refuted"


def test_waiting_ends_when_the_time_is_over(house) -> None:
    started = time.monotonic()
    assert house.client.post("/v1/checks", json={"text": TEXT, "wait": 0.3}).status_code == 202
    assert 0.3 <= time.monotonic() - started < 2


def test_half_of_the_threads_never_wait(open_other) -> None:
    """With all places taken, a further caller is answered at once, so that others are still served."""
    house = open_other(threads=2)
    house.add_statement()
    waiting = threading.Thread(target=lambda: house.client.post("/v1/checks", json={"text": TEXT, "wait": 2}))
    waiting.start()
    while house.application.jobs.count() == 0:
        time.sleep(0.01)
    time.sleep(0.1)
    started = time.monotonic()
    assert house.client.post("/v1/checks", json={"text": "Another text.", "wait": 2}).status_code == 202
    assert time.monotonic() - started < 1
    house.work()
    waiting.join()


def test_the_same_again_is_answered_from_the_store_and_no_work_is_queued(house) -> None:
    house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    for body in ({"text": TEXT}, {"url": PAGE}, {"html": house.fetcher.pages[PAGE], "url": PAGE}):
        first = house.check(**body)
        again = house.client.post("/v1/checks", json=body)
        assert (again.status_code, again.json) == (200, first)
        assert house.application.jobs.count() == 0
    assert house.fetcher.fetched == [PAGE]


def test_fresh_asks_anew(house) -> None:
    first = house.check(text=TEXT)
    assert house.check(text=TEXT, fresh=True)["id"] != first["id"]


def test_the_text_is_shown_only_where_it_is_asked_for(house) -> None:
    check = house.check(text=TEXT)
    assert "text" not in check["article"]
    shown = house.client.get(f"/v1/checks/{check['id']}?include=text").json
    assert shown["article"]["text"] == TEXT


def test_offsets_count_code_points_of_the_text_as_it_was_mended(house) -> None:
    check = house.check(text=f"\ud83c\udf4b \ud800 \0Guten Tag.\n\n{SENTENCE} \u202eabc")
    shown = house.client.get(f"/v1/checks/{check['id']}?include=text").json
    text = shown["article"]["text"]
    assert text == f"🍋 \ufffd Guten Tag.\n\n{SENTENCE} \u202eabc"
    assert all(text[claim["start"] : claim["end"]] == claim["text"] for claim in shown["claims"])
    assert SENTENCE in {claim["text"] for claim in shown["claims"]}


def test_headlines_and_titles_follow_accept_language(house) -> None:
    german = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}
    check = house.check(text=TEXT, headers=german)
    assert check["verdict"]["language"] == "de"
    assert check["verdict"]["headline"].startswith("Enthält widerlegte Aussagen.")
    missing = house.client.get("/v1/checks/none", headers=german).json
    assert (missing["title"], missing["code"]) == ("Nicht gefunden", "not-found")


def test_the_newest_check_of_a_page_is_found_and_none_is_started(house) -> None:
    house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    assert house.client.get("/v1/checks", query_string={"url": PAGE}).status_code == 404
    assert house.application.jobs.count() == 0
    check = house.check(url=PAGE)
    found = house.client.get("/v1/checks", query_string={"url": f"{PAGE}#x"})
    assert (found.status_code, found.json) == (200, check)


def test_no_reply_tells_a_key_what_another_had_checked(house) -> None:
    house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    ann, bob = house.key("check"), house.key("check")
    first = house.check(url=PAGE, headers=ann)
    missing = house.client.get("/v1/checks", query_string={"url": "https://never.example/"}, headers=bob)
    unseen = house.client.get("/v1/checks", query_string={"url": PAGE}, headers=bob)
    assert (unseen.status_code, unseen.json) == (404, missing.json)
    asked = house.client.post("/v1/checks", json={"url": PAGE, "wait": 0}, headers=bob)
    new = house.client.post("/v1/checks", json={"url": f"{PAGE}?new", "wait": 0}, headers=bob)
    assert (asked.status_code, new.status_code) == (202, 202)
    own = ("id", "created_at", "url")
    assert {k: v for k, v in asked.json.items() if k not in own} == {k: v for k, v in new.json.items() if k not in own}
    copy = house.client.post("/v1/checks", json={"url": PAGE, "wait": 10}, headers=bob).json
    assert copy["created_at"] >= first["finished_at"]
    assert copy["verdict"] == first["verdict"]
    assert house.fetcher.fetched == [PAGE]


def test_deleting_forgets(house) -> None:
    check = house.check(text=TEXT)
    where = f"/v1/checks/{check['id']}"
    reply = house.client.delete(where)
    assert (reply.status_code, reply.data) == (204, b"")
    assert house.client.get(where).status_code == 404
    assert house.client.delete(where).status_code == 404
    assert house.check(text=TEXT)["id"] != check["id"]


def test_deleting_what_waits_cancels_it(house) -> None:
    where = house.client.post("/v1/checks", json={"text": TEXT, "wait": 0}).headers["Location"]
    assert house.client.delete(where).status_code == 204
    assert house.work() == 0


def test_without_an_index_nothing_is_accepted(empty_house) -> None:
    reply = empty_house.client.post("/v1/checks", json={"text": TEXT})
    assert (reply.status_code, reply.json["code"]) == (503, "index-not-ready")
    assert int(reply.headers["Retry-After"]) > 0
    assert empty_house.application.jobs.count() == 0


# ---------------------------------------------------------------- Idempotency-Key


def test_one_key_makes_one_check(house) -> None:
    def ask(key: str, text: str = TEXT):
        body = {"text": text, "wait": 0, "fresh": True}
        return house.client.post("/v1/checks", json=body, headers={"Idempotency-Key": key})

    first, again, other = ask("a"), ask("a"), ask("b")
    assert first.json["id"] == again.json["id"] != other.json["id"]
    assert (first.status_code, again.status_code) == (202, 202)
    house.work()
    finished = ask("a")
    assert (finished.status_code, finished.json["state"]) == (200, "finished")
    reused = ask("a", "Another text.")
    assert (reused.status_code, reused.json["code"]) == (422, "idempotency-key-reused")


def test_one_key_sent_at_once_makes_one_check(house) -> None:
    ids: list[str] = []

    def ask() -> None:
        body = {"text": TEXT, "wait": 0, "fresh": True}
        ids.append(house.client.post("/v1/checks", json=body, headers={"Idempotency-Key": "k"}).json["id"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1
    assert house.application.jobs.count() == 1


def test_keys_of_different_callers_have_nothing_to_do_with_each_other(house) -> None:
    ids = set()
    for headers in (house.key("check"), house.key("check")):
        body = {"text": TEXT, "wait": 0}
        ids.add(house.client.post("/v1/checks", json=body, headers={**headers, "Idempotency-Key": "k"}).json["id"])
    assert len(ids) == 2


def test_a_key_of_a_deleted_check_makes_a_new_one(house) -> None:
    headers = {"Idempotency-Key": "k"}
    first = house.client.post("/v1/checks", json={"text": TEXT, "wait": 0}, headers=headers)
    house.client.delete(first.headers["Location"])
    second = house.client.post("/v1/checks", json={"text": TEXT, "wait": 0}, headers=headers)
    assert second.status_code == 202
    assert second.json["id"] != first.json["id"]


@pytest.mark.parametrize("key", ["", " ", "x" * 256])
def test_an_unusable_idempotency_key_is_refused(house, key: str) -> None:
    reply = house.client.post("/v1/checks", json={"text": TEXT}, headers={"Idempotency-Key": key})
    assert reply.status_code == 400


# ---------------------------------------------------------------- too much at once


def ask(house, text: str, **more):
    return house.client.post("/v1/checks", json={"text": text, "wait": 0}, **more)


def test_one_too_many_in_all_is_refused_and_says_when_to_come_again(open_other) -> None:
    house = open_other(max_waiting=1)
    house.add_statement()
    first = ask(house, "One text.")
    assert first.status_code == 202
    reply = ask(house, "Another text.")
    assert (reply.status_code, reply.json["code"], reply.json["title"]) == (503, "service-busy", "The service is busy")
    assert 1 <= int(reply.headers["Retry-After"]) <= 120
    assert reply.headers["Retry-After"] in reply.json["detail"]
    assert ask(house, "Another text.", headers={"Accept-Language": "de"}).json["title"] == (
        "Der Dienst ist gerade ausgelastet"
    )
    house.work()
    assert ask(house, "Another text.").status_code == 202


def test_one_too_many_of_a_key_is_refused_and_another_key_is_served(open_other) -> None:
    house = open_other(max_waiting_per_key=1)
    house.add_statement()
    busy, other = house.key("check"), house.key("check")
    assert ask(house, "One text.", headers=busy).status_code == 202
    reply = ask(house, "Another text.", headers=busy)
    assert (reply.status_code, reply.json["code"]) == (429, "too-many-requests")
    assert int(reply.headers["Retry-After"]) >= 1
    assert ask(house, "Another text.", headers=other).status_code == 202


def test_what_is_answered_from_the_store_is_never_refused(open_other) -> None:
    house = open_other(max_waiting=1, max_waiting_per_key=1)
    house.add_statement()
    house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    done, page = house.check(text=TEXT), house.check(url=PAGE)
    key = {"Idempotency-Key": "once"}
    waiting = ask(house, "One text.", headers=key)
    assert ask(house, "Another text.").status_code == 429
    assert ask(house, "One text.", headers=key).json["id"] == waiting.json["id"]
    assert ask(house, TEXT).json == done
    copied = house.client.post("/v1/checks", json={"url": PAGE, "reference": "mine"}, headers={"Idempotency-Key": "a"})
    assert (copied.status_code, copied.json["verdict"]) == (200, page["verdict"])


def test_a_refusal_does_not_wait_for_the_database(open_other) -> None:
    """Somebody writes for a long time: whoever is one too many hears so meanwhile."""
    house = open_other(max_waiting=1)
    house.add_statement()
    ask(house, "One text.")
    with house.application.statements.engine.begin():  # takes the lock that every writer needs
        assert ask(house, "Another text.").status_code == 503


def test_a_refusal_does_not_tell_what_others_checked(open_other) -> None:
    """Where nothing more is taken on, a page that another key had checked is refused like one that nobody had."""
    house = open_other(max_waiting_per_key=1)
    house.add_statement()
    house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    other, mine = house.key("check", "read"), house.key("check", "read")
    house.check(headers=other, url=PAGE)
    ask(house, "One text.", headers=mine)
    for url in (PAGE, "https://news.example/nobody"):
        assert house.client.post("/v1/checks", json={"url": url}, headers=mine).status_code == 429


def test_a_text_that_was_checked_is_spoken_of_as_a_text_though_it_is_kept_no_more(house) -> None:
    told = house.check(text=TEXT)
    assert told["summary"]["advice"] == "Read the fact-check before you pass the text on."
    assert told["verdict"]["headline"].endswith(told["summary"]["advice"])
    page = house.check(html=f"<p>{TEXT}</p>", url=PAGE)
    assert page["summary"]["advice"] == "Read the fact-check before you share the link."


def test_whoever_sent_a_page_that_cannot_be_read_is_not_told_to_send_it(house) -> None:
    told = house.check(html="<div id=root></div><script src=app.js></script>", url=PAGE)
    assert told["problem"]["code"] == "page-needs-script"
    assert told["summary"]["advice"] == "Paste the text that you want to check."
