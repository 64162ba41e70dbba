"""The registry as JSON, held against its own OpenAPI document."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from sqlmodel import Session

from portal.registry import queries

LIST = "/api/v1/governments"


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def fits(document: dict[str, Any], name: str, value: Any) -> None:
    jsonschema.validate(value, {"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def test_the_document_describes_the_api_and_no_page(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert {LIST, LIST + "/{code}"} <= set(document["paths"])
    assert all(path.startswith("/api/") for path in document["paths"])


def test_everything_in_the_document_is_explained(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert all(parameter["description"] for parameter in operation["parameters"])


def test_the_page_for_people_names_every_parameter_and_field(client: TestClient, document: dict[str, Any]) -> None:
    text = client.get("/api").text
    for parameter in document["paths"][LIST]["get"]["parameters"]:
        assert f"<code>{parameter['name']}</code>" in text
    for schema in document["components"]["schemas"].values():
        assert all(f"<code>{field}</code>" in text for field in schema.get("properties", {}))


def test_one_government(client: TestClient, document: dict[str, Any]) -> None:
    answer = client.get(f"{LIST}/KR-47")
    assert answer.status_code == 200
    fits(document, "GovernmentOut", answer.json())
    assert answer.json()["names"]["ja"] == "慶尚北道"
    assert answer.json()["status"] == "member"
    assert client.get(f"{LIST}/kr-47").json() == answer.json()


def test_a_contact_person_is_no_open_data(client: TestClient, session: Session) -> None:
    government = queries.get_government(session, "KR-47")
    government.contact_name, government.contact_email = "Kim Example", "kim@example.org"
    session.commit()
    assert "example" not in client.get(f"{LIST}/KR-47").text.casefold()


@pytest.mark.parametrize("code", ["KR-99", "x", "%00", "KR-47%20"])
def test_no_such_government_is_a_404_in_json(client: TestClient, document: dict[str, Any], code: str) -> None:
    answer = client.get(f"{LIST}/{code}")
    assert answer.status_code == 404
    fits(document, "Problem", answer.json())


def test_pages_follow_one_another_and_miss_and_repeat_nothing(client: TestClient, document: dict[str, Any]) -> None:
    address, seen = f"{LIST}?limit=20", []
    while address:
        answer = client.get(address).json()
        fits(document, "GovernmentsOut", answer)
        assert answer["total"] == 76
        seen.append([each["code"] for each in answer["governments"]])
        address = answer["next"]
    assert [len(page) for page in seen] == [20, 20, 20, 16]
    codes = [code for page in seen for code in page]
    assert codes == sorted(codes) and len(set(codes)) == 76


def test_a_last_page_that_is_just_full_has_no_next(client: TestClient) -> None:
    assert client.get(f"{LIST}?country=MN&limit=22").json()["next"] is None
    assert client.get(f"{LIST}?country=MN&limit=21").json()["next"] is not None


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("country=RU", 15), ("country=MN", 22), ("country=KP", 2), ("country=KR", 16), ("country=JP", 11),
        ("country=CN", 10), ("status=member", 71), ("status=observer", 5), ("status=former", 0), ("kind=aimag", 21),
        ("committee=tourism", 1), ("q=靑森", 1), ("country=CN&status=observer", 4), ("limit=100", 76),
    ],
)  # fmt: skip
def test_filters_narrow(client: TestClient, query: str, total: int) -> None:
    answer = client.get(f"{LIST}?{query}").json()
    assert answer["total"] == total and len(answer["governments"]) == min(total, 100 if "limit" in query else 50)


def test_the_next_address_keeps_the_filters(client: TestClient) -> None:
    following = client.get(f"{LIST}?country=MN&q=ай&limit=5").json()["next"]
    answer = client.get(following).json()
    assert {each["country"] for each in answer["governments"]} == {"MN"}
    assert "limit=5" in following


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("country=XX", "country"), ("country=", "country"), ("status=friend", "status"), ("kind=kingdom", "kind"),
        ("committee=chess", "committee"), ("limit=0", "limit"), ("limit=101", "limit"), ("limit=many", "limit"),
        ("after=%00", "after"), ("q=" + "x" * 101, "q"), ("contry=KR", "contry"),
    ],
)  # fmt: skip
def test_what_cannot_be_accepted_is_named(
    client: TestClient, document: dict[str, Any], query: str, parameter: str
) -> None:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 422
    fits(document, "WrongRequest", answer.json())
    assert [problem["parameter"] for problem in answer.json()["problems"]] == [parameter]


def test_only_reading(client: TestClient, as_: Callable[..., TestClient], cast: Any) -> None:
    for browser in (client, as_(cast.secretary)):
        assert browser.post(LIST, json={}).status_code == 405
        assert browser.delete(f"{LIST}/KR-47").status_code == 405


def test_whatever_is_asked_the_answer_keeps_to_the_document(client: TestClient, document: dict[str, Any]) -> None:
    """Generated requests, right and wrong: no failure of ours, and every answer as the document says."""
    schema = schemathesis.openapi.from_dict(document)
    for operation in (found.ok() for found in schema.get_all_operations()):

        @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answers_fit(case: Any) -> None:
            path = case.formatted_path
            answer = client.get(path, params=case.query or {})
            assert answer.status_code in {200, 404, 422}, answer.text
            responses = case.operation.definition.raw["responses"]
            if str(answer.status_code) in responses:
                described = responses[str(answer.status_code)]["content"]["application/json"]["schema"]["$ref"]
                fits(document, described.split("/")[-1], answer.json())

        answers_fit()
