"""/v1/match and /v1/stance."""

from __future__ import annotations

import pytest

SENTENCE = "Hot lemon water cures diabetes within seven days."


@pytest.fixture(scope="module")
def house(open_module_house):
    made = open_module_house()
    made.add_statement(claim_reviewed="The moon is hollow.", url="https://checks.example/moon")
    made.add_statement(claim_reviewed="Bananas are radioactive.", url="https://checks.example/bananas")
    return made


def match(house, **body):
    return [result["matches"] for result in house.client.post("/v1/match", json=body).json["results"]]


def test_one_result_a_text_best_first_and_always_as_many_as_there_are(house) -> None:
    texts = ["The moon is hollow.", SENTENCE, "", "🍋", "\ud83d", "nothing of the kind " * 2000]
    results = match(house, texts=texts, limit=50)
    assert [len(matches) for matches in results] == [3] * 6
    assert results[0][0]["statement"]["claim_reviewed"] == "The moon is hollow."
    assert results[1][0]["statement"]["claim_reviewed"] == SENTENCE
    assert results[1][0]["similarity"] == pytest.approx(1, abs=0.001)
    assert results[1][0]["is_match"] is True
    assert results[1][-1]["is_match"] is False


def test_the_limit_is_kept(house) -> None:
    assert [len(matches) for matches in match(house, texts=[SENTENCE] * 64, limit=2)] == [2] * 64
    assert len(match(house, texts=[SENTENCE], rerank=False)[0]) == 3


def test_where_it_is_asked_for_each_match_says_how_the_text_stands_to_it(house) -> None:
    denied, said = match(house, texts=["The moon is not hollow.", SENTENCE], stance=True, limit=1)
    assert [each["kind"] for each in denied[0]["differences"]] == ["negation"]
    assert (said[0]["stance"], said[0]["differences"]) == ("supports", [])
    pairs = [{"claim": "The moon is not hollow.", "statement": "The moon is hollow."}]
    (alone,) = house.client.post("/v1/stance", json={"pairs": pairs}).json["results"]
    assert denied[0]["stance"] == alone["stance"] != "supports"
    assert denied[0]["stance_confidence"] == max(alone["probabilities"].values())
    assert "stance" not in match(house, texts=[SENTENCE])[0][0]


def test_pairs_are_judged_in_their_order(house) -> None:
    pairs = [
        {"claim": SENTENCE, "statement": SENTENCE},
        {"claim": SENTENCE, "statement": "Bananas are radioactive."},
        {"claim": "", "statement": "\ud800"},
    ]
    same, other, odd = house.client.post("/v1/stance", json={"pairs": pairs}).json["results"]
    assert (same["is_match"], same["stance"]) == (True, "supports")
    assert other["is_match"] is False
    for judged in (same, other, odd):
        assert sum(judged["probabilities"].values()) == pytest.approx(1, abs=0.001)


def test_a_negation_is_shown_as_a_difference(house) -> None:
    pairs = [{"claim": "The moon is not hollow.", "statement": "The moon is hollow."}]
    (judged,) = house.client.post("/v1/stance", json={"pairs": pairs}).json["results"]
    assert "negation" in [difference["kind"] for difference in judged["differences"]]
    assert judged["stance"] != "supports"


def test_without_an_index_it_is_said_so(empty_house) -> None:
    for route, body in (("/v1/match", {"texts": ["a"]}), ("/v1/stance", {"pairs": [{"claim": "a", "statement": "b"}]})):
        reply = empty_house.client.post(route, json=body)
        assert (reply.status_code, reply.json["code"]) == (503, "index-not-ready")
        assert reply.headers["Retry-After"]
