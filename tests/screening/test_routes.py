import datetime as dt
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.clock import now
from portal.essays.models import Essay, EssayStatus, Submission
from portal.history.models import Entry
from portal.screening import queries
from portal.screening.models import FairCopy, Item, Redaction
from tests import make
from tests.counting import queries_of
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)
ELSEWHERE = {"sec-fetch-site": "cross-site"}
WHY = {"code": "identity", "reason": "Take <your> name out."}


class Room:
    """An edition, its two screeners' browsers, and an essay that waits."""

    def __init__(self, session: Session, as_: As, state: str = "submitted", **fields: Any) -> None:
        self.edition = make.edition(session)
        self.people = [make.screener(session, self.edition, name) for name in ("First", "Second")]
        self.essay = make.essay(session, state, edition=self.edition, **fields)
        self.digest = self.essay.submitted_digest
        self.base = f"/contests/{self.edition.slug}/screening"
        self.page = f"{self.base}/{self.essay.id}"
        self.first, self.second = (as_(person) for person in self.people)


@pytest.fixture
def room(session: Session, as_: As) -> Room:
    return Room(session, as_)


def reloaded(session: Session, essay: Essay) -> Essay:
    session.expire_all()
    return session.get_one(Essay, essay.id)


def test_from_the_queue_to_admission(session: Session, room: Room) -> None:
    make.agreed(session, room.essay)
    session.commit()
    queue = room.first.get(room.base).text
    assert "Across the river" in queue and "Has agreed" in queue and str(room.essay.id) in queue
    page = room.first.get(room.page).text
    assert "Batbayar Bold" in page and "School No. 7" in page and "16 years old on 1 January 2027" in page
    early = room.first.post(f"{room.page}/admit")
    assert (early.status_code, "Tick all five checks first." in early.text) == (409, True)
    assert room.first.post(f"{room.page}/ticks", data={"items": [item.value for item in Item]}).status_code == 303
    assert room.second.get(room.page).text.count("Ticked by First") == 5
    key = str(uuid.uuid4())
    for _ in range(2):  # the second press is answered like the first
        answer = room.second.post(f"{room.page}/admit", data={"key": key})
        assert (answer.status_code, answer.headers["location"]) == (303, room.page)
    assert room.second.post(f"{room.page}/admit").status_code == 409
    essay = reloaded(session, room.essay)
    assert essay.status is EssayStatus.ADMITTED
    assert f"/essays/{essay.code}" in room.second.get(room.page).text


def test_a_minor_without_a_guardians_answer_is_not_admitted(session: Session, room: Room) -> None:
    make.ticked(session, room.essay, room.people[0])
    session.commit()
    assert "No guardian is named" in room.first.get(room.base).text
    answer = room.first.post(f"{room.page}/admit")
    assert answer.status_code == 409 and "has named no guardian yet" in answer.text


def test_who_reads_who_wrote_it_is_written_down_once_a_day(session: Session, room: Room, as_: As, cast: Cast) -> None:
    def read() -> list[Entry]:
        return list(session.exec(select(Entry).where(Entry.deed == queries.READ)))

    assert as_(cast.secretary).get(room.page).status_code == 404
    room.first.get(room.base)
    assert read() == []
    for path in (room.page, room.page, f"{room.page}/hiding", f"{room.page}/scan"):
        room.first.get(path)
    assert [(each.subject_id, each.actor_id) for each in read()] == [(room.essay.id, room.people[0].id)]
    room.second.get(f"{room.page}/hiding")
    assert len(read()) == 2
    assert queries.READ not in room.first.get(room.page).text


# Hiding


def test_what_is_found_is_hidden_with_one_click_and_shown_again(session: Session, as_: As) -> None:
    room = Room(session, as_, text="I am Batbayar of the steppe. Batbayar <b>writes</b>.", title="On rivers")
    page = room.first.get(f"{room.page}/hiding").text
    found = re.findall(r'name="passages" type="checkbox" value="([^"]+)" checked', page)
    assert found == ["text:5-13", "text:29-37"]
    sent = {"digest": room.digest, "passages": found[:1]}
    assert room.first.post(f"{room.page}/hiding", data=sent).status_code == 303
    page = room.first.get(f"{room.page}/hiding").text
    assert "I am ▇▇▇ of the steppe. Batbayar &lt;b&gt;writes&lt;/b&gt;." in page
    assert re.findall(r'name="passages" type="checkbox" value="([^"]+)"', page) == ["text:29-37"]
    (kept,) = re.findall(r'name="redactions" type="checkbox" value="([^"]+)"', page)
    assert room.second.post(f"{room.page}/showing", data={"redactions": [kept]}).status_code == 303
    assert session.exec(select(Redaction)).all() == []


