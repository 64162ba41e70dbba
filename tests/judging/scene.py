"""An essay of an author of whom everything is known, in judging; made by the portal's own actions as far as they go."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from sqlmodel import Session, SQLModel, col, select

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer, token_digest, viewer_of
from portal.appeals.models import Appeal
from portal.clock import now
from portal.consents import actions as consents
from portal.consents.models import Case, Consent, ConsentGuardian, Method, Purpose
from portal.contests import actions as contests
from portal.contests.models import Edition
from portal.contests.rules import EditionStep
from portal.deals.models import Deal, DealKind, DealStatus
from portal.diplomas.models import Diploma
from portal.essays.models import Authorship, Essay, Manuscript, SetAside, Source, Submission
from portal.essays.rules import digest
from portal.files.models import StoredFile
from portal.files.storage import Storage, new_key
from portal.judging import actions as judging
from portal.judging.models import Appointment, Judge, Round
from portal.mail.models import Message
from portal.passages import actions as passages
from portal.passages.models import Fingerprinted, SharedPassages
from portal.registry.models import Government
from portal.screening import actions as screening
from portal.screening.models import Disqualification, FairCopy, Part, Reason, Redaction, Tick
from portal.screening.rules import places, words_of
from portal.standings.models import Occasion, Standing
from portal.trainings.models import Anchor
from tests import make
from tests.files import samples

NATIVE, ROMAN, ACCOUNT = "Цэнгэлмаа Юндэнбат", "Yundenbat Tsengelmaa", "Tsengee the account"
ADDRESS = "tsengelmaa.writes@canarymail.example"
SCHOOL = "Canary Lyceum of the Eastern Steppe"
GUARDIAN, GUARDIANS_ADDRESS = "Юндэн Canaryparent", "yunden.parent@canarymail.example"
COORDINATOR = "Dolgorsuren Canarydesk"
SCREENERS = ("Khulan Canaryscreen", "Zolboo Canaryscreen")
FIRST_TITLE, SET_ASIDE, AI_USE = "Firsttitlecanary", "Setasidecanary", "Dictionarycanary of my aunt"
HIDDEN = {Part.TITLE: "Titlecanary", Part.TEXT: f"{ROMAN} of {SCHOOL}, Textcanary", Part.NOTES: "Notescanary"}
WHY_OUT, WHY_NOT_OUT = "Reasoncanary: her uncle is a writer.", "Answercanary: he is not."
FILE_NAME = "Tsengelmaa Yundenbat, Canary Lyceum.pdf"
FIRST_SENT_AT = dt.datetime(2026, 2, 9, 2, 13, 47, 123456, tzinfo=dt.UTC)
SENT_AT = dt.datetime(2026, 3, 17, 4, 37, 21, 654321, tzinfo=dt.UTC)
OFFER = "offer-to-judge-" + "x" * 28
TOKEN = "canary-token-of-a-guardian-0123456789-abcdefg"
KEPT: tuple[type[SQLModel], ...] = (
    Essay, Authorship, Submission, SetAside, Manuscript, StoredFile, Case, ConsentGuardian, Consent, Redaction, Tick,
    Disqualification, FairCopy, SharedPassages, Message,
)  # fmt: skip


def manuscript() -> bytes:
    """Worse than what the portal keeps: it is not even stripped of what it says about its author."""

    def tell(made: pikepdf.Pdf) -> None:
        made.docinfo["/Author"], made.docinfo["/Title"] = ROMAN, FILE_NAME
        made.attachments["canary.txt"] = b"canary manuscript bytes of Tsengelmaa"

    return samples.pdf(change=tell)


FILE = manuscript()


@dataclass
class Scene:
    session: Session
    edition: Edition
    essay: Essay
    own: Authorship
    other: Essay
    appointment: Appointment
    judge: Person
    file: StoredFile

    def rows(self, table: Any) -> list[Any]:
        return list(self.session.exec(select(table)))


def make_scene(session: Session, storage: Storage, folder: Path, source: Source) -> Scene:
    """The author wrote and sent twice, or a coordinator typed it from paper; two screeners, two judges."""
    secretary = viewer_of(session, make.secretary(session))
    edition = _edition(session, secretary)
    author = make.person(session, ACCOUNT, email=ADDRESS, language="mn", zone="Asia/Ulaanbaatar", created_at=SENT_AT)
    essay = _essay(session, edition, author, source)
    own = make.authorship(session, essay)
    _identify(session, own)
    file = _upload(session, storage, essay, author, folder / "manuscript")
    _agree(session, own, author, edition, source, file)
    other = make.essay(session, edition=edition, language="mn", text=essay.text, government=make.government(session))
    for each in (other, essay):
        passages.compare(session, each.id)
    _screen(session, essay)
    appointments = _appoint(session, edition, essay, secretary)
    make.message(session, address=ADDRESS, text=f"{NATIVE}, {essay.code}", person_id=author.id)
    make.marks(session, appointments[1], 5, 6, 7, 8, 9)
    _train(session, edition, appointments)
    _go_on(session, edition, essay, appointments)
    session.commit()
    judge = session.get_one(Judge, appointments[0].judge_id)
    return Scene(session, edition, essay, own, other, appointments[0], session.get_one(Person, judge.person_id), file)


def _edition(session: Session, secretary: Viewer) -> Edition:
    """Copied from an earlier one, and published."""
    earlier = make.edition(session)
    made = contests.copy_edition(session, earlier, f"{earlier.slug}-again", by=secretary)
    contests.take_edition_step(session, made, EditionStep.PUBLISH, by=secretary)
    return made


def _essay(session: Session, edition: Edition, author: Person, source: Source) -> Essay:
    said = f"{make.ENGLISH}\nI am {HIDDEN[Part.TEXT]}.\n{make.ENGLISH}"
    made = make.essay(
        session, edition=edition, author=author, language="mn", source=source, submitted_at=SENT_AT, text=said,
        title=f"The river and {HIDDEN[Part.TITLE]}", notes=f"{HIDDEN[Part.NOTES]}, page 7", created_at=FIRST_SENT_AT,
        saved_at=SENT_AT, returned_at=FIRST_SENT_AT, reason_code="identity", reason=WHY_OUT,
    )  # fmt: skip
    for number, (title, at) in enumerate(((FIRST_TITLE, FIRST_SENT_AT), (made.title, SENT_AT)), 1):
        sent = {"title": title, "text": f"{title} {made.text}", "digest": digest(title, made.text)}
        make.saved(session, Submission(essay_id=made.id, number=number, submitted_at=at, notes=made.notes, **sent))
    make.saved(session, SetAside(essay_id=made.id, title=SET_ASIDE, text=SET_ASIDE * 9, set_aside_at=SENT_AT))
    return made


def _identify(session: Session, own: Authorship) -> None:
    own.native_name, own.roman_name, own.school = NATIVE, ROMAN, SCHOOL
    own.government_id = _home(session).id
    own.used_ai, own.ai_use = True, AI_USE
    make.saved(session, own)


def _home(session: Session) -> Government:
    """A government of its own, so that its name stands nowhere else."""
    home = make.government(session, "MN-061")
    home.names = {
        "en": "Canaryland Aimag", "zh-Hans": "金丝雀省", "mn": "Канари аймаг", "ja": "カナリア県", "ko": "카나리아도",
    }  # fmt: skip
    home.native_name = "Канари аймаг"
    return make.saved(session, home)  # type: ignore[no-any-return]


def _upload(session: Session, storage: Storage, essay: Essay, author: Person, source: Path) -> StoredFile:
    """The bytes lie in storage, where a download would find them."""
    source.write_bytes(FILE)
    key = new_key()
    storage.put(source, key)
    made = make.stored_file(session, author, name=FILE_NAME, key=key, sha256=hashlib.sha256(FILE).hexdigest())
    make.manuscript(session, essay, file=made, uploaded_at=SENT_AT)
    return made


def _agree(
    session: Session, own: Authorship, author: Person, edition: Edition, source: Source, file: StoredFile
) -> None:
    case = make.case(session, author, edition)
    answers = {purpose: purpose is not Purpose.NAME for purpose in Purpose}
    if source is Source.PAPER:
        desk = make.coordinator(session, session.get_one(Government, own.government_id), COORDINATOR)
        own.entered_by, own.entered_at = desk.id, SENT_AT
        own.scan_id, own.compared_at = file.id, SENT_AT
        given = {"guardian_name": GUARDIAN, "language": "mn", "scan_id": file.id, "by": desk.id}
        consents.enter_from_paper(session, case, answers, **given)
        return
    named = make.named_guardian(
        session, case, TOKEN, name=GUARDIAN, email=GUARDIANS_ADDRESS, asked_at=SENT_AT, answered_at=now()
    )
    consents.decide(
        session, case, answers, method=Method.LINK, by=None, guardian_id=named.id, name=GUARDIAN, wording="2026-1",
        language="mn", digest="0" * 64,
    )  # fmt: skip


def _screen(session: Session, essay: Essay) -> None:
    """A disqualification proposed and dismissed, passages hidden, all ticked, admitted."""
    edition = session.get_one(Edition, essay.edition_id)
    people = [make.screener(session, edition, name) for name in SCREENERS]
    first, second = (viewer_of(session, person) for person in people)
    screening.propose(session, essay, Reason.COPIED, WHY_OUT, by=first)
    screening.dismiss(session, essay, WHY_NOT_OUT, by=second)
    hidden = [(part, place) for part, said in words_of(essay).items() for place in places(said, HIDDEN[part])]
    assert {part for part, _place in hidden} == set(Part)
    screening.hide(session, essay, hidden, digest=essay.submitted_digest or "", by=first, reason=WHY_OUT)
    make.ticked(session, essay, people[0])
    screening.admit(session, essay, by=second)
    essay.screened_at = SENT_AT


def _appoint(session: Session, edition: Edition, essay: Essay, secretary: Viewer) -> list[Appointment]:
    for name in ("The judge", "Another judge"):
        person = make.person(session, name)
        judge = judging.add_judge(
            session, edition, person, languages=["mn", "en"], government_id=make.government(session, "JP-32").id,
            by=secretary,
        )  # fmt: skip
        assert judging.appoint(session, edition, essay, judge, by=secretary) is None
    found = select(Appointment).join(Judge).join(Judge.person).where(Appointment.essay_id == essay.id)
    return list(session.exec(found.order_by(col(Person.name).desc())))


def _train(session: Session, edition: Edition, appointments: list[Appointment]) -> None:
    """The judge has marked one of two anchor essays, another judge both."""
    first, second = (session.get_one(Judge, each.judge_id) for each in appointments)
    for n in (1, 2):
        anchor = make.anchor(session, edition, n)
        make.training(session, anchor, second, 4, 5, 6, 7, 8)
        if n == 1:
            make.training(session, anchor, first, 5, 5, 5, 5, 5)


def _go_on(session: Session, edition: Edition, essay: Essay, appointments: list[Appointment]) -> None:
    """One row of everything that comes after marks; and both judges read the essay in the final round too."""
    another = session.get_one(Judge, appointments[1].judge_id)
    done = {"edition_id": edition.id, "round": Round.FIRST}
    make.saved(session, Deal(**done, kind=DealKind.ROUND, status=DealStatus.READY, seed=1, readings=2))
    told = {"essay": str(essay.code), "judge": another.code}
    make.saved(session, Standing(**done, occasion=Occasion.ROUND_END, content=told, digest="0" * 64))
    make.appeal(session, essay)
    make.diploma(session, essay)
    make.judge_offer(session, edition, token=OFFER, name="Asked Judge")
    for appointment in appointments:
        judge = session.get_one(Judge, appointment.judge_id)
        final = make.appointment(session, essay, judge, round=Round.FINAL)
        if judge is another:
            make.marks(session, final, 9, 8, 7, 6, 5)


# What is looked for, and what is tried


def secrets(scene: Scene) -> dict[str, list[str]]:
    """What must not come back in any encoding."""
    essay, own, case = scene.essay, scene.own, scene.rows(Case)[0]
    return {
        "names": [NATIVE, ROMAN, ACCOUNT, *NATIVE.split(), *ROMAN.split()],
        "address": [ADDRESS, ADDRESS.partition("@")[0]],
        "school": [SCHOOL, "Canary Lyceum"],
        "guardian": [GUARDIAN, GUARDIANS_ADDRESS, TOKEN],
        "office": [COORDINATOR, *SCREENERS],
        "hidden": ["Titlecanary", "Textcanary", "Notescanary"],
        "other texts": [FIRST_TITLE, SET_ASIDE, AI_USE, WHY_OUT, WHY_NOT_OUT, "Reasoncanary", "Answercanary"],
        "identifiers": [
            *_forms(own.id, own.person_id, essay.id, case.id, scene.file.id),
            str(own.number),
            str(essay.code),
        ],
        "digests": [essay.submitted_digest or "?", *(each.digest for each in scene.rows(Fingerprinted))],
        "time": [*_moments(SENT_AT), *_moments(FIRST_SENT_AT), *DAYS],
        "file": [hashlib.sha256(FILE).hexdigest(), "canary manuscript bytes", FILE_NAME, scene.file.key],
    }  # fmt: skip


def numbers(scene: Scene) -> set[bytes]:
    """The identifiers of all there is around the essay, as they stand; what the judge was written is the judge's."""
    ids = {row.id for table in KEPT for row in scene.rows(table)} - {
        each.id for each in _messages(scene, to_judge=True)
    }
    return {form.encode() for each in ids for form in _forms(each)}


