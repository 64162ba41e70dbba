"""A file for an essay, from choosing it to the screener who reads the original."""

import datetime as dt
import hashlib
import io
import re
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import docx as word
import pikepdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.accounts.models import Role
from portal.clock import now
from portal.essays import rules as essay_rules
from portal.essays.actions import ELSEWHERE
from portal.essays.models import Essay, EssayStatus, Manuscript, SetAside, Source, Submission
from portal.files import rules as file_rules
from portal.files.models import StoredFile
from portal.history.models import Entry
from portal.manuscripts import actions, rules
from tests import make
from tests.files import hostile, prose, samples
from tests.files.prose import PROSE
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
ENGLISH = [f"{n}. {each}" for n in range(1, 5) for each in PROSE["en"]]
pytestmark = pytest.mark.slow


def draft(session: Session, author: Any, **fields: Any) -> Essay:
    return make.essay(session, "draft", author=author, **{"text": "", **fields})


def upload(client: TestClient, essay: Essay, content: bytes, name: str = "essay.docx") -> Any:
    return client.post(f"/essays/{essay.id}/file", files={"file": (name, content)})


def shown(page: str) -> dict[str, str]:
    """What the button "This is my text" would send."""
    return dict(re.findall(r'name="(version|manuscript_id)" value="([^"]+)"', page))


def confirm(client: TestClient, essay: Essay, **changes: Any) -> Any:
    given = shown(client.get(f"/essays/{essay.id}/file").text)
    return client.post(f"/essays/{essay.id}/file/confirm", data={**given, **changes})


def manuscripts(session: Session, essay: Essay) -> list[Manuscript]:
    session.expire_all()
    found = select(Manuscript).where(Manuscript.essay_id == essay.id)
    return list(session.exec(found.order_by(col(Manuscript.uploaded_at))))


def read_again(session: Session, essay: Essay) -> Essay:
    session.expire_all()
    return session.get_one(Essay, essay.id)


def deeds(session: Session, subject_id: uuid.UUID) -> list[str]:
    found = select(Entry).where(Entry.subject_id == subject_id).order_by(col(Entry.number))
    return [entry.deed for entry in session.exec(found)]


# The author


@pytest.mark.parametrize("language", PROSE)
def test_nothing_counts_before_it_is_confirmed(session: Session, cast: Cast, as_: As, language: str) -> None:
    essay, written = draft(session, cast.stranger, title="Mine", language=language), list(PROSE[language])
    client, version = as_(cast.stranger), essay.version
    assert "Choose a file" in client.get(f"/essays/{essay.id}/file").text
    assert upload(client, essay, prose.docx(written)).status_code == 303
    page = client.get(f"/essays/{essay.id}/file").text
    assert all(each in page for each in written) and "Is this your text?" in page and "It must have" in page
    assert (read_again(session, essay).text, essay.version) == ("", version)
    answer = confirm(client, essay)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/essays/{essay.id}/text")
    essay = read_again(session, essay)
    assert essay.text.split("\n\n") == written
    assert (essay.title, essay.source, essay.version) == ("Mine", Source.FILE, version + 1)
    assert session.exec(select(SetAside)).all() == []
    assert "You confirmed the text of essay.docx" in client.get(f"/essays/{essay.id}/file").text
    told = deeds(session, make.authorship(session, essay).id)
    assert told == ["uploaded a manuscript", "confirmed a manuscript"]
    assert deeds(session, essay.id) == [], "an essay's history does not name its author"


def test_what_was_typed_before_is_set_aside(session: Session, cast: Cast, as_: As) -> None:
    essay = draft(session, cast.stranger, text="Typed by hand.", notes="My source.")
    client = as_(cast.stranger)
    upload(client, essay, prose.docx(ENGLISH))
    assert "set aside" in client.get(f"/essays/{essay.id}/file").text
    confirm(client, essay)
    aside = session.exec(select(SetAside)).one()
    assert (aside.essay_id, aside.text, aside.notes) == (essay.id, "Typed by hand.", "My source.")
    assert read_again(session, essay).notes == "My source.", "a file without notes leaves the author's alone"


