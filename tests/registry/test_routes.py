"""The registry's pages, by who looks and who changes."""

import gzip
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import html5lib
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import Session

from portal import i18n
from portal.history import queries as history
from portal.registry import forms, queries, rules
from portal.registry.models import Membership
from tests import make
from tests.conftest import browser
from tests.database import JoinedDatabase
from tests.people import Cast

PAGES = ["/governments", "/governments/CN-SN", "/committees", "/organisation", "/sources", "/api"]


@pytest.mark.parametrize("address", PAGES)
def test_everybody_may_read(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "style=" not in answer.text and "<script>" not in answer.text


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_well_formed_and_name_each_id_once(client: TestClient, address: str) -> None:
    text = client.get(address).text
    html5lib.HTMLParser(strict=True).parse(text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("code", ["XX-00", "KR-99", "kr", "%00", "KR-47'"])
def test_a_government_that_is_not_there_is_not_found(client: TestClient, code: str) -> None:
    assert client.get(f"/governments/{code}").status_code == 404


def test_every_government_is_listed_and_linked_from_the_map_and_counted(client: TestClient, session: Session) -> None:
    text = client.get("/governments").text
    picture, listed = text[text.index("<svg") : text.index("<figcaption")], text[text.rindex("</svg>") :]
    for each in queries.governments(session):
        assert f'aria-label="{each.names["en"]}"'.replace("'", "&#39;") in picture
        assert listed.count(f'href="/governments/{each.code}"') == 1
    assert picture.count("aria-label=") == 1 + 76
    assert re.findall(r"<dd>(\d+)</dd>", text) == ["76", "71", "5"]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("address", ["/", "/governments?country=MN", "/statistics"])
def test_the_map_stays_small(client: TestClient, session: Session, language: str, address: str) -> None:
    make.opening(session, make.call(session), make.government(session))
    session.commit()
    text = client.get(address, headers={"accept-language": language}).text
    picture = text[text.index('<figure class="portal-map">') : text.index("</figure>")]
    assert len(gzip.compress(picture.encode())) < 60_000


def test_a_list_that_is_narrowed_keeps_its_map_above_it(client: TestClient) -> None:
    text = client.get("/governments?country=MN&q=a").text
    assert text.index("<svg") < text.index('id="country-MN"')
    assert 'aria-label="Busan Metropolitan City: not in the list below"' in text
    assert 'href="#m2-KR-26" class="portal-map__region portal-map__region--other"' in text
    assert 'href="#m1-MN-1" class="portal-map__region portal-map__region--found"' in text
    assert 'href="#after-map"' in text
    assert 'id="after-map"' in text


def links_beside(text: str, name: str) -> dict[str, str]:
    """The texts of the links beside the map, by address."""
    found = text[text.index(f'aria-label="{name}"') :].partition("</nav>")[0]
    links = re.findall(r'<a href="([^"]*)"( aria-current="true")?>(?:<svg.*?</svg>)?([^<]*)</a>', found, re.DOTALL)
    return {href.replace("&amp;", "&"): ("* " if current else "") + text for href, current, text in links}


def test_links_beside_the_map_narrow_it_and_keep_the_search(client: TestClient) -> None:
    text = client.get("/governments?country=CN&q=shan").text
    assert links_beside(text, "Show one country") == {
        "/governments?q=shan": "All countries",
        "/governments?country=CN&q=shan": "* China",
        "/governments?country=JP&q=shan": "Japan",
        "/governments?country=KR&q=shan": "Republic of Korea",
        "/governments?country=KP&q=shan": "DPR Korea",
        "/governments?country=MN&q=shan": "Mongolia",
        "/governments?country=RU&q=shan": "Russia",
    }
    assert links_beside(text, "Show one status") == {
        "/governments?country=CN&q=shan": "* Every status",
        "/governments?country=CN&status=member&q=shan": "Member",
        "/governments?country=CN&status=observer&q=shan": "Observer",
    }
    for address in links_beside(text, "Show one country"):
        assert client.get(address).status_code == 200


def test_a_status_is_offered_where_somebody_has_it(client: TestClient, session: Session) -> None:
    assert "Former member" not in links_beside(client.get("/governments").text, "Show one status").values()
    make.government(session, "CN-TJ").status = Membership.FORMER
    session.commit()
    assert "Former member" in links_beside(client.get("/governments").text, "Show one status").values()


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("country=MN", ["22", "22", "0"]),
        ("status=observer", ["5", "0", "5"]),
        ("kind=prefecture", ["11", "10", "1"]),
        ("committee=environment", ["1", "1", "0"]),
        ("country=CN&status=observer&q=shan", ["1", "0", "1"]),
        ("country=&kind=&status=&committee=&q=", ["76", "71", "5"]),
        ("q=靑森", ["1", "1", "0"]),
        ("q=nothing-is-called-this", ["0", "0", "0"]),
    ],
)
def test_the_list_narrows_and_says_how_many(client: TestClient, query: str, counts: list[str]) -> None:
    assert re.findall(r"<dd>(\d+)</dd>", client.get(f"/governments?{query}").text) == counts