def _messages(scene: Scene, *, to_judge: bool) -> list[Message]:
    return [each for each in scene.rows(Message) if (each.person_id == scene.judge.id) is to_judge]


def _forms(*ids: uuid.UUID) -> list[str]:
    return [form for each in ids for form in (str(each), each.hex)]


DAYS = (
    "17 March 2026", "2026年3月17日", "17 Mar 2026", "2026-03-17", "20260317", "17 марта 2026", "2026. 3. 17",
    "9 February 2026", "2026年2月9日", "9 Feb 2026", "2026-02-09", "20260209", "9 февраля 2026",
)  # fmt: skip


def _moments(at: dt.datetime) -> Iterator[str]:
    """The instant as programmes write it, in UTC and in every zone of the region."""
    yield from (str(int(at.timestamp())), str(int(at.timestamp() * 1000)))
    for hours in range(13):
        local = at.astimezone(dt.timezone(dt.timedelta(hours=hours)))
        yield from (local.isoformat()[:16], f"{local:%Y-%m-%d %H:%M}", f"{local:%d %b %Y %H:%M}", f"{local:%H:%M:%S}")


def _own(scene: Scene) -> list[Appointment]:
    """The judge's readings, that of the first round first."""
    mine = [each for each in scene.rows(Appointment) if each.judge_id == scene.appointment.judge_id]
    return sorted(mine, key=lambda each: each.round is Round.FINAL)


