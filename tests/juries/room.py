import re
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.juries.models import Verdict
from tests import make
from tests.make import Judged

As = Callable[..., TestClient]
ELSEWHERE = {"sec-fetch-site": "cross-site"}
WHY = "The jury found its argument far stronger."


class Room:
    """A judged edition, with two secretaries at the table."""

    def __init__(self, session: Session, as_: As, made: Judged) -> None:
        self.session, self.made = session, made
        self.people = [make.secretary(session, name) for name in ("First Secretary", "Second Secretary")]
        session.commit()
        self.one, self.two = (as_(person) for person in self.people)
        self.path = f"/contests/{made.edition.slug}/jury"
        self.awards = {award.names["en"]: award.id for award in made.edition.awards}
        self.group = {"category_id": str(made.essays[0].category_id), "language": "en"}

    def post(self, step: str, by: TestClient | None = None, **data: Any) -> Any:
        return (by or self.one).post(f"{self.path}/{step}", data=data)

    def opened(self) -> "Room":
        assert self.post("open").status_code == 303
        return self

    def verdict(self, number: int) -> Verdict | None:
        self.session.expire_all()
        essay_id = self.made.essays[number].id
        return self.session.exec(select(Verdict).where(Verdict.essay_id == essay_id)).one_or_none()

    def page(self, *numbers: int) -> str:
        codes = "&".join(f"code={self.made.codes[number]}" for number in numbers)
        return str(self.one.get(f"{self.path}/decide?{codes}").text)

    def decide(self, chosen: dict[int, str], by: TestClient | None = None, reason: str = "", page: str = "") -> Any:
        """As the page has it: what it shows as seen is sent back."""
        seen = re.findall(r'name="seen" value="([^"]*)"', page or self.page(*chosen))
        codes = self.made.codes
        choices = [f"{codes[number]} {self.awards.get(what, what)}" for number, what in chosen.items()]
        return self.post("verdicts", by, choices=choices, seen=seen, reason=reason)

    def confirm(self, number: int, by: TestClient | None = None) -> Any:
        code = self.made.codes[number]
        seen = re.search(
            rf"verdicts/{code}/confirm.*?name=\"seen\" value=\"([^\"]*)\"", self.group_page(self.two), re.S
        )
        return self.post(f"verdicts/{code}/confirm", by or self.two, seen=seen[1] if seen else "")

    def group_page(self, by: TestClient | None = None) -> str:
        where = f"{self.path}/group?category={self.group['category_id']}&in={self.group['language']}"
        return str((by or self.one).get(where).text)
