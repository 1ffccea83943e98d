"""Every error of both trees has one status and one title in each language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index import errors as index_errors
from service import account_errors, editing_errors, errors, picture_errors
from service.presenters import problem_title, problem_titles
from service.web.errors import CODES, HTTP_CODES, STATUS, nearest, status_of


def family(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ in (
            "service.errors",
            account_errors.__name__,
            editing_errors.__name__,
            picture_errors.__name__,
            "index.errors",
        ):
            yield from family(child)


OURS = [kind for kind in family(errors.GegencheckError) if kind is not errors.GegencheckError]
INDEX = list(family(index_errors.IndexFault))


@pytest.mark.parametrize("kind", [*OURS, *INDEX])
def test_every_error_has_a_status_and_a_title_of_its_own(kind: type[Exception]) -> None:
    fault = kind("why")
    assert 400 <= status_of(fault) < 600
    code = fault.code if isinstance(fault, errors.GegencheckError) else nearest(fault, CODES)
    assert code in problem_titles()


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (errors.BadRequest("x"), 400), (errors.KeyRequired("x"), 401), (errors.ScopeMissing("x"), 403),
        (errors.OriginRefused("x"), 403), (errors.NotFound("x"), 404), (errors.BodyTooLarge("x"), 413),
        (errors.TypeUnsupported("x"), 415), (errors.HostRefused("x"), 421), (errors.KeyReused("x"), 422),
        (errors.PageBehindWall("x"), 422), (errors.PageUnreadable("x"), 422), (errors.PageUnavailable("x"), 502),
        (errors.PageTooSlow("x"), 504), (errors.AddressRefused("x"), 400), (errors.IndexNotReady("x"), 503),
        (errors.ServiceBusy("x", 3), 503), (errors.TooManyRequests("x", 3), 429),
        (index_errors.StatementNotFound("x"), 404), (index_errors.IndexUnavailable("x"), 503),
        (index_errors.ModelUnavailable("x"), 503), (index_errors.StoreUnavailable("x"), 503),
    ],
)  # fmt: skip
def test_the_nearest_class_decides(fault: Exception, status: int) -> None:
    assert status_of(fault) == status


def test_tables_name_only_codes_with_titles() -> None:
    codes = {*CODES.values(), *(code for code, _ in HTTP_CODES.values()), "internal-error"}
    assert codes <= set(problem_titles())
    assert set(STATUS) <= {*OURS, *INDEX, errors.GegencheckError}


def test_titles_exist_in_both_languages_and_swiss_spelling() -> None:
    assert all({"de", "en"} <= set(titles) for titles in problem_titles().values())
    assert problem_title("page-too-large", "de") == "Die Seite ist zu groß"
    assert problem_title("page-too-large", "de-CH") == "Die Seite ist zu gross"
    assert problem_title("page-too-large", "fr") == "The page is too large"
    assert problem_title("something new", "en") == "A fault in the service"