def ids_of(scene: Scene) -> dict[str, list[str]]:
    """For each name in an address what fits best, and what a curious judge would try then."""
    essay, own, edition, appointment = scene.essay, scene.own, scene.edition, scene.appointment
    judges = [each for each in scene.rows(Judge) if each.person_id]
    return {
        "slug": [edition.slug],
        "essay_id": [str(essay.id), str(own.id)],
        "other_id": [str(scene.other.id), str(essay.id)],
        "code": [str(essay.code), *(each.code for each in judges), "KR-47"],
        "alias": [*(each.alias for each in _own(scene)), str(essay.code)],
        "anchor_id": [str(each.id) for each in sorted(scene.rows(Anchor), key=lambda each: each.position)],
        "person_id": [str(own.person_id)],
        "token": [OFFER, token_digest(TOKEN), "x" * 43],
        "number": ["1", str(own.number)],
        "programme": ["contest"],
        "round_id": [str(edition.id)],
        "consent_id": [str(scene.rows(Consent)[0].id)],
        "purpose": ["name"],
        "part": ["themes", "awards"],
        "part_id": [str(edition.themes[0].id)],
        "move": ["up"],
        "judge_code": [each.code for each in sorted(judges, key=lambda each: each.id == appointment.judge_id)],
        "appointment_id": [str(appointment.id), *(str(each.id) for each in scene.rows(Appointment))],
        "deal_id": [str(scene.rows(Deal)[0].id)],
        "standing_id": [str(scene.rows(Standing)[0].id)],
        "appeal_id": [str(scene.rows(Appeal)[0].id)],
        "diploma_id": [str(scene.rows(Diploma)[0].id)],
        "diploma_number": [scene.rows(Diploma)[0].number],
        "language": ["en", "mn"],
        "message_id": [str(_messages(scene, to_judge=mine)[0].id) for mine in (True, False)],
        "template": ["essays.received", "applications.submitted"],
    }


def guesses(scene: Scene) -> list[str]:
    """One identifier of every kind, and other things that could name the essay or its file."""
    others = [each for each in scene.rows(Appointment) if each.judge_id != scene.appointment.judge_id]
    said = [scene.file.key, str(scene.essay.code), str(scene.own.number), scene.essay.submitted_digest or "?"]
    kept = [str(scene.rows(table)[0].id) for table in KEPT]
    return [str(scene.essay.id), *kept, *said, *(each.alias for each in others), str(uuid.UUID(int=1))]
