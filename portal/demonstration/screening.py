"""What two screeners decide about the essays that were sent."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.demonstration.people import People
from portal.essays import actions as essays
from portal.essays.forms import TextForm
from portal.essays.models import Authorship
from portal.screening import actions as screening
from portal.screening import queries
from portal.screening.models import Item, Reason


def first(people: People) -> Viewer:
    return people.secretary


def second(people: People) -> Viewer:
    return people.viewer(people.role("screener"))


def leave(_session: Session, _people: People, _own: Authorship, _row: Mapping[str, Any]) -> None:
    """A draft, or an essay that waits for a screener."""


def admit(session: Session, people: People, own: Authorship, row: Mapping[str, Any]) -> None:
    """After one correction, if the row has an earlier text; with what judges must not read hidden."""
    by = first(people)
    if "before_opening" in row:
        _return_and_correct(session, people, own, row)
    screening.tick(session, own.essay, list(Item), [], by=by)
    for words in row.get("hides", ()):
        places = queries.still_shown(session, own.essay, words)
        assert places, f"{words} does not stand in {row['title']}"
        screening.hide(session, own.essay, places, digest=own.essay.submitted_digest or "", by=by)
    screening.admit(session, own.essay, by=by)
    session.flush()


def give_back(session: Session, people: People, own: Authorship, row: Mapping[str, Any]) -> None:
    screening.return_once(session, own.essay, Reason(row["code"]), row["reason"], by=first(people))
    session.flush()


def propose(session: Session, people: People, own: Authorship, row: Mapping[str, Any]) -> None:
    """A disqualification that waits for the second screener."""
    screening.propose(session, own.essay, Reason(row["code"]), row["reason"], by=first(people))
    session.flush()


def disqualify(session: Session, people: People, own: Authorship, row: Mapping[str, Any]) -> None:
    propose(session, people, own, row)
    screening.confirm(session, own.essay, by=second(people))
    session.flush()


def withdraw(session: Session, people: People, own: Authorship, row: Mapping[str, Any]) -> None:
    essays.withdraw_essay(session, own, by=people.viewer(session.get_one(Person, own.person_id)))


def _return_and_correct(session: Session, people: People, own: Authorship, row: Mapping[str, Any]) -> None:
    """What was sent first told who wrote it; what was sent then did not."""
    give_back(session, people, own, {"code": "identity", "reason": row["before_reason"]})
    author = people.viewer(session.get_one(Person, own.person_id))
    essay = own.essay
    typed = TextForm(
        version=essay.version, theme_id=essay.theme_id, language=essay.language, title=essay.title, text=row["text"]
    )
    essays.write_text(session, own, typed, by=author)
    session.flush()
    essays.submit_essay(session, own, version=essay.version, by=author)
    session.flush()