def test_typed_words_are_hidden_everywhere_or_where_one_chooses(session: Session, as_: As) -> None:
    room = Room(session, as_, text="Red hills. Red rivers. Red\nhills again.", title="Red hills")
    path = f"{room.page}/hiding"
    choose = room.first.post(path, data={"digest": room.digest, "words": "red  HILLS", "choose": "true"})
    places = re.findall(r'name="passages" type="checkbox" value="([^"]+)">', choose.text)
    assert choose.status_code == 200 and places == ["title:0-9", "text:0-9", "text:23-32"]
    room.first.post(path, data={"digest": room.digest, "passages": places[2:]})
    assert room.first.post(path, data={"digest": room.digest, "words": "red hills"}).status_code == 303
    kept = session.exec(select(Redaction).order_by(col(Redaction.part), col(Redaction.begins))).all()
    assert [(each.part, each.begins, each.ends) for each in kept] == [("text", 0, 9), ("text", 23, 32), ("title", 0, 9)]
    for words in ("red hills", "nowhere", "<b>"):
        answer = room.first.post(path, data={"digest": room.digest, "words": words})
        assert answer.status_code == 422 and "are not in the essay" in answer.text
    assert 'value="&lt;b&gt;"' in answer.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"passages": "text"}, 422),
        ({"passages": "author:0-3"}, 422),
        ({"passages": "text:0-999999"}, 409),
        ({"passages": "text:3-3"}, 409),
        ({"passages": "text:0-3", "digest": "of another text"}, 409),
    ],
)
def test_a_wrong_passage_is_refused_with_a_sentence(
    session: Session, room: Room, sent: dict[str, str], status: int
) -> None:
    answer = room.first.post(f"{room.page}/hiding", data={"digest": room.digest, **sent})
    assert answer.status_code == status and "There is a problem" in answer.text
    assert session.exec(select(Redaction)).all() == []


def test_by_code_everybody_but_screeners_reads_what_judges_read(session: Session, cast: Cast, as_: As) -> None:
    text = "Our river is Batbayar's river, he says. " * 40
    room = Room(session, as_, "in_judging", text=text, reason="Batbayar told us.", screened_at=now())
    code = f"/contests/{room.edition.slug}/essays/{room.essay.code}"
    secretary = as_(cast.secretary)
    words = {"words": "batbayar's", "reason": "A judge wrote to us."}
    assert "Fill this in." in secretary.post(f"{code}/hide").text
    answer = secretary.post(f"{code}/hide", data={**words, "words": "Nobody"})
    assert (answer.status_code, 'value="Nobody"' in answer.text, "A judge wrote" in answer.text) == (422, True, True)
    assert secretary.post(f"{code}/hide", data=words).status_code == 303
    assert secretary.post(f"{code}/hide", data=words).status_code == 422
    assert "Batbayar" not in session.exec(select(FairCopy.text)).one()
    own = make.authorship(session, room.essay)
    telling = ["Batbayar", "Болд", own.school, own.number, "MN-1", str(room.essay.id), str(now().year) + "-"]
    listed = f"/contests/{room.edition.slug}/essays"
    for staff in (cast.secretary, cast.auditor):
        for path in (code, listed, f"{listed}?status=in_judging", f"{code}/judges"):
            answer = as_(staff).get(path)
            assert answer.status_code == 200
            assert [word for word in telling if word and word in answer.text] == []
            assert not {"last-modified", "etag"} & set(answer.headers)
    assert as_(cast.auditor).post(f"{code}/hide", data=words).status_code in {403, 404}
    assert f"{room.base}/{room.essay.id}" in room.first.get(code).text


# Returning and disqualifying