def test_notes_of_the_file_become_the_notes(session: Session, cast: Cast, as_: As) -> None:
    essay, client = draft(session, cast.stranger, notes="Mine."), as_(cast.stranger)
    made = make.manuscript(session, essay, text="A text.", notes="A source.", confirmed_at=None)
    session.commit()
    assert "take the place of your notes" in client.get(f"/essays/{essay.id}/file").text
    assert confirm(client, essay, manuscript_id=str(made.id)).status_code == 303
    assert (read_again(session, essay).text, essay.notes) == ("A text.", "A source.")


def test_pressing_twice_confirms_once(session: Session, cast: Cast, as_: As) -> None:
    essay, client = draft(session, cast.stranger), as_(cast.stranger)
    upload(client, essay, prose.docx(ENGLISH))
    given = shown(client.get(f"/essays/{essay.id}/file").text)
    answers = [client.post(f"/essays/{essay.id}/file/confirm", data=given) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert read_again(session, essay).version == int(given["version"]) + 1


def test_a_newer_version_is_not_overwritten_silently(session: Session, cast: Cast, as_: As) -> None:
    essay, client = draft(session, cast.stranger), as_(cast.stranger)
    upload(client, essay, prose.docx(ENGLISH))
    seen = shown(client.get(f"/essays/{essay.id}/file").text)
    essay.text, essay.version = "Typed in another window.", essay.version + 1
    session.add(essay)
    session.commit()
    answer = client.post(f"/essays/{essay.id}/file/confirm", data=seen)
    assert answer.status_code == 409 and str(ELSEWHERE) in answer.text and ENGLISH[0] in answer.text
    assert read_again(session, essay).text == "Typed in another window."
    assert client.post(f"/essays/{essay.id}/file/confirm", data=shown(answer.text)).status_code == 303
    assert session.exec(select(SetAside)).one().text == "Typed in another window."


def test_what_is_confirmed_is_the_file_that_was_seen(session: Session, cast: Cast, as_: As) -> None:
    essay, client = draft(session, cast.stranger), as_(cast.stranger)
    upload(client, essay, prose.docx(["The first file."]))
    seen = shown(client.get(f"/essays/{essay.id}/file").text)
    upload(client, essay, prose.docx(["The second file."]))
    for data in (seen, {}, {**seen, "manuscript_id": "x"}):
        answer = client.post(f"/essays/{essay.id}/file/confirm", data=data)
        assert answer.status_code == 409 and str(rules.REPLACED) in answer.text and "The second file." in answer.text
    assert read_again(session, essay).text == ""
    assert [one.text for one in manuscripts(session, essay)] == ["The second file."]
    assert len(session.exec(select(StoredFile)).all()) == 1, "the first file is forgotten"


def test_whoever_would_rather_type_leaves_no_file_behind(session: Session, cast: Cast, as_: As) -> None:
    essay, client = draft(session, cast.stranger), as_(cast.stranger)
    upload(client, essay, prose.docx(ENGLISH))
    for _ in range(2):
        answer = client.post(f"/essays/{essay.id}/file/remove")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/essays/{essay.id}/text")
    assert manuscripts(session, essay) == [] and session.exec(select(StoredFile)).all() == []
    assert client.get(f"/essays/{essay.id}/file/original").status_code == 404
    told = deeds(session, make.authorship(session, essay).id)
    assert told == ["uploaded a manuscript", "took a manuscript back"]


def test_a_confirmed_file_is_kept_until_another_is_confirmed(session: Session, cast: Cast, as_: As) -> None:
    essay, client = draft(session, cast.stranger), as_(cast.stranger)
    upload(client, essay, prose.docx(["The first file."]), "first.docx")
    confirm(client, essay)
    upload(client, essay, prose.docx(["The second file."]), "second.docx")
    assert [one.confirmed_at is None for one in manuscripts(session, essay)] == [False, True]
    client.post(f"/essays/{essay.id}/file/remove")
    assert [one.text for one in manuscripts(session, essay)] == ["The first file."]
    upload(client, essay, prose.docx(["The third file."]), "third.docx")
    confirm(client, essay)
    assert [one.text for one in manuscripts(session, essay)] == ["The third file."]
    assert [file.name for file in session.exec(select(StoredFile))] == ["third.docx"], "the others were never sent"


def test_what_an_essay_was_sent_with_is_kept_for_the_secretariat(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "submitted", edition=edition, author=cast.stranger)
    screener = as_(make.screener(session, edition))
    original = f"/contests/{edition.slug}/screening/{essay.id}/manuscript"
    sent = make.manuscript(session, essay, confirmed_at=now() - DAY)
    at = {"submitted_at": essay.submitted_at, "digest": "0" * 64}
    make.saved(session, Submission(essay_id=essay.id, number=1, title="", text="", **at))
    essay.status, essay.returned_at = EssayStatus.RETURNED, now()
    session.add(essay)
    session.commit()
    client = as_(cast.stranger)
    upload(client, essay, prose.docx(["Corrected."]), "corrected.docx")
    assert confirm(client, essay).status_code == 303
    first, second = manuscripts(session, essay)
    assert (first.id, first.replaced_at is None, second.replaced_at) == (sent.id, False, None)
    assert screener.post(original).status_code == 500, "what was sent, whose bytes this test has not made"
    essay = read_again(session, essay)
    essay.submitted_at = now()
    session.add(essay)
    session.commit()
    answer = screener.post(original)
    assert answer.status_code == 200 and "corrected.docx" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.docx", b"", file_rules.EMPTY),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, file_rules.VERDICTS["encrypted"]),
        ("a.pdf", samples.pdf, file_rules.VERDICTS["wordless"]),
        ("a.txt", b"x" * 50_001, file_rules.VERDICTS["wordy"]),
        ("a.txt", "안녕".encode("cp949"), file_rules.FORMATS[file_rules.Kind.TEXT].refusal),
        ("a.doc", b"\xd0\xcf\x11\xe0", file_rules.not_among(rules.KINDS)),
        ("a.hwp", b"\xd0\xcf\x11\xe0", file_rules.not_among(rules.KINDS)),
        ("a.png", samples.png, file_rules.not_among(rules.KINDS)),
        ("", b"", rules.NO_FILE),
    ],
)  # fmt: skip
def test_a_wrong_file_gets_a_sentence_and_nothing_changes(
    session: Session, cast: Cast, as_: As, name: str, content: Any, sentence: Any
) -> None:
    essay, client = draft(session, cast.stranger, text="Typed."), as_(cast.stranger)
    answer = upload(client, essay, content() if callable(content) else content, name)
    assert answer.status_code == 422
    assert str(sentence) in answer.text
    assert manuscripts(session, essay) == [] and session.exec(select(StoredFile)).all() == []


