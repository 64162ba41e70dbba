"""An edition with essays and a panel, and its deals computed and made by their jobs."""

import uuid
from collections import Counter
from typing import Any

from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer, viewer_of
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.db import Database
from portal.deals import actions, jobs, making
from portal.deals.models import Deal, DealKind
from portal.essays.models import Essay
from portal.jobs.registry import Services
from portal.judging.models import Appointment, Judge, Round
from portal.settings import Settings
from tests import make

HOMES = ("MN-1", "JP-32", "RU-PRI")


class Stage:
    """`essays` admitted essays of three governments in two languages, and judges of other governments."""

    def __init__(
        self, session: Session, database: Database, settings: Settings, *, essays: int = 6, judges: int = 4,
        **fields: Any,
    ) -> None:  # fmt: skip
        self.session = session
        self.services = Services(settings, database)
        self.secretary: Person = make.secretary(session)
        self.edition: Edition = make.edition(session, **{"first_readings": 2, **fields})
        self.essays: list[Essay] = [self.essay(n) for n in range(essays)]
        self.judges: list[Judge] = [self.judge(n) for n in range(judges)]
        session.commit()

    def essay(self, n: int = 0, state: str = "admitted", **fields: Any) -> Essay:
        whole = select(Edition).where(Edition.id == self.edition.id).options(*contests.parts())
        self.session.exec(whole.execution_options(populate_existing=True)).one()
        home = make.government(self.session, HOMES[n % 3])
        given = {"language": ("en", "ru")[n % 2], "government": home, "edition": self.edition, **fields}
        return make.essay(self.session, state, **given)

    def judge(self, n: int = 0, home: str = "KR-47", languages: Any = ("en", "ru"), **fields: Any) -> Judge:
        made = make.judge(self.session, self.edition, make.government(self.session, home), languages, name=f"Judge {n}")
        for name, value in fields.items():
            setattr(made, name, value)
        return make.saved(self.session, made)  # type: ignore[no-any-return]

    @property
    def by(self) -> Viewer:
        return viewer_of(self.session, self.secretary)

    # Deals

    def ordered(self, round_: Round = Round.FIRST, **named: Any) -> Deal:
        made = actions.order(self.session, self.edition, round_, DealKind.ROUND, by=self.by, **named)
        self.session.commit()
        return made

    def computed(self, round_: Round = Round.FIRST, **named: Any) -> Deal:
        made = self.ordered(round_, **named)
        return self.compute(made)

    def compute(self, deal: Deal) -> Deal:
        jobs.compute(self.services, str(deal.id))
        self.session.expire_all()
        return deal

    def make(self, deal: Deal) -> Deal:
        jobs.make(self.services, str(deal.id))
        self.session.expire_all()
        return deal

    def dealt(self, round_: Round = Round.FIRST, **named: Any) -> Deal:
        made = self.computed(round_, **named)
        making.make(self.session, self.edition, made, by=self.by)
        self.session.commit()
        return self.make(made)

    def again(self) -> Deal:
        """The newest deal AGAIN, computed and made as its jobs do it."""
        found = self.deals(DealKind.AGAIN)[-1]
        return self.make(self.compute(found))

    def deals(self, kind: DealKind | None = None) -> list[Deal]:
        self.session.expire_all()
        found = self.session.exec(select(Deal).where(Deal.edition_id == self.edition.id).order_by(Deal.ordered_at))
        return [each for each in found if kind in (None, each.kind)]

    # What became of it

    def people(self) -> list[Person]:
        """The judges."""
        return [self.session.get_one(Person, judge.person_id) for judge in self.judges]

    def readings(self, *, ended: bool = False) -> list[Appointment]:
        self.session.expire_all()
        found = self.session.exec(select(Appointment)).all()
        return [each for each in found if ended or each.ended_at is None]

    def judges_of(self, essay: Essay) -> set[uuid.UUID]:
        return {each.judge_id for each in self.readings() if each.essay_id == essay.id}

    def loads(self) -> Counter[uuid.UUID]:
        return Counter(each.judge_id for each in self.readings())
