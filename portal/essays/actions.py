"""Writing and sending essays. `take_step` alone sets an essay's status."""

import secrets
import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete

from portal.accounts import queries as people
from portal.accounts.models import Person, Role
from portal.accounts.viewer import VISITOR, Viewer
from portal.clock import now
from portal.consents.rules import Standing
from portal.contests import queries as contests
from portal.contests.models import AiRule, Edition
from portal.contests.rules import category_for, is_open
from portal.errors import Conflict, NotAllowed
from portal.essays import queries, rules
from portal.essays.forms import AboutForm, ChoiceForm, DraftForm, Keep, StatementsForm
from portal.essays.models import Authorship, Essay, SetAside, Source, Submission
from portal.essays.rules import Step
from portal.history.actions import record
from portal.i18n import N_
from portal.jobs.queue import enqueue
from portal.mail.actions import send
from portal.mail.rules import Recipient

# Without 0 and O, 1 and I: codes are read aloud and copied by hand.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ELSEWHERE = N_("This essay was changed in another window since you opened this page. Reload it and compare.")
NOT_NOW = N_("This essay is not in a state in which that can be done. Reload the page to see where it stands.")

# Writing


def start_essay(session: Session, edition: Edition, *, by: Viewer) -> Authorship:
    """One essay a person and edition: whoever has begun already gets theirs."""
    existing = queries.own_in(session, by, edition)
    if existing is not None:
        return existing
    contests.hold(session, edition)  # nobody makes them a judge meanwhile
    if contests.has_ever_been(session, by.id, Role.JUDGE, edition.id):
        raise Conflict(N_("You judge this edition, so you cannot write an essay for it."))
    if not is_open(edition, now()):
        raise Conflict(N_("This contest is not open for essays now. Its page says from when to when it is."))
    try:
        with session.begin_nested():
            own = begin(session, edition, by.id, "started", by=by)
    except IntegrityError:  # another window was faster
        found = queries.own_in(session, by, edition)
        assert found is not None, "the other window's"
        own = found
    return own


def begin(
    session: Session, edition: Edition, author_id: uuid.UUID, deed: str, *, by: Viewer, **known: Any
) -> Authorship:
    """An empty draft of this author; `known` is what is known of them already."""
    essay = Essay(edition_id=edition.id)
    session.add(essay)
    session.flush()
    own = Authorship(essay_id=essay.id, edition_id=edition.id, person_id=author_id, **known)
    session.add(own)
    session.flush()
    record(session, deed, "authorship", own.id, by=by.id)
    return own