def test_a_wrong_file_does_not_cost_the_one_that_waits(session: Session, cast: Cast, as_: As) -> None:
    essay, client = draft(session, cast.stranger), as_(cast.stranger)
    upload(client, essay, prose.docx(ENGLISH))
    answer = upload(client, essay, b"", "a.txt")
    assert answer.status_code == 422 and ENGLISH[0] in answer.text
    assert len(manuscripts(session, essay)) == 1


def test_late_and_sent_are_refused_with_a_sentence(session: Session, cast: Cast, as_: As) -> None:
    late = draft(session, cast.stranger, edition=make.edition(session, due_at=now() - DAY, opens_at=now() - 9 * DAY))
    sent = make.essay(session, "submitted", author=cast.stranger)
    waiting = {one.id: make.manuscript(session, one, confirmed_at=None, text="Waits.") for one in (late, sent)}
    session.commit()
    client = as_(cast.stranger)
    for essay, sentence in ((late, essay_rules.LATE), (sent, essay_rules.SENT_ALREADY)):
        data = {"version": essay.version, "manuscript_id": str(waiting[essay.id].id)}
        answers = [
            upload(client, essay, prose.docx(ENGLISH)), client.post(f"/essays/{essay.id}/file/confirm", data=data),
            client.post(f"/essays/{essay.id}/file/remove"),
        ]  # fmt: skip
        assert [answer.status_code for answer in answers] == [409] * 3
        assert all(str(sentence) in answer.text for answer in answers)
        page = client.get(f"/essays/{essay.id}/file")
        assert page.status_code == 200 and "This is my text" not in page.text and "Read this file" not in page.text
        assert [one.text for one in manuscripts(session, essay)] == ["Waits."]
        assert read_again(session, essay).source is Source.TYPED