def test_a_reason_is_asked_for(session: Session, room: Room) -> None:
    for way in ("return", "disqualify"):
        assert room.first.get(f"{room.page}/{way}").status_code == 200
        assert room.first.post(f"{room.page}/{way}").text.count("Fill this in.") == 4
        short = room.first.post(f"{room.page}/{way}", data={"code": "form", "reason": "<b>"})
        assert short.status_code == 422 and "&lt;b&gt;</textarea>" in short.text
        assert re.search(r'value="form" checked', short.text)
    assert reloaded(session, room.essay).status is EssayStatus.SUBMITTED


def test_the_returned_author_reads_why_and_screeners_what_was_changed(session: Session, as_: As, cast: Cast) -> None:
    room = Room(session, as_, author=cast.stranger)
    session.add(
        Submission(
            essay_id=room.essay.id, number=1, submitted_at=now(), digest=room.digest or "", title=room.essay.title,
            text=room.essay.text,
        )
    )  # fmt: skip
    session.commit()
    key = {"key": str(uuid.uuid4())}
    for _ in range(2):
        assert room.first.post(f"{room.page}/return", data={**WHY, **key}).status_code == 303
    author, own = as_(cast.stranger), f"/essays/{room.essay.id}"
    assert "Take &lt;your&gt; name out." in author.get(own).text
    late = room.second.post(f"{room.page}/return", data=WHY)
    assert (late.status_code, "Take &lt;your&gt; name out." in late.text) == (409, True)
    assert room.second.get(f"{room.page}/return").status_code == 409
    essay = reloaded(session, room.essay)
    essay.text, essay.title, essay.submitted_digest = essay.text.replace("borders", "fences"), "Over <it>", "another"
    essay.status = EssayStatus.SUBMITTED
    session.commit()
    page = room.second.get(room.page).text
    assert "borders </del>" in page and "fences </ins>" in page and "&lt;" in page
    assert "Sent again" in room.second.get(f"{room.base}?show=again").text


def test_a_disqualification_is_proposed_by_one_and_settled_by_another(session: Session, room: Room) -> None:
    make.ready(session, room.essay, room.people[0])
    session.commit()
    assert room.first.post(f"{room.page}/disqualify", data=WHY).status_code == 303
    assert room.first.get(f"{room.page}/disqualify").status_code == 409
    assert "Disqualifications to confirm" in room.second.get("/").text
    assert "Disqualifications to confirm" not in room.first.get("/").text
    assert "Across the river" in room.second.get(f"{room.base}?show=second").text
    first = room.first.get(room.page).text
    assert "take-back" in first and "disqualification/confirm" not in first and f'{room.page}/admit"' not in first
    settle = f"{room.page}/disqualification"
    own = room.first.post(f"{settle}/confirm")
    assert (own.status_code, "Another screener settles it" in own.text) == (409, True)
    assert room.second.post(f"{settle}/take-back").status_code == 409
    held = room.second.post(f"{room.page}/admit")
    assert (held.status_code, "A second screener settles it first" in held.text) == (409, True)
    short = room.second.post(f"{settle}/dismiss", data={"answer": "<i>"})
    assert short.status_code == 422 and "&lt;i&gt;</textarea>" in short.text
    assert room.second.post(f"{settle}/dismiss", data={"answer": "It quotes the source."}).status_code == 303
    assert "It quotes the source." in room.first.get(room.page).text
    assert room.first.post(f"{room.page}/disqualify", data=WHY).status_code == 303
    assert room.first.post(f"{settle}/take-back").status_code == 303
    assert room.first.post(f"{room.page}/disqualify", data=WHY).status_code == 303
    assert room.second.post(f"{settle}/confirm").status_code == 303
    assert room.second.post(f"{settle}/confirm").status_code == 409
    assert reloaded(session, room.essay).status is EssayStatus.DISQUALIFIED


# Who may


def changing(room: Room) -> list[tuple[str, dict[str, Any]]]:
    settle = f"{room.page}/disqualification"
    return [
        (room.base, {}), (f"{room.page}/ticks", {"items": ["theme"]}), (f"{room.page}/admit", {}),
        (f"{room.page}/return", WHY), (f"{room.page}/disqualify", WHY), (f"{settle}/confirm", {}),
        (f"{settle}/dismiss", {"answer": "It is not copied."}), (f"{settle}/take-back", {}),
        (f"{room.page}/hiding", {"digest": room.digest, "passages": "title:0-3"}),
        (f"{room.page}/showing", {"redactions": str(uuid.uuid4())}),
    ]  # fmt: skip


