"""/v1/extract and /v1/claims."""

from __future__ import annotations

import pytest

PAGE = "https://news.example/lemons"
PARAGRAPHS = ("Hot lemon water cures diabetes within seven days.", "So it was told on the radio in the morning.")


@pytest.fixture(scope="module")
def house(open_module_house):
    made = open_module_house()
    made.publish(PAGE, *PARAGRAPHS)
    made.publish("https://news.example/empty", " ")
    return made


def test_an_article_is_extracted_from_html_and_from_a_page(house) -> None:
    from_page = house.client.post("/v1/extract", json={"url": PAGE}).json
    from_html = house.client.post("/v1/extract", json={"url": PAGE, "html": house.fetcher.pages[PAGE]}).json
    assert from_page == from_html
    assert all(paragraph in from_page["text"] for paragraph in PARAGRAPHS)
    assert (from_page["url"], from_page["language"]) == (PAGE, "en")
    without_url = house.client.post("/v1/extract", json={"html": house.fetcher.pages[PAGE]}).json
    assert without_url["url"] is None
    assert PARAGRAPHS[1] in without_url["text"]


@pytest.mark.parametrize(
    "html", ["", " ", "<html></html>", "<script>x</script>", "<div>" * 3000, "\0", "<p>&#xD800;", "<![CDATA["]
)
def test_html_without_a_readable_text_has_an_empty_one(house, html: str) -> None:
    reply = house.client.post("/v1/extract", json={"html": html})
    assert reply.status_code == 200
    assert reply.json["text"].replace("\ufffd", "") == ""


def test_a_page_that_does_not_answer_is_a_problem(house) -> None:
    for route in ("/v1/extract", "/v1/claims"):
        reply = house.client.post(route, json={"url": "https://none.example/"})
        assert (reply.status_code, reply.json["code"]) == (502, "page-unavailable")


def test_every_sentence_is_given_with_its_place(house) -> None:
    text = "Is it late? 🍋 Berlin has 3.7 million inhabitants. I like it."
    found = house.client.post("/v1/claims", json={"text": text}).json
    assert found["language"] == "en"
    assert all(text[each["start"] : each["end"]] == each["text"] for each in found["sentences"])
    assert "".join(found["sentences"][0]["text"].split()) == "Isitlate?"
    assert len(found["sentences"]) >= 3
    assert all(0 <= each["checkworthiness"] <= 1 for each in found["sentences"])


def test_claims_of_a_page_and_of_html_are_the_same(house) -> None:
    from_page = house.client.post("/v1/claims", json={"url": PAGE}).json
    assert from_page == house.client.post("/v1/claims", json={"html": house.fetcher.pages[PAGE]}).json
    assert PARAGRAPHS[0] in [each["text"] for each in from_page["sentences"]]


def test_a_text_without_sentences_has_none(house) -> None:
    assert house.client.post("/v1/claims", json={"text": " \0 "}).json["sentences"] == []


def test_of_a_very_long_text_every_sentence_is_given_and_it_is_said_how_many_were_looked_at(house) -> None:
    text = "\n".join(f"The city of Ulm felled {n} trees in 2021." for n in range(1000))
    found = house.client.post("/v1/claims", json={"text": text}).json
    assert len(found["sentences"]) == 1000
    assert found["looked_at"] == 600
    assert found["sentences"][-1]["checkworthiness"] > 0.1
    assert house.client.post("/v1/claims", json={"text": "It rains."}).json["looked_at"] == 1


def test_a_page_that_broke_off_says_so_and_one_of_which_too_little_came_is_a_problem(house) -> None:
    begun, short = "https://news.example/begun", "https://news.example/short"
    house.publish(begun, *PARAGRAPHS, "Nobody at the radio could say on Monday who had told it first.")
    house.publish(short, "Lemons.")
    house.fetcher.broken_off |= {begun, short}
    for route, key in (("/v1/extract", "text"), ("/v1/claims", "sentences")):
        found = house.client.post(route, json={"url": begun}).json
        assert found["is_whole"] is False
        assert found[key]
        assert house.client.post(route, json={"url": PAGE}).json["is_whole"] is True
        assert house.client.post(route, json={"url": short}).json["code"] == "page-broken-off"


def test_a_text_of_too_many_sentences_is_refused_with_what_to_do(house) -> None:
    reply = house.client.post("/v1/claims", json={"text": "It rains.\n" * 5001})
    assert (reply.status_code, reply.json["code"]) == (413, "body-too-large")
    assert "5,001 sentences" in reply.json["detail"]
    assert "in parts" in reply.json["detail"]
