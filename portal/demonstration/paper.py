"""An essay that came to a government's office on paper: scanned, signed, typed, compared, sent."""

from sqlmodel import Session

from portal.contests.models import Edition
from portal.demonstration.documents import Shelf
from portal.demonstration.people import People
from portal.demonstration.texts import read
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays.forms import AboutForm, StatementsForm, TextForm
from portal.files import actions as files
from portal.paper_essays import actions as papers
from portal.paper_essays.forms import Newcomer, Signed

YES = dict.fromkeys(("take_part", "name", "text", "translation"), "yes")


def enter(session: Session, people: People, shelf: Shelf, edition: Edition) -> None:
    row = read("essays")["paper"]
    office, home = people.coordinator(row["government"]), people.governments[row["government"]]
    typed = Newcomer.model_validate({"name": row["native_name"], "home_id": home.id, "language": "en"})
    begun = papers.enter(session, edition, home, typed, by=office)
    session.flush()
    own = essay_queries.lock_own(session, office, begun.essay_id)
    papers.keep_scan(session, own, shelf.take("essay-on-paper.pdf"), by=office)
    about = {name: row[name] for name in ("native_name", "roman_name", "born_on", "school")}
    nationality = row["government"][:2]
    known = AboutForm(version=own.essay.version, government_id=home.id, nationality=nationality, **about)
    essays.write_about(session, own, known, by=office)
    words = {name: row[name] for name in ("language", "title", "text")}
    text = TextForm(version=own.essay.version, theme_id=edition.themes[row["theme"]].id, **words)
    essays.write_text(session, own, text, by=office)
    session.flush()
    signed = Signed.model_validate({**YES, "photo": "no", "guardian_name": row["guardian_name"]})
    scan = files.keep(session, shelf.take("signed-consent.pdf"), owner_id=own.person_id)
    papers.enter_consents(session, own, signed, scan.id, by=office)
    essays.write_statements(
        session, own, StatementsForm(version=own.essay.version, is_original=True, used_ai=False), by=office
    )
    session.flush()
    papers.confirm_comparison(session, own, version=own.essay.version, by=office)
    session.flush()
    essays.submit_essay(session, own, version=own.essay.version, by=office)
    session.flush()