def random_code(length: int) -> str:
    """Random, so that it tells neither who nor when nor in which order."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def write_about(session: Session, own: Authorship, given: AboutForm, *, by: Viewer) -> None:
    _about_writable(own, given.version, given.began)
    if own.entered_by is not None and given.government_id != own.government_id:
        raise Conflict(rules.FIXED_HOME)
    own.native_name, own.roman_name = given.native_name, given.roman_name
    own.born_on, own.school, own.government_id = given.born_on, given.school, given.government_id
    own.nationality = given.nationality
    own.essay.category_id = _category_id(own)
    _changed(session, own, by=by)


def write_statements(session: Session, own: Authorship, given: StatementsForm, *, by: Viewer) -> None:
    _about_writable(own, given.version, given.began)
    own.is_original = given.is_original
    own.used_ai = _used_ai(own.essay.edition.ai_rule, given)
    own.ai_use = given.ai_use if own.used_ai else ""
    _changed(session, own, by=by)


def _used_ai(ai_rule: AiRule, given: StatementsForm) -> bool | None:
    if ai_rule is AiRule.BARRED:
        return False if given.used_none else None
    return given.used_ai if ai_rule is AiRule.DISCLOSED else None


def _about_writable(own: Authorship, version: int, began: str) -> None:
    """An editor in another window that saves the text is nothing that these pages could overwrite."""
    current = own.essay.version if began == rules.mark_of_author(own) else version
    _writable(own.essay, current)


def _writable(essay: Essay, version: int) -> None:
    _open(essay)
    if version != essay.version:
        raise Conflict(ELSEWHERE)


def _open(essay: Essay) -> None:
    why_not = rules.why_not_written(essay, essay.edition, now())
    if why_not:
        raise Conflict(why_not)


def _changed(session: Session, own: Authorship, *, by: Viewer) -> None:
    own.essay.version += 1
    session.add(own)
    record(session, "wrote", "authorship", own.id, by=by.id, version=own.essay.version)


# The text


class Overtaken(Conflict):
    """Another window wrote on: the author chooses."""


def write_text(session: Session, own: Authorship, given: DraftForm, *, by: Viewer) -> None:
    """Saved by hand."""
    _write(own.essay, given)
    record(session, "wrote", "authorship", own.id, by=by.id, version=own.essay.version)


def keep_draft(session: Session, own: Authorship, given: DraftForm, *, by: Viewer) -> None:
    """Saved by the editor while somebody types. The history keeps the first of each sitting."""
    is_first = own.essay.sitting != given.sitting
    if _write(own.essay, given) and is_first:
        record(session, "began writing", "authorship", own.id, by=by.id, version=own.essay.version)


def _write(essay: Essay, given: DraftForm) -> bool:
    """Whether anything was new. What already stands there was saved before, whatever version it came with."""
    _open(essay)
    if _mark(given) == rules.mark_of(essay):
        return False
    if rules.is_overtaken(essay, version=given.version, began=given.began, sitting=given.sitting):
        raise Overtaken(ELSEWHERE)
    _put(essay, given)
    return True


def _mark(given: DraftForm) -> str:
    return rules.mark(given.theme_id, given.language, given.title, given.text, given.notes)


def _put(essay: Essay, given: DraftForm) -> None:
    if given.text != essay.text:
        essay.source = Source.TYPED
    essay.theme_id, essay.language = given.theme_id, given.language
    essay.title, essay.text, essay.notes = given.title, given.text, given.notes
    essay.saved_at = now()
    essay.version += 1
    essay.sitting, essay.sitting_version = given.sitting, essay.version


def choose(session: Session, own: Authorship, given: ChoiceForm, *, by: Viewer) -> None:
    """Keeps one of two texts and sets the other aside. If a third was written meanwhile, the author is asked again."""
    essay = own.essay
    _open(essay)
    if _mark(given) == rules.mark_of(essay):
        return
    if rules.is_overtaken(essay, version=given.version, began=given.began):
        raise Overtaken(ELSEWHERE)
    if given.keep is Keep.MINE:
        _set_aside(session, essay, essay)
        _put(essay, given)
    else:
        _set_aside(session, essay, given)
    record(session, "chose", "authorship", own.id, by=by.id, kept=given.keep.value, version=essay.version)


def _set_aside(session: Session, essay: Essay, lost: Essay | DraftForm) -> None:
    """Once, however often the button is pressed."""
    aside = SetAside(essay_id=essay.id, title=lost.title, text=lost.text, notes=lost.notes)
    if (aside.title or aside.text or aside.notes) and not queries.is_set_aside(session, aside):
        session.add(aside)


def _category_id(own: Authorship) -> uuid.UUID | None:
    edition = own.essay.edition
    found = own.born_on and category_for(edition.categories, own.born_on, edition.reference_on)
    return found.id if found else None


def missing(session: Session, own: Authorship) -> list[rules.Check]:
    """What still keeps this essay from being sent."""
    return checks(own, queries.consents_of(session, own))


def checks(own: Authorship, standing: Standing) -> list[rules.Check]:
    return rules.missing(own, own.essay, own.essay.edition, standing) + rules.lacks_on_paper(own, standing)


def submit_essay(session: Session, own: Authorship, *, version: int, by: Viewer) -> None:
    essay = own.essay
    _writable(essay, version)
    lacking = missing(session, own)
    if lacking:
        raise Conflict(lacking[0].problem)
    essay.category_id = _category_id(own)
    essay.source = Source.PAPER if own.entered_by else essay.source
    essay.submitted_at = now()
    essay.submitted_digest = rules.digest(essay.title, essay.text, essay.notes)
    own.number = own.number or f"E-{random_code(8)}"
    session.add(_submission(session, essay))
    session.exec(delete(SetAside).where(col(SetAside.essay_id) == essay.id))
    take_step(session, essay, Step.SUBMIT, by=by, author=own)
    enqueue(session, "find_passages", str(essay.id), key=f"{essay.id}:{essay.submitted_at.isoformat()}")
    tell(session, own, "essays/received", essay)


def _submission(session: Session, essay: Essay) -> Submission:
    assert essay.submitted_at is not None and essay.submitted_digest is not None, "it is being sent"
    return Submission(
        essay_id=essay.id, number=queries.times_sent(session, essay) + 1, submitted_at=essay.submitted_at,
        digest=essay.submitted_digest, title=essay.title, text=essay.text, notes=essay.notes,
    )  # fmt: skip


def withdraw_essay(session: Session, own: Authorship, *, by: Viewer) -> None:
    take_step(session, own.essay, Step.WITHDRAW, by=by, author=own)
    tell(session, own, "essays/withdrawn", own.essay)


def stop_essay(session: Session, own: Authorship) -> bool:
    """Because the consent to taking part was refused or withdrawn; False where nothing goes on that could be stopped.

    Nobody is named in the essay's history: whose consent it was would tell who wrote it.
    """
    if (own.essay.status, Step.STOP) not in rules.STEPS:
        return False
    take_step(session, own.essay, Step.STOP, by=VISITOR)
    return True


def take_step(session: Session, essay: Essay, step: Step, *, by: Viewer, author: Authorship | None = None) -> None:
    """The only place that sets an essay's status.

    What an author does is recorded on the authorship: the history of an essay must not name its author.
    """
    is_author = author is not None and rules.acts_for(by, author)
    if not rules.is_theirs(by, step, essay, is_author=is_author):
        raise NotAllowed
    if not rules.may(by, step, essay, is_author=is_author):
        raise Conflict(NOT_NOW)
    essay.status = rules.STEPS[essay.status, step]
    essay.version += 1
    session.add(essay)
    if author is not None and step in rules.AUTHORS_STEPS:
        behalf = {} if by.person_id == author.person_id else {"on_behalf": True}
        record(session, step.value, "authorship", author.id, by=by.id, status=essay.status.value, **behalf)
    else:
        record(session, step.value, "essay", essay.id, by=by.person_id, status=essay.status.value)


def tell(session: Session, own: Authorship, template: str, essay: Essay, **values: object) -> None:
    edition = session.get_one(Edition, essay.edition_id)
    to = addressee(session, own)
    send(session, template, edition.id, to=to, essay=essay, edition=edition, number=own.number, **values)


def addressee(session: Session, own: Authorship) -> Recipient:
    """The author; for one without an address a coordinator, who is told to whom to pass it on."""
    author = contests.person(session, own.person_id)
    if author.email:
        return people.recipient(author)
    return replace(people.recipient(_helper(session, own)), passes_on_to=author.name)


def _helper(session: Session, own: Authorship) -> Person:
    """Who entered the essay from paper, or a colleague once they have left; never a judge of the edition."""
    assert own.entered_by is not None, "only on paper one writes without an address"
    office = people.coordinators(session, own.government_id) if own.government_id else []
    apart = [each for each in office if not contests.has_ever_been(session, each.id, Role.JUDGE, own.edition_id)]
    entered_by = session.get_one(Person, own.entered_by)
    return entered_by if entered_by in apart or not apart else apart[0]