def test_nobody_but_screeners_of_the_edition_changes_anything(
    session: Session, room: Room, cast: Cast, as_: As, client: TestClient
) -> None:
    make.proposed(session, room.essay, room.people[0])
    elsewhere = make.screener(session, make.edition(session))
    judge = make.judge(session, room.edition)
    author = session.get_one(type(cast.stranger), make.authorship(session, room.essay).person_id)
    session.commit()
    for path, sent in changing(room):
        assert client.post(path, data=sent).status_code == 401, path
        assert room.second.post(path, data=sent, headers=ELSEWHERE).status_code == 403, path
        others = [cast.stranger, cast.auditor, cast.home_coordinator, judge.person, author]
        others += [elsewhere, cast.secretary] if path != room.base else []
        for other in others:
            assert as_(other).post(path, data=sent).status_code in {403, 404}, (path, other.name)
    for path in (room.base, room.page, *(f"{room.page}/{each}" for each in ("hiding", "return", "disqualify", "scan"))):
        assert client.get(path).status_code == 303
        for other in (cast.stranger, cast.secretary, cast.auditor, judge.person, elsewhere, author):
            assert as_(other).get(path).status_code in {403, 404}, (path, other.name)
    assert reloaded(session, room.essay).status is EssayStatus.SUBMITTED
    assert session.exec(select(Redaction)).all() == []


def test_at_a_wrong_moment_nothing_happens(session: Session, as_: As) -> None:
    for state in ("returned", "disqualified", "withdrawn"):
        room = Room(session, as_, state, submitted_at=now())
        for path, sent in changing(room)[1:]:
            if not (state == "returned" and path.endswith("/disqualify")):
                answer = room.second.post(path, data={**sent, "digest": room.digest or ""})
                assert answer.status_code == 409, (state, path)
        assert room.second.get(room.page).status_code == 200
        assert reloaded(session, room.essay).status == state


def test_the_scan_of_the_paper_is_the_screeners(
    session: Session, as_: As, app: Any, cast: Cast, tmp_path: Path
) -> None:
    room = Room(session, as_, source="paper")
    own, stored = make.authorship(session, room.essay), make.stored_file(session, cast.home_coordinator)
    assert room.first.get(f"{room.page}/scan").status_code == 404
    (tmp_path / "scan").write_bytes(b"%PDF-1.7 the paper")
    app.state.storage.put(tmp_path / "scan", stored.key)
    own.entered_by, own.entered_at, own.scan_id = cast.home_coordinator.id, now(), stored.id
    session.commit()
    assert f"{room.page}/scan" in room.first.get(room.page).text
    assert room.first.get(f"{room.page}/scan").content == b"%PDF-1.7 the paper"
    assert room.first.get(f"{room.page}/scan/consent").status_code == 404
    for scan in ("scan", "scan/consent"):
        assert as_(cast.home_coordinator).get(f"{room.page}/{scan}").status_code in {403, 404}


def test_lists_ask_as_often_for_three_as_for_one(session: Session, room: Room, database: Any) -> None:
    def add() -> None:
        for _ in range(2):
            essay = make.essay(session, edition=room.edition)
            make.agreed(session, essay)
            make.proposed(session, essay, room.people[0])
        session.commit()

    make.agreed(session, room.essay)
    make.proposed(session, room.essay, room.people[0])
    session.commit()
    paths = [room.base, f"{room.base}?show=second", f"{room.base}?show=consent&language=en"]
    one = [queries_of(database, lambda p=p: room.second.get(p)) for p in paths]
    add()
    assert [queries_of(database, lambda p=p: room.second.get(p)) for p in paths] == one


def test_the_queue_goes_on_after_fifty_and_ignores_filters_it_does_not_know(session: Session, room: Room) -> None:
    for _ in range(50):
        make.essay(session, edition=room.edition, submitted_at=now() - DAY)
    session.commit()
    first = room.first.get(f"{room.base}?language=en&show=nothing&category=x").text
    following = re.search(r'href="(\?[^"]*after=[^"]+)"', first)
    assert following is not None and "language=en" in following.group(1)
    rest = room.first.get(room.base + following.group(1).replace("&amp;", "&")).text
    found = re.findall(rf'href="{room.base}/([0-9a-f-]+)"', first + rest)
    assert len(found) == len(set(found)) == 51 and found[-1] == str(room.essay.id)
