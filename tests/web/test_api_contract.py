"""The API keeps what its document says, whatever is sent: no 5xx, no answer that the document does not know."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from api_kit import DELIVERED, WAITS, lived_site, program
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from web_kit import Site

from pipeline.web.api.document import document

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    unsupported_method,
)
SCHEMA = schemathesis.openapi.from_dict(dict(document()))
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations()]
LONG = 400  # cases of each operation


@pytest.fixture(scope="module")
def open_site(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One application for all cases."""
    with lived_site(lived, tmp_path_factory.mktemp("contract") / "travail") as one:
        yield one


@pytest.fixture(scope="module")
def known(open_site: Site) -> dict[str, str]:
    """A token, and ids that are there, so that answers are not all 404."""
    asked = program(open_site)
    form, waits = asked.form(DELIVERED), asked.form(WAITS)
    return {
        "token": asked.client.headers["Authorization"],
        "form": waits["sha256"],
        "packet": form["packet"],
        "dossier": form["number"],
        "webhook": "0" * 16,
    }


def asked_of(operation: schemathesis.APIOperation, known: dict[str, str]) -> dict[str, str]:
    """The path parameters of an operation that mean something here."""
    which = next((one for one in ("form", "packet", "dossier", "webhook") if f"/{one}s/" in operation.path), None)
    return {"id": known[which]} if which and "{id}" in operation.path else {}


def hold(open_site: Site, known: dict[str, str], operation: schemathesis.APIOperation, most: int) -> None:
    """Send so many right cases of an operation, and wrong ones."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # schemathesis' own, of a client that it still uses
        _hold_right(open_site, known, operation, most)
        _hold_wrong(open_site, known, operation, most)


def _hold_right(open_site: Site, known: dict[str, str], operation: schemathesis.APIOperation, most: int) -> None:
    """What the document permits, half of it of what is there."""
    mine = asked_of(operation, known)
    cases = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)

    @settings_for(most)
    @hypothesis.given(case=cases, there=hypothesis.strategies.booleans())
    def sent(case: schemathesis.Case, there: bool) -> None:  # noqa: FBT001 -- hypothesis gives it
        if there:
            case.path_parameters = {**(case.path_parameters or {}), **mine}
        _validate(open_site, known, case, CHECKS)

    sent()


def _hold_wrong(open_site: Site, known: dict[str, str], operation: schemathesis.APIOperation, most: int) -> None:
    """What the document does not permit: it is refused."""
    cases = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings_for(most)
    @hypothesis.given(case=cases)
    def sent(case: schemathesis.Case) -> None:
        _validate(open_site, known, case, (*CHECKS, negative_data_rejection))

    with suppress(hypothesis.errors.Unsatisfiable):  # nothing wrong can be sent to it
        sent()


def _validate(open_site: Site, known: dict[str, str], case: schemathesis.Case, checks: tuple[Any, ...]) -> None:
    headers = {"Authorization": known["token"]}
    answer = case.call(app=open_site.app, base_url="http://localhost", headers=headers)
    case.validate_response(answer, checks=list(checks), headers=headers)


def settings_for(most: int) -> hypothesis.settings:
    """So many cases, the same each time in the short form."""
    return hypothesis.settings(
        max_examples=most,
        deadline=None,
        derandomize=most < LONG,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_the_contract_holds(open_site: Site, known: dict[str, str], operation: schemathesis.APIOperation) -> None:
    """A few cases of each operation."""
    hold(open_site, known, operation, 4)


@pytest.mark.long
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_the_contract_holds_for_many(
    open_site: Site, known: dict[str, str], operation: schemathesis.APIOperation
) -> None:
    """Hundreds of each, others each time."""
    hold(open_site, known, operation, int(os.environ.get("LIASSE_CASES", LONG)))


def test_the_document_is_openapi_3_1_with_examples() -> None:
    """It names its version and its security; every parameter and every operation is described."""
    told = document()
    operations = [one for several in told["paths"].values() for one in several.values()]

    assert told["openapi"].startswith("3.1")
    assert all(one["description"] and one["security"] and one["tags"] for one in operations)
    assert set(told["components"]["securitySchemes"]) == {"token", "session"}
    assert "HTTPValidationError" not in json.dumps(told)
    assert all(
        "application/problem+json" in one["responses"][status]["content"]
        for one in operations
        for status in one["responses"]
        if int(status) >= 400
    )