def test_who_stored_too_much_is_told_and_keeps_what_waits(
    session: Session, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    essay, client = draft(session, cast.stranger), as_(cast.stranger)
    upload(client, essay, prose.docx(["The first file."]))
    monkeypatch.setattr(file_rules, "OWN_FILES", 1)
    answer = upload(client, essay, prose.docx(["The second file."]))
    assert answer.status_code == 409 and "as many files as one account may" in answer.text
    assert [one.text for one in manuscripts(session, essay)] == ["The first file."]


def test_what_nobody_confirms_is_forgotten_after_a_month(session: Session, cast: Cast) -> None:
    old, confirmed, recent = (draft(session, make.person(session)) for _ in range(3))
    month_ago = now() - rules.UNCONFIRMED - DAY
    make.manuscript(session, old, confirmed_at=None, uploaded_at=month_ago)
    make.manuscript(session, confirmed, uploaded_at=month_ago)
    make.manuscript(session, recent, confirmed_at=None)
    assert actions.forget_unconfirmed(session) == 1
    assert {one.essay_id for one in session.exec(select(Manuscript))} == {confirmed.id, recent.id}
    assert len(session.exec(select(StoredFile)).all()) == 2
    assert actions.forget_unconfirmed(session) == 0


# Who may


def test_screeners_read_the_original_and_it_is_noted(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    essay = draft(session, cast.stranger, edition=edition)
    author = as_(cast.stranger)
    upload(author, essay, prose.docx(ENGLISH), "Батбаяр.docx")
    original = f"/contests/{edition.slug}/screening/{essay.id}/manuscript"
    screening = make.screener(session, edition)
    screener = as_(screening)
    assert screener.post(original).status_code == 404, "not sent, not confirmed"
    confirm(author, essay)
    assert screener.post(original).status_code == 404, "not sent"
    essay = read_again(session, essay)
    essay.status, essay.submitted_at = EssayStatus.SUBMITTED, now()
    session.add(essay)
    session.commit()
    assert "Download the file that it came in" in screener.get(original.removesuffix("/manuscript")).text
    answer = screener.post(original)
    assert answer.status_code == 200 and answer.content == author.get(f"/essays/{essay.id}/file/original").content
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["cache-control"] == "no-store, private"
    read = session.exec(select(Entry).where(Entry.deed == "read the manuscript")).all()
    assert [(entry.subject_id, entry.actor_id) for entry in read] == [(essay.id, screening.id)]
    make.grant(session, screening, Role.JUDGE, edition_id=edition.id)
    session.commit()
    assert screener.post(original).status_code in {403, 404}, "a judge of the edition, whatever else they are"


def test_an_essay_that_was_typed_has_no_original(session: Session, as_: As) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "submitted", edition=edition)
    screener, page = as_(make.screener(session, edition)), f"/contests/{edition.slug}/screening/{essay.id}"
    assert "Download the file" not in screener.get(page).text
    assert screener.post(f"{page}/manuscript").status_code == 404


def test_nobody_else_comes_near_it(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "submitted", edition=edition, author=cast.applicant)
    make.manuscript(session, essay)
    elsewhere = make.screener(session, make.edition(session), "Screener of another edition")
    own = f"/essays/{essay.id}/file"
    original = f"/contests/{edition.slug}/screening/{essay.id}/manuscript"
    session.commit()
    for person in (cast.stranger, cast.secretary, cast.auditor, cast.home_coordinator, elsewhere, None):
        somebody = as_(person) if person else client
        for answer in (
            somebody.get(own), somebody.get(f"{own}/original"), upload(somebody, essay, prose.docx(ENGLISH)),
            somebody.post(f"{own}/confirm"), somebody.post(f"{own}/remove"), somebody.post(original),
        ):  # fmt: skip
            signed_out = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
            assert answer.status_code in {401, 403, 404} or signed_out
    assert len(manuscripts(session, essay)) == 1


def test_no_route_gives_a_judge_anything_of_the_file(app: FastAPI, session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session)
    essay = make.essay(session, "in_judging", edition=edition, author=cast.applicant)
    file = make.stored_file(session, cast.applicant, name="CANARYNAME.docx", sha256="ca" * 32)
    made = make.manuscript(session, essay, file=file)
    judge = make.judge(session, edition)
    appointment = make.appointment(session, essay, judge)
    telling = [file.name, file.sha256, file.key, str(file.id), str(made.id)]
    client = as_(judge.person)
    ids = {"slug": edition.slug, "essay_id": essay.id, "code": essay.code, "alias": appointment.alias}
    asked = 0
    for permission in app.state.permissions:
        path = permission.path
        if not {"{essay_id}", "{alias}"} & set(re.findall(r"\{\w+\}", path)):
            continue
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", str(value))
        savepoint = session.connection().begin_nested()
        answer = client.request(permission.method, path)
        savepoint.rollback()
        asked += 1
        assert [word for word in telling if word in answer.text + str(answer.headers)] == [], path
        if "{essay_id}" in permission.path:
            assert answer.status_code in {403, 404}, path
    assert asked > 10
    for wrong in (file.id, file.key, file.sha256, made.id):
        for path in ("/essays/{}", "/essays/{}/file/original", "/judging/{}", "/files/{}", "/uploads/{}"):
            assert client.get(path.format(wrong)).status_code == 404


# What a file says about its author


def telling_docx() -> bytes:
    made, written = word.Document(), io.BytesIO()
    core = made.core_properties
    core.author = core.last_modified_by = core.comments = core.keywords = core.title = core.category = "CANARY"
    paragraph = made.add_paragraph("A text without a name.")
    made.add_comment(paragraph.runs[0], text="look", author="CANARY", initials="CANARY")
    paragraph._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="9" w:author="CANARY"><w:r><w:t> And more.</w:t></w:r></w:ins>')
    )
    made.add_picture(io.BytesIO(samples.jpeg("CANARY")))
    made.save(written)
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("docProps/custom.xml", "<a>CANARY</a>")
        archive.writestr("customXml/item9.xml", "<a>CANARY</a>")
        archive.writestr("word/people.xml", "<a>CANARY</a>")
    return written.getvalue()


