"""Pictures through the API: sent as a form, or named by their address; read like a text, and not kept."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from doubles import PICTURE, picture_saying

from gegencheck_client.calls import form_with
from service.pipeline.pictures.opening import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser
    from werkzeug.test import TestResponse

    from tests.service.conftest import House

FALSE = ("Hot lemon water cures", "diabetes within seven days.")
ADDRESS = "https://bilder.example/zitronen.png"
BY_SCRIPT = {"X-Requested-With": "test"}
OUR_PAGE = {**BY_SCRIPT, "Origin": "http://localhost"}


def send(house: House, picture: bytes, headers: Mapping[str, str] = BY_SCRIPT, **fields: str) -> TestResponse:
    data = {"file": (io.BytesIO(picture), "picture.png"), "wait": "0", **fields}
    return house.client.post("/v1/checks", data=data, headers=headers)


def checked(house: House, picture: bytes, **fields: str) -> Any:
    made = send(house, picture, **fields)
    assert made.status_code == 202, made.text
    house.work()
    return house.client.get(f"/v1/checks/{made.json['id']}?include=text").json


def bodies(house: House) -> list[str]:
    """What lies in the data folder, or in the database, of bodies that wait."""
    from datetime import UTC, datetime, timedelta

    return house.application.checks.blobs.names("imports", datetime.now(UTC) + timedelta(days=1))


def test_a_picture_is_checked_like_a_text_and_says_where_it_says_so(house: House) -> None:
    check = checked(house, picture_saying(*FALSE), language="en", reference="Leserbrief 7")
    assert check["state"] == "finished"
    assert check["verdict"]["code"] == "refuted"
    assert check["reference"] == "Leserbrief 7"
    article = check["article"]
    assert article["kind"] == "picture"
    assert article["picture"] == {"width": 300, "height": 40, "moves": False}
    assert article["text"] == " ".join(FALSE)
    (claim,) = check["claims"]
    assert claim["boxes"] == [
        [[0, 0], [300, 0], [300, 20], [0, 20]],
        [[0, 20], [300, 20], [300, 40], [0, 40]],
    ]
    assert check["summary"]["advice"].endswith("before you pass the picture on.")


def test_texts_and_pages_have_no_boxes(house: House) -> None:
    check = house.check(text=" ".join(FALSE))
    assert check["article"]["kind"] == "text"
    assert check["article"]["picture"] is None
    assert [claim["boxes"] for claim in check["claims"]] == [None]


def test_a_picture_is_kept_only_until_it_was_read(house: House) -> None:
    made = send(house, picture_saying(*FALSE))
    assert bodies(house) == [f"imports/{made.json['id']}.body"]
    house.work()
    assert bodies(house) == []


def test_a_picture_that_cannot_be_read_is_not_kept_either(house: House) -> None:
    check = checked(house, PICTURE)
    assert check["state"] == "failed"
    assert check["problem"]["code"] == "picture-without-text"
    assert check["problem"]["stage"] == "article"
    assert check["summary"]["lead"] == "This picture could not be read:"
    assert bodies(house) == []


def test_whoever_deletes_a_waiting_check_deletes_its_picture(house: House) -> None:
    made = send(house, picture_saying(*FALSE))
    assert house.client.delete(f"/v1/checks/{made.json['id']}").status_code == 204
    assert bodies(house) == []
    assert house.work() == 0


def test_the_same_picture_is_answered_from_the_store_and_another_language_is_another_question(house: House) -> None:
    first = checked(house, picture_saying(*FALSE))
    again = send(house, picture_saying(*FALSE))
    assert (again.status_code, again.json["id"]) == (200, first["id"])
    assert bodies(house) == []
    assert send(house, picture_saying(*FALSE), language="de").status_code == 202
    assert send(house, picture_saying(*FALSE), fresh="true").status_code == 202


def test_no_other_key_learns_that_a_picture_was_checked(house: House) -> None:
    mine, theirs = house.key("check", "read"), house.key("check", "read")
    made = send(house, picture_saying(*FALSE), headers=mine)
    house.work()
    assert house.client.get(f"/v1/checks/{made.json['id']}", headers=theirs).status_code == 404
    again = send(house, picture_saying(*FALSE), headers=theirs)
    assert again.status_code == 202
    assert again.json["id"] != made.json["id"]


def test_an_idempotency_key_stands_for_one_picture(house: House) -> None:
    named = {**BY_SCRIPT, "Idempotency-Key": "1"}
    first = send(house, picture_saying(*FALSE), headers=named)
    assert send(house, picture_saying(*FALSE), headers=named).json["id"] == first.json["id"]
    assert send(house, picture_saying("Etwas anderes."), headers=named).status_code == 422
    assert len(bodies(house)) == 1


def test_a_picture_at_an_address_is_fetched_and_read(house: House) -> None:
    house.fetcher.pictures[ADDRESS] = picture_saying(*FALSE)
    check = house.check(image={"url": ADDRESS})
    assert check["verdict"]["code"] == "refuted"
    assert (check["url"], check["canonical_url"]) == (ADDRESS, ADDRESS)
    assert check["article"]["kind"] == "picture"


def test_the_address_of_a_picture_means_the_picture_also_where_a_page_is_expected(house: House) -> None:
    house.fetcher.pictures[ADDRESS] = picture_saying(*FALSE)
    check = house.check(url=ADDRESS)
    assert check["article"]["kind"] == "picture"
    assert check["verdict"]["code"] == "refuted"


def test_a_page_is_no_picture(house: House) -> None:
    house.publish(ADDRESS, " ".join(FALSE))
    check = house.check(image={"url": ADDRESS})
    assert check["problem"]["code"] == "picture-unsupported"


def test_a_picture_by_its_address_is_no_check_of_a_page(house: House) -> None:
    house.fetcher.pictures[ADDRESS] = picture_saying(*FALSE)
    house.check(image={"url": ADDRESS})
    assert house.client.get("/v1/checks", query_string={"url": ADDRESS}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"wait": "31"}, "/wait"),
        ({"fresh": "perhaps"}, "/fresh"),
        ({"text": "Etwas"}, "/text"),
        ({"language": "no language"}, "/language"),
    ],
)
def test_a_bad_field_beside_the_picture_is_named(house: House, fields: dict[str, str], pointer: str) -> None:
    refused = send(house, picture_saying(*FALSE), **fields)
    assert refused.status_code == 400
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert bodies(house) == []


@pytest.mark.parametrize("data", [{}, {"picture": (io.BytesIO(b"1"), "a.png")}, {"file": (io.BytesIO(b""), "a.png")}])
def test_one_file_that_is_not_empty_is_needed(house: House, data: dict[str, Any]) -> None:
    refused = house.client.post(
        "/v1/checks", data={"wait": "0", **data}, headers=BY_SCRIPT, content_type="multipart/form-data"
    )
    assert refused.status_code == 400
    assert "/file" in [error["pointer"] for error in refused.json["errors"]]


def test_a_file_that_is_too_large_is_refused(house: House) -> None:
    # Written by hand: the test client would leave a temporary file open.
    named = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    refused = house.client.post(
        "/v1/checks",
        data=named + PICTURE + b"0" * MAX_BYTES + b"\r\n--x--\r\n",
        headers=BY_SCRIPT,
        content_type="multipart/form-data; boundary=x",
    )
    assert (refused.status_code, refused.json["code"]) == (413, "body-too-large")


def test_a_form_that_is_no_form_is_refused(house: House) -> None:
    refused = house.client.post(
        "/v1/checks", data=b"nothing", headers=BY_SCRIPT, content_type="multipart/form-data; boundary=x"
    )
    assert refused.status_code == 400


def test_no_web_page_can_make_a_browser_send_a_picture(house: House) -> None:
    refused = send(house, picture_saying(*FALSE), headers={})
    assert (refused.status_code, refused.json["code"]) == (415, "type-unsupported")
    assert send(house, picture_saying(*FALSE), headers=house.key("check")).status_code == 202


@pytest.mark.loopback
def test_a_picture_of_some_megabytes_comes_in_through_the_server(house: House, serve: Callable[[Any], str]) -> None:
    content, kind = form_with(picture_saying(*FALSE) + b"\n" + b"x" * 4_000_000, wait=0)
    asked = Request(f"{serve(house.application)}/v1/checks", content, {"Content-Type": kind, **BY_SCRIPT})
    with urlopen(asked) as reply:
        assert reply.status == 202
    assert len(bodies(house)) == 1


# ---------------------------------------------------------------- the page


def test_the_page_takes_a_picture_and_draws_what_was_read(house: House) -> None:
    picture = (io.BytesIO(picture_saying(*FALSE)), "IMG_0001.png")
    told = house.client.post("/check", data={"input": "", "picture": picture}, headers=OUR_PAGE)
    assert told.status_code == 202, told.text
    running = house.client.get(told.json["page"] + "?lang=de")
    assert "Text im Bild erkennen" in running.text
    assert "Seite abrufen" not in running.text
    house.work()
    shown = house.client.get(told.json["page"] + "?lang=de").text
    assert "Im Bild" in shown
    assert shown.count('<polygon class="box state-refuted"') == 2
    assert 'points="0,0 300,0 300,20 0,20"' in shown
    assert ">Hot lemon water cures</text>" in shown
    assert "Der Dienst hat das Bild nach der Prüfung gelöscht." in shown
    assert "IMG_0001" not in shown


def test_the_recognised_text_can_be_corrected_and_checked_again(house: House) -> None:
    shown = house.client.get(f"/checks/{checked(house, picture_saying(*FALSE))['id']}?lang=en").text
    assert '<textarea id="recognised-text" name="input"' in shown
    assert "\nHot lemon water cures diabetes within seven days.</textarea>" in shown


def test_without_a_script_the_form_leads_to_the_result(house: House) -> None:
    picture = (io.BytesIO(PICTURE), "a.png")
    reply = house.client.post("/check", data={"input": "", "picture": picture}, headers={"Origin": "http://localhost"})
    assert reply.status_code == 303
    house.work()
    shown = house.client.get(reply.headers["Location"], headers={"Accept-Language": "de"}).text
    assert "Dieses Bild ließ sich nicht lesen:" in shown
    assert "Darin war kein Text zu erkennen." in shown


def test_a_form_without_a_picture_is_the_text_in_it(house: House) -> None:
    nothing = (io.BytesIO(b""), "")
    told = house.client.post("/check", data={"input": "Ein Text.", "picture": nothing}, headers=OUR_PAGE)
    assert house.application.checks.get(told.json["id"], None).request.is_text


def test_neither_text_nor_picture_is_refused(house: House) -> None:
    assert house.client.post("/check", data={"input": ""}, headers=OUR_PAGE).status_code == 400


def test_the_page_asks_for_a_picture_beside_the_text(house: House) -> None:
    page = house.client.get("/?lang=de").text
    assert 'enctype="multipart/form-data"' in page
    assert '<input type="file" id="picture" name="picture" accept="image/' in page
    assert "Oder ein Bild" in page


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), [("de", "light", 320), ("en", "dark", 1280)])
def test_a_picture_is_chosen_checked_and_shown_with_the_sentence_outlined(
    house: House,
    serve: Callable[[Any], str],
    browser: Browser,
    violations: Callable[[Any], list[str]],
    language: str,
    scheme: Any,
    width: int,
) -> None:
    root = serve(house.application)
    page = browser.new_page(locale=language, color_scheme=scheme, viewport={"width": width, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(root)
    assert page.locator("#chosen").is_hidden()
    picture = {"name": "sharepic.png", "mimeType": "image/png", "buffer": picture_saying(*FALSE)}
    page.set_input_files("#picture", picture)
    assert page.locator("#chosen").is_visible()
    assert violations(page) == []
    page.click("#chosen button[type=submit]")
    page.wait_for_selector("#running")
    house.work()
    page.wait_for_selector(".state-refuted")
    assert page.locator("svg#picture image").get_attribute("href", timeout=5000).startswith("blob:")
    assert page.locator("svg#picture polygon.state-refuted").count() == 2
    assert page.locator("svg#picture .lines").is_hidden()
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    page.wait_for_selector("svg#picture .lines")
    assert page.locator("svg#picture image").count() == 0, "the tab holds it no more, and nobody else does"
    assert page.locator("svg#picture .lines").is_visible()
    assert problems == []
    page.close()


@pytest.mark.browser
def test_a_picture_is_taken_where_it_is_pasted_or_dropped(
    house: House, serve: Callable[[Any], str], browser: Browser
) -> None:
    page = browser.new_page(locale="en")
    page.goto(serve(house.application))
    for kind, given in (("paste", "clipboardData"), ("drop", "dataTransfer")):
        page.evaluate(
            """([kind, given]) => {
                const data = new DataTransfer();
                data.items.add(new File(["x".repeat(300000)], "a.png", { type: "image/png" }));
                const event = kind === "paste"
                    ? new ClipboardEvent(kind, { [given]: data, bubbles: true, cancelable: true })
                    : new DragEvent(kind, { [given]: data, bubbles: true, cancelable: true });
                document.getElementById("input").dispatchEvent(event);
            }""",
            [kind, given],
        )
        assert page.text_content("#chosen [role=status]") == "A file is chosen (0.3 MB)."
        page.click("#chosen button[type=button]")
        assert page.locator("#chosen").is_hidden()
    page.close()
