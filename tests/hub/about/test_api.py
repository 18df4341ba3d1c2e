"""What the hub says of itself."""

import re

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, NOBODY

from bearhug.hub.repos.records import ROUTE_CHOICES


def test_the_hub_says_when_it_is_ready(box: HubBox) -> None:
    assert box.get(NOBODY, "/health").json() == {"status": "ok"}


def test_the_openapi_document_names_every_endpoint_that_is_no_page(box: HubBox) -> None:
    said = box.get(NOBODY, "/.well-known/openapi.json").json()
    assert said["openapi"].startswith("3.1")
    rows = [row for row in box.app.edge.router.rows if not row.page]
    named = {(method.upper(), path) for path, methods in said["paths"].items() for method in methods}
    assert named == {(row.method, row.path.replace("*}", "}")) for row in rows}
    for path, methods in said["paths"].items():
        for operation in methods.values():
            assert [one["name"] for one in operation["parameters"]] == re.findall(r"\{(\w+)\}", path)
            assert operation["summary"]


def test_choices_of_the_router_are_parameters_for_readers(box: HubBox) -> None:
    paths = box.get(NOBODY, "/.well-known/openapi.json").json()["paths"]
    assert "/api/{types}/{ns}/{name}" in paths
    operation = paths["/api/{types}/{ns}/{name}"]["get"]
    kinds = next(one for one in operation["parameters"] if one["name"] == "types")
    assert kinds["schema"]["enum"] == list(ROUTE_CHOICES["types"])


def test_telemetry_and_agent_questions_are_answered_without_work(box: HubBox) -> None:
    with box.counting() as statements:
        assert box.head(NOBODY, "/api/telemetry/py_xet/session").status_code == 204
        assert box.get(NOBODY, "/api/telemetry/ping").status_code == 204
        assert box.get(NOBODY, "/api/agent-harnesses").json() == {"standardEnvVars": [], "harnesses": {}}
    assert statements == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/models/ada/m/discussions", "no discussions"),
        ("/api/collections", "no collections"),
        ("/api/settings/webhooks/5", "no webhooks"),
        ("/api/jobs/ada", "no jobs"),
        ("/api/spaces/ada/s/runtime", "does not run them"),
    ],
)
def test_what_only_the_public_hub_has_is_called_absent(box: HubBox, path: str, words: str) -> None:
    answer = box.get(NOBODY, path)
    assert (answer.status_code, answer.headers.get("x-error-code")) == (404, None)
    assert answer.json()["error"].startswith("This hub has ")
    assert words in answer.json()["error"]
    assert "no endpoint" in box.get(NOBODY, "/api/collectionsx").json()["error"]


def test_a_repository_without_its_owner_is_not_found_and_the_form_of_names_is_told(box: HubBox) -> None:
    for answer in (box.put(ADA, "/api/models/m/settings", json={}), box.post(ADA, "/api/models/m/branch/dev")):
        assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RepoNotFound")
        assert "OWNER/m" in answer.json()["error"]
