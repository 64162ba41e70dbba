"""What a secretary types on the pages of the edition editor."""

from typing import Any

from fastapi.testclient import TestClient

NEW = {
    "title_en": "Rivers and roads", "slug": "peace-2027", "zone": "Asia/Ulaanbaatar", "opens_at": "2027-01-10T09:00",
    "due_at": "2027-03-31T18:00", "judging_due_at": "2027-05-31T18:00",
}  # fmt: skip
DATES = {
    **{name: NEW[name] for name in ("zone", "opens_at", "due_at", "judging_due_at")}, "first_readings": "3",
    "finalists": "12", "final_readings": "5", "final_due_at": "2027-06-30T18:00", "jury_on": "2027-07-02",
    "results_at": "2027-07-05T10:00",
}  # fmt: skip
TEXTS = {"title_en": "Rivers and roads", "title_mn": "Гол ба зам", "text_en": "Write about your region."}


def draft(secretary: TestClient, **changes: Any) -> str:
    """The address of a new edition that lacks nothing."""
    given = {**NEW, **changes}
    here = f"/contests/{given['slug']}"
    assert secretary.post("/contests/new", data=given).headers["location"] == f"{here}/edit"
    saved(secretary, f"{here}/edit/texts", TEXTS)
    saved(secretary, f"{here}/edit/themes/new", {"name_en": "Rivers", "name_mn": "Гол"})
    return here


def saved(secretary: TestClient, path: str, given: dict[str, Any]) -> None:
    answer = secretary.post(path, data=given)
    assert answer.status_code == 303, (path, answer.status_code)
