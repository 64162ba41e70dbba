"""An edition that the jury has decided about, and how far its results have come."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now
from portal.contests.models import Award, Edition
from portal.essays.models import Essay
from portal.juries.models import Meeting, Outcome, Verdict, Withheld
from portal.results import queries
from portal.results.models import Publication
from tests import make


class Stage:
    """Two secretaries, two awards, and a jury that has confirmed its decisions unless said otherwise."""

    def __init__(self, session: Session, *, is_decided: bool = True, **fields: Any) -> None:
        self.session = session
        self.secretary = make.secretary(session, "First secretary")
        self.colleague = make.secretary(session, "Second secretary")
        self.edition: Edition = make.edition(session, **fields)
        self.gold, self.silver = (self._award(n, name) for n, name in enumerate(("Grand prize", "Silver"), 1))
        self.essays: list[Essay] = []
        if is_decided:
            self.decide()

    def _award(self, position: int, name: str) -> Award:
        given = {"names": {"en": name}, "prizes": {"en": f"A medal: {name}"}, "places": position}
        award = Award(edition_id=self.edition.id, position=position, **given)
        return make.saved(self.session, award)  # type: ignore[no-any-return]

    @property
    def by(self) -> Viewer:
        return viewer_of(self.session, self.secretary)

    @property
    def second(self) -> Viewer:
        return viewer_of(self.session, self.colleague)

    def decide(self) -> Meeting:
        at = {"closed_by": self.secretary.id, "closed_at": now()}
        confirmed = {"confirmed_by": self.colleague.id, "confirmed_at": now()}
        made = Meeting(edition_id=self.edition.id, opened_by=self.secretary.id, **at, **confirmed)
        return make.saved(self.session, made)  # type: ignore[no-any-return]

    def essay(
        self, outcome: Outcome = Outcome.AWARDED, award: Award | None = None, *, state: str = "in_judging",
        place: int | None = None, agreed: dict[str, bool] | None = None, **fields: Any,
    ) -> Essay:  # fmt: skip
        """Judged, decided about, and with all consents unless `agreed` says otherwise (None: nobody was asked)."""
        made = make.essay(self.session, state, edition=self.edition, **fields)
        given = (award or self.gold).id if outcome is Outcome.AWARDED else None
        verdict = {"outcome": outcome, "award_id": given, "place": place, "decided_by": self.secretary.id}
        make.saved(self.session, Verdict(essay_id=made.id, edition_id=self.edition.id, **verdict))
        if agreed is not None:
            make.consent(self.session, self.author(made), self.edition, **agreed)
        self.essays.append(made)
        return made

    def author(self, essay: Essay) -> Person:
        return self.session.get_one(Person, make.authorship(self.session, essay).person_id)

    def withhold(self, award: Award, number: int = 1, language: str = "en") -> None:
        confirmed = {"confirmed_by": self.colleague.id, "confirmed_at": now()}
        made = Withheld(
            edition_id=self.edition.id, award_id=award.id, category_id=self.edition.categories[1].id,
            language=language, number=number, reason="Secretreason", decided_by=self.secretary.id, **confirmed,
        )  # fmt: skip
        make.saved(self.session, made)

    def publish(self, at: dt.datetime | None = None, **fields: Any) -> Publication:
        """Ordered and confirmed yesterday, for this instant; an hour ago if none is said."""
        publish_at, yesterday = at or now() - dt.timedelta(hours=1), now() - dt.timedelta(days=1)
        given = {
            "ordered_by": self.secretary.id, "ordered_at": yesterday, "confirmed_by": self.colleague.id,
            "confirmed_at": yesterday, "digest": queries.digest(self.session, self.edition), **fields,
        }  # fmt: skip
        publication = Publication(edition_id=self.edition.id, publish_at=publish_at, **given)
        return make.saved(self.session, publication)  # type: ignore[no-any-return]

    def judged(self, essay: Essay, points: Sequence[Sequence[int]], **fields: Any) -> list[Any]:
        """A judge for each list of points."""
        found = []
        for given in points:
            appointment = make.appointment(self.session, essay, make.judge(self.session, self.edition), **fields)
            make.marks(self.session, appointment, *given)
            found.append(appointment)
        return found