def telling_pdf() -> bytes:
    made = pikepdf.open(io.BytesIO(prose.pdf(["A text without a name. And more."])))
    made.docinfo["/Author"] = made.docinfo["/Title"] = "CANARY"
    with made.open_metadata() as metadata:
        metadata["dc:creator"] = ["CANARY"]
    made.attachments["CANARY.txt"] = b"CANARY"
    made.pages[0].obj.PieceInfo = pikepdf.Dictionary(CANARY=pikepdf.String("CANARY"))
    return samples.saved(made)


def telling_hwpx() -> bytes:
    made, written = zipfile.ZipFile(io.BytesIO(prose.hwpx(["A text without a name. And more."]))), io.BytesIO()
    with zipfile.ZipFile(written, "w") as copy:
        for name in made.namelist():
            content = made.read(name)
            if name == "Contents/content.hpf":
                content = re.sub(rb"(<opf:metadata[^>]*>)", rb'\1<opf:meta name="creator">CANARY</opf:meta>', content)
            if name == "Contents/header.xml":
                author = b'<hh:trackChangeAuthor id="1" name="CANARY" mark="0"/>'
                content = content.replace(b"</hh:head>", author + b"</hh:head>")
            copy.writestr(name, content)
        copy.writestr("DocHistory/history1.xml", "<a>CANARY</a>")
        copy.writestr("BinData/image9.jpg", samples.jpeg("CANARY"))
    return written.getvalue()


@pytest.mark.parametrize(
    ("kind", "make_it", "least"), [("docx", telling_docx, 12), ("pdf", telling_pdf, 5), ("hwpx", telling_hwpx, 4)]
)
def test_neither_file_nor_text_name_the_author(
    app: FastAPI, session: Session, cast: Cast, as_: As, kind: str, make_it: Callable[[], bytes], least: int
) -> None:
    content = make_it()
    laid_open = hostile.laid_open(content, file_rules.Kind(kind))
    assert laid_open.count(b"CANARY") + laid_open.count("CANARY".encode("utf-16-be")) >= least
    essay, client = draft(session, cast.stranger), as_(cast.stranger)
    assert upload(client, essay, content, f"../\u202eBatbayar.{kind}").status_code == 303
    assert confirm(client, essay).status_code == 303
    file = session.exec(select(StoredFile)).one()
    assert file.name == f"Batbayar.{kind}", "cleaned, and kept for the secretariat"
    kept = b"".join(app.state.storage.read(file.key)[1])
    assert hashlib.sha256(kept).hexdigest() == file.sha256
    everything = hostile.laid_open(kept, file.kind)
    assert b"CANARY" not in everything and "CANARY".encode("utf-16-be") not in everything
    assert read_again(session, essay).text == "A text without a name. And more."
