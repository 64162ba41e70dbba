"""A call whose lists are locked, and a match of it made and published by the real jobs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from portal.accounts.viewer import viewer_of
from portal.applications.models import Application
from portal.calls.models import Call
from portal.clock import now
from portal.db import Database
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.matches import actions, jobs
from portal.matches.models import Run
from portal.openings.models import Opening
from portal.placements import actions as placements
from portal.placements.matching import Side
from portal.placements.models import HOLDING, Placement
from portal.placements.rules import Step
from portal.rankings.models import RankingEntry
from portal.registry.models import Government
from portal.settings import Settings
from tests import make
from tests.people import Cast

ORIGIN = "http://127.0.0.1:8000"


def a_call(session: Session, **fields: Any) -> Call:
    """Rankings were due yesterday."""
    at = now().replace(microsecond=0)
    due = {
        "opens_at": at - dt.timedelta(days=60), "applications_due_at": at - dt.timedelta(days=40),
        "nominations_due_at": at - dt.timedelta(days=20), "rankings_due_at": at - dt.timedelta(days=1),
    }  # fmt: skip
    return make.call(session, **{**due, **fields})


def ranks(session: Session, opening: Opening, *tiers: Application | Sequence[Application]) -> None:
    """The host's list from the best on; an inner list is a tie. What was there before is replaced."""
    by = make.coordinator(session, session.get_one(Government, opening.government_id))
    for entry in session.exec(select(RankingEntry).where(RankingEntry.opening_id == opening.id)):
        session.delete(entry)
    session.flush()
    for place, tier in enumerate(tiers, 1):
        for application in [tier] if isinstance(tier, Application) else tier:
            session.add(
                RankingEntry(opening_id=opening.id, application_id=application.id, place=place, changed_by=by.id)
            )
    session.flush()


def nominated(session: Session, *choices: Opening, **fields: Any) -> Application:
    return make.application(session, "nominated", choices=choices, **fields)


class Stage:
    """The secretariat with its jobs. `first` asks and `second` confirms."""

    def __init__(self, session: Session, cast: Cast, database: Database, settings: Settings) -> None:
        self.session, self.cast = session, cast
        self.services = Services(settings, database)
        self.first = viewer_of(session, cast.secretary)
        self.second = viewer_of(session, make.secretary(session, "Second secretary"))

    def dry_run(self, call: Call, *, seed: int = 7, optimal_for: Side = Side.APPLICANTS) -> Run:
        run = actions.ask_for_run(self.session, call, optimal_for=optimal_for, seed=seed, by=self.first)
        self.session.commit()
        jobs.run_match(self.services, str(run.id))
        return self.fresh(run)

    def ask(self, call: Call, run: Run) -> None:
        actions.ask_to_publish(self.session, call, run, by=self.first, origin=ORIGIN)
        self.session.commit()

    def confirm(self, call: Call, run: Run) -> None:
        actions.confirm(self.session, call, run, by=self.second)
        self.session.commit()

    def published(self, call: Call, *, seed: int = 7, optimal_for: Side = Side.APPLICANTS) -> Run:
        run = self.dry_run(call, seed=seed, optimal_for=optimal_for)
        self.ask(call, run)
        self.confirm(call, run)
        jobs.publish_match(self.services, str(run.id))
        return self.fresh(run)

    def go_on(self, call: Call) -> None:
        self.session.commit()
        jobs.continue_match(self.services, str(call.id))
        self.session.expire_all()

    def fresh(self, run: Run) -> Run:
        self.session.expire_all()
        return self.session.get_one(Run, run.id)

    def step(self, application: Application, step: Step, **fields: Any) -> None:
        """The placement that this applicant has takes a step, whoever is in charge of it."""
        placement = self.placement(application)
        if step is Step.APPROVE:
            fields = {"expires_at": now() + dt.timedelta(days=7), **fields}
        decided = {"approved_at": now(), "approved_by": placement.proposed_by}
        answered = {"answered_at": now()} if step in {Step.ACCEPT, Step.DECLINE} else {}
        for name, value in {**decided, **answered, **fields}.items():
            setattr(placement, name, value)
        placements.take_step(self.session, placement, step, by=placement.proposed_by)
        self.session.commit()

    def placement(self, application: Application) -> Placement:
        query = select(Placement).where(Placement.application_id == application.id, col(Placement.status).in_(HOLDING))
        return self.session.exec(query.options(joinedload(Placement.opening))).one()

    def places(self) -> dict[Any, Any]:
        """Who holds a place where, now."""
        self.session.expire_all()
        held = self.session.exec(select(Placement).where(col(Placement.status).in_(HOLDING)))
        return {placement.application_id: placement.opening_id for placement in held}

    def runs(self, call: Call) -> list[Run]:
        self.session.expire_all()
        return list(self.session.exec(select(Run).where(Run.call_id == call.id).order_by(col(Run.number))))

    def told(self) -> list[tuple[str, str]]:
        """Templates and addresses of the messages about the match, in the order of their names."""
        found = self.session.exec(select(Message).where(col(Message.template).startswith("matches/")))
        return sorted((message.template.removeprefix("matches/"), message.address) for message in found)