@pytest.mark.parametrize("query", ["country=XX", "kind=kingdom", "status=friend", "committee=chess"])
def test_a_filter_that_there_is_not_leads_nowhere(client: TestClient, query: str) -> None:
    assert client.get(f"/governments?{query}").status_code == 404


def test_what_was_searched_for_is_shown_again_and_escaped(client: TestClient) -> None:
    text = client.get("/governments", params={"q": '"><b>x'}).text
    assert "<b>x" not in text and "&gt;&lt;b&gt;x" in text


@pytest.mark.parametrize("address", ["/governments", "/api/v1/governments"])
def test_a_longer_list_takes_no_more_questions(client: TestClient, database: JoinedDatabase, address: str) -> None:
    def questions(query: str) -> int:
        asked: list[str] = []

        def note(*call: object) -> None:
            asked.append(str(call[2]))

        event.listen(database.engines.write, "before_cursor_execute", note)
        assert client.get(f"{address}?{query}").status_code == 200
        event.remove(database.engines.write, "before_cursor_execute", note)
        return len(asked)

    assert questions("q=青森") == questions("q=altai") == questions("country=MN")


def test_committees_are_listed_without_a_question_for_each(client: TestClient, database: JoinedDatabase) -> None:
    asked: list[str] = []
    event.listen(database.engines.write, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert client.get("/committees").text.count('class="portal-card"') == 14
    assert len([question for question in asked if "FROM committee" in question]) == 1
    assert len([question for question in asked if "FROM government" in question]) == 0


def test_a_government_shows_its_names_in_their_languages(client: TestClient) -> None:
    text = client.get("/governments/kr-47").text
    for language, name in (
        ("ja", "慶尚北道"),
        ("ko", "경상북도"),
        ("zh-Hans", "庆尚北道"),
        ("ru", "провинция Кёнсан-Пукто"),
    ):
        assert f'lang="{language}">{name}<' in text
    assert "Asia/Seoul" in text and "UTC+9" in text
    assert "/committees#economy_humanities" in text
    assert "Pohang" in text
    assert "Unicode CLDR" in text


def test_contradictions_of_the_source_are_explained(client: TestClient) -> None:
    assert "error of the print" in client.get("/governments/RU-IRK").text
    assert "Not the Altai Republic" in client.get("/governments/RU-ALT").text


def filled(session: Session, code: str = "CN-TJ", **changes: str) -> dict[str, str]:
    """The edit page's form as a browser would send it."""
    session.expire_all()
    government = queries.get_government(session, code)
    values = {name: value or "" for name, value in forms.filled(rules.values(government)).items()}
    return {**values, "version": rules.version(government), **changes}


def test_the_edit_form_holds_what_stands(as_: Callable[..., TestClient], cast: Cast, session: Session) -> None:
    text = as_(cast.secretary).get("/governments/CN-TJ/edit").text
    assert 'value="天津市"' in text
    assert f'name="version" value="{rules.version(queries.get_government(session, "CN-TJ"))}"' in text


def test_a_secretary_edits_and_the_page_shows_it(as_: Callable[..., TestClient], cast: Cast, session: Session) -> None:
    secretary = as_(cast.secretary)
    changed = filled(
        session, name_en="Tianjin City", status="member", status_since="2026-03-01", contact_name="Office",
        contact_email="office@tj.example.org", website="https://tj.example.org/near", aliases="Tientsin\n\n天津 ",
    )  # fmt: skip
    answer = secretary.post("/governments/CN-TJ/edit", data=changed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/governments/CN-TJ")
    session.expire_all()
    government = queries.get_government(session, "CN-TJ")
    assert (government.names["en"], government.status) == ("Tianjin City", Membership.MEMBER)
    assert government.aliases == ["Tientsin", "天津"]
    text = secretary.get("/governments/CN-TJ").text
    for shown in ("Tianjin City", "1 March 2026", "office@tj.example.org", "https://tj.example.org/near", "Tientsin"):
        assert shown in text
    assert "Entered by the secretariat" in text


def test_secretaries_and_auditors_read_what_was_changed_and_nobody_else(
    as_: Callable[..., TestClient], client: TestClient, cast: Cast, session: Session
) -> None:
    secretary = as_(cast.secretary)
    secretary.post("/governments/CN-TJ/edit", data=filled(session, name_en="Tianjin City"))
    for reader in (secretary, as_(cast.auditor)):
        text = reader.get("/governments/CN-TJ").text
        assert "<del>Tianjin Municipality</del>" in text and "<ins>Tianjin City</ins>" in text
        assert cast.secretary.name in text
    for reader in (client, as_(cast.stranger), as_(cast.host_coordinator)):
        text = reader.get("/governments/CN-TJ").text
        assert "Tianjin City" in text and "Tianjin Municipality" not in text
        assert "/edit" not in text
    assert "/edit" not in as_(cast.auditor).get("/governments/CN-TJ").text


@pytest.mark.parametrize("who", ["stranger", "host_coordinator", "auditor"])
def test_only_a_secretary_edits(as_: Callable[..., TestClient], cast: Cast, session: Session, who: str) -> None:
    browser = as_(getattr(cast, who))
    assert browser.get("/governments/KR-47/edit").status_code == 403
    assert browser.post("/governments/KR-47/edit", data=filled(session, "KR-47", name_en="Taken")).status_code == 403
    session.expire_all()
    assert queries.get_government(session, "KR-47").names["en"] == "Gyeongsangbuk-do"


def test_a_visitor_is_asked_to_sign_in(client: TestClient, session: Session) -> None:
    assert client.post("/governments/CN-TJ/edit", data=filled(session)).status_code == 401
    answer = client.get("/governments/CN-TJ/edit")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?")


def test_another_site_cannot_edit(as_: Callable[..., TestClient], cast: Cast, session: Session) -> None:
    answer = as_(cast.secretary).post(
        "/governments/CN-TJ/edit", data=filled(session, name_en="Taken"), headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    session.expire_all()
    assert queries.get_government(session, "CN-TJ").names["en"] == "Tianjin Municipality"


def test_editing_what_is_not_there_is_not_found(as_: Callable[..., TestClient], cast: Cast, session: Session) -> None:
    assert as_(cast.secretary).get("/governments/XX-1/edit").status_code == 404
    assert as_(cast.secretary).post("/governments/XX-1/edit", data=filled(session)).status_code == 404


def test_a_second_editor_overwrites_nothing_unseen(
    as_: Callable[..., TestClient], cast: Cast, session: Session
) -> None:
    secretary = as_(cast.secretary)
    late = filled(session, name_en="The late editor's name", website="https://late.example.org")
    secretary.post("/governments/CN-TJ/edit", data=filled(
        session, name_en="The quick editor's name", status="member", status_since="2026-03-01",
    ))  # fmt: skip
    answer = secretary.post("/governments/CN-TJ/edit", data=late)
    assert answer.status_code == 409
    assert "The quick editor&#39;s name" in answer.text and "The late editor&#39;s name" in answer.text
    session.expire_all()
    assert queries.get_government(session, "CN-TJ").names["en"] == "The quick editor's name"
    version = re.search(r'name="version" value="(\w+)"', answer.text)
    assert version is not None
    # Having seen both, the editor takes over the status and saves again.
    settled = {**late, "version": version[1], "status": "member", "status_since": "2026-03-01"}
    assert secretary.post("/governments/CN-TJ/edit", data=settled).status_code == 303
    session.expire_all()
    assert queries.get_government(session, "CN-TJ").names["en"] == "The late editor's name"


def test_a_wrong_form_sent_meanwhile_still_cannot_overwrite(
    as_: Callable[..., TestClient], cast: Cast, session: Session
) -> None:
    secretary = as_(cast.secretary)
    late = filled(session, name_en="Late", contact_email="wrong")
    secretary.post("/governments/CN-TJ/edit", data=filled(session, name_en="Quick name"))
    answer = secretary.post("/governments/CN-TJ/edit", data=late)
    assert answer.status_code == 422
    version = re.search(r'name="version" value="(\w*)"', answer.text)
    assert version is not None and version[1] == late["version"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name_en", "", "Fill this in."),
        ("name_ko", "가", "Use at least 2 characters."),
        ("name_ru", "ы" * 121, "Use at most 120 characters."),
        ("status", "friend", "Choose one from the list."),
        ("status_since", "31.3.2027", "Enter a date, for example 2027-03-31."),
        ("status_since", "2999-01-01", "between the association&#39;s founding in 1996 and today"),
        ("status_since", "1995-12-31", "between the association&#39;s founding in 1996 and today"),
        ("contact_email", "<b>not an address", "Enter an e-mail address"),
        ("contact_email", "Name <a@example.org>x", "Enter an e-mail address"),
        ("website", "javascript:alert(1)", "begins with https:// or http://"),
        ("website", "ftp://example.org", "begins with https:// or http://"),
        ("website", "https://user:word@example.org", "begins with https:// or http://"),
        ("website", "https://[bad", "begins with https:// or http://"),
        ("website", "//example.org", "begins with https:// or http://"),
        ("aliases", "x" * 121, "at most 30 names"),
        ("aliases", "\n".join(f"name {n}" for n in range(31)), "at most 30 names"),
    ],
)
def test_wrong_input_is_shown_again_with_what_to_do(
    as_: Callable[..., TestClient], cast: Cast, session: Session, field: str, value: str, sentence: str
) -> None:
    answer = as_(cast.secretary).post("/governments/CN-TJ/edit", data=filled(session, **{field: value}))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#{field}"' in answer.text and "<b>not" not in answer.text
    session.expire_all()
    government = queries.get_government(session, "CN-TJ")
    assert government.edited == [] and history.deeds(session, "government", government.id) == []


def test_a_new_status_without_its_date_is_asked_for_it(
    as_: Callable[..., TestClient], cast: Cast, session: Session
) -> None:
    answer = as_(cast.secretary).post("/governments/CN-TJ/edit", data=filled(session, status="member"))
    assert answer.status_code == 422
    assert "Enter the date from which the new status holds." in answer.text
    assert 'href="#status_since"' in answer.text


def test_of_editors_who_save_at_once_one_is_heard_and_the_others_are_told(real_app: FastAPI) -> None:
    database, together = real_app.state.database, 6
    with database.session(writes=True) as session:
        cookies = [make.sign_in(session, real_app.state.settings, make.secretary(session)) for _ in range(together)]
        form = filled(session)
    start = Barrier(together)

    def save(number: int) -> int:
        editor = browser(real_app)
        editor.cookies.update(cookies[number])
        start.wait()
        return editor.post("/governments/CN-TJ/edit", data={**form, "name_en": f"Editor {number}"}).status_code

    with ThreadPoolExecutor(together) as pool:
        assert Counter(pool.map(save, range(together))) == {303: 1, 409: together - 1}
    with database.session(writes=False) as session:
        government = queries.get_government(session, "CN-TJ")
        assert len(history.deeds(session, "government", government.id)) == 1


def test_saving_without_a_change_says_so(as_: Callable[..., TestClient], cast: Cast, session: Session) -> None:
    secretary = as_(cast.secretary)
    assert secretary.post("/governments/CN-TJ/edit", data=filled(session)).status_code == 303
    assert "Nothing was different" in secretary.get("/governments/CN-TJ").text
