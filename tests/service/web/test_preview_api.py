"""Files with columns of their own: previewed, and imported alike."""

from __future__ import annotations

from excel import sheet, workbook

from index.exchange.workbooks import XLSX

GUARD = {"X-Requested-With": "test"}
OWN_TABLE = "Satz;Ergebnis\nThe moon is hollow.;Falsch\nThe moon is round.;Daneben\n;Falsch\n"
OWN_QUERY = "column_claim_reviewed=Satz&column_rating=Ergebnis&set_url=https://bank.example/a&set_publisher=Bank"


def test_columns_of_ones_own_are_named_in_the_query(house) -> None:
    path = f"/v1/statements/import?{OWN_QUERY}"
    made = house.writer.post(path, data=OWN_TABLE, content_type="text/csv", headers=GUARD)
    house.work()
    done = house.client.get(made.headers["Location"]).json
    assert (done["state"], done["added"], done["rejected_count"]) == ("finished", 2, 1)
    (found,) = house.client.get("/v1/statements?query=hollow").json["statements"]
    assert (found["publisher"]["name"], found["rating"]["alternate_name"]) == ("Bank", "Falsch")


def test_a_preview_says_what_an_import_would_and_stores_nothing(house) -> None:
    before = house.application.statements.checkpoint()
    path = f"/v1/statements/preview?{OWN_QUERY}"
    seen = house.writer.post(path, data=OWN_TABLE, content_type="text/csv", headers=GUARD).json
    assert (seen["usable"], seen["rejected_count"], seen["warnings_count"]) == (2, 1, 1)
    assert [(each["line"], each["statement"]["claim_reviewed"]) for each in seen["first"]] == [
        (2, "The moon is hollow."),
        (3, "The moon is round."),
    ]
    assert seen["ratings"][1] == {"words": "Daneben", "normalized": "unmapped", "count": 1}
    assert (seen["rejected"][0]["line"], seen["problem"]) == (4, None)
    assert house.application.statements.checkpoint() == before


def test_an_excel_file_is_previewed_and_imported_like_any_table(house) -> None:
    content = workbook(sheet(["Satz", "Ergebnis"], ["The moon is hollow.", False], ["The moon is round.", "Daneben"]))
    seen = house.writer.post(f"/v1/statements/preview?{OWN_QUERY}", data=content, content_type=XLSX).json
    assert [(each["line"], each["statement"]["rating"]["normalized"]) for each in seen["first"]] == [
        (2, "false"), (3, "unmapped"),
    ]  # fmt: skip
    made = house.writer.post(f"/v1/statements/import?{OWN_QUERY}", data=content, content_type=XLSX)
    house.work()
    done = house.client.get(made.headers["Location"]).json
    assert (done["state"], done["added"], done["rejected_count"]) == ("finished", 2, 0)
    broken = house.writer.post("/v1/statements/preview", data=b"PK\x03\x04", content_type=XLSX).json
    assert broken["problem"]["detail"].startswith("This is not an Excel workbook")


def test_a_preview_reads_the_charset_that_is_named(house) -> None:
    path, kind = "/v1/statements/preview", "text/csv; charset=ibm850"
    raw = "claim_reviewed;url;rating\nMüll ist süß.;https://bank.example/a;Falsch\n".encode("cp850")
    seen = house.writer.post(path, data=raw, content_type=kind, headers=GUARD).json
    assert (seen["first"][0]["statement"]["claim_reviewed"], seen["warnings_count"]) == ("Müll ist süß.", 0)


def test_a_column_that_is_not_there_ends_import_and_preview_alike(house) -> None:
    query = "column_rating=Urteil"
    path = f"/v1/statements/preview?{query}"
    seen = house.writer.post(path, data=OWN_TABLE, content_type="text/csv", headers=GUARD).json
    assert (seen["usable"], seen["problem"]["detail"]) == (
        0,
        "There is no column “Urteil”. The columns are: Satz, Ergebnis.",
    )
    path = f"/v1/statements/import?{query}"
    made = house.writer.post(path, data=OWN_TABLE, content_type="text/csv", headers=GUARD)
    house.work()
    assert house.client.get(made.headers["Location"]).json["problem"]["detail"] == seen["problem"]["detail"]


def test_a_column_that_is_to_be_two_things_is_a_bad_request(house) -> None:
    for call in ("import", "preview"):
        path = f"/v1/statements/{call}?column_rating=A&column_url=A"
        reply = house.writer.post(path, data=OWN_TABLE, content_type="text/csv", headers=GUARD)
        assert (reply.status_code, reply.json["detail"]) == (400, "The column “a” is named for two fields.")


def test_the_same_key_with_other_columns_is_another_request(house) -> None:
    keyed = {**GUARD, "Idempotency-Key": "once"}

    def send(query: str) -> int:
        path = f"/v1/statements/import?{query}"
        return house.writer.post(path, data=OWN_TABLE, content_type="text/csv", headers=keyed).status_code

    assert [send(OWN_QUERY), send(OWN_QUERY), send("column_url=Satz")] == [202, 202, 422]
