import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, select

from portal.accounts.viewer import VISITOR
from portal.contests import queries
from portal.contests.models import AiRule, Edition, EditionStatus, Theme
from portal.db import Database
from portal.history.models import Entry
from portal.i18n import LANGUAGES
from tests import counting, make
from tests.contests.editing import DATES, NEW, TEXTS, draft, saved
from tests.people import Cast

As = Callable[..., TestClient]
DAY = dt.timedelta(days=1)


def the_edition(session: Session, slug: str = "peace-2027") -> Edition:
    session.expire_all()
    return session.exec(select(Edition).where(Edition.slug == slug).options(*queries.parts())).one()


def deeds(session: Session, edition: Edition) -> list[str]:
    rows = session.exec(select(Entry).where(Entry.subject_id == edition.id).order_by(Entry.number))
    return [row.deed for row in rows]


# From scratch


def test_a_secretary_makes_an_edition_and_publishes_it(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    secretary = as_(cast.secretary)
    assert 'name="key"' in secretary.get("/contests/new").text
    here = draft(secretary)
    edition = the_edition(session)
    assert edition.due_at == dt.datetime(2027, 3, 31, 10, tzinfo=dt.UTC)  # Ulaanbaatar is eight hours ahead
    assert edition.reference_on == dt.date(2027, 3, 31)
    assert client.get(here).status_code == 404
    assert client.get(f"{here}/dates.ics").status_code == 404
    assert "peace-2027" not in client.get("/contests").text
    assert secretary.post(f"{here}/publish").status_code == 303
    shown = client.get(here).text
    assert "Rivers and roads" in shown and "(UTC+8)" in shown and "Grand prize" in shown
    assert "peace-2027" in client.get("/contests").text
    assert secretary.post(f"{here}/publish").status_code == 409
    assert secretary.post(f"{here}/close").status_code == 303
    assert secretary.post(f"{here}/close").status_code == 409
    assert deeds(session, edition) == ["drafted", "changed", "theme added", "publish", "close"]


def test_a_new_edition_begins_complete_in_six_languages(session: Session, cast: Cast, as_: As) -> None:
    draft(as_(cast.secretary))
    edition = the_edition(session)
    assert sum(criterion.weight for criterion in edition.criteria) == 100
    assert [(each.age_from, each.age_to) for each in edition.categories] == [(12, 14), (15, 18)]
    assert [award.places for award in edition.awards] == [1, 5, 10, 20]
    assert {limit.language for limit in edition.limits} == set(LANGUAGES)
    named = [*edition.categories, *edition.criteria, *edition.awards]
    assert all(each.names.keys() == LANGUAGES.keys() for each in named)
    anchors = [texts for criterion in edition.criteria for texts in criterion.anchors.values()]
    assert len(anchors) == 4 * len(edition.criteria)
    assert all(texts.keys() == LANGUAGES.keys() for texts in anchors)


@pytest.mark.parametrize("path", ["/contests/new", "/contests/{}/copy"])
def test_a_form_sent_twice_makes_one_edition(session: Session, cast: Cast, as_: As, path: str) -> None:
    earlier = make.edition(session)
    secretary, form = as_(cast.secretary), {**NEW, "key": str(uuid.uuid4())}
    answers = [secretary.post(path.format(earlier.slug), data=form) for _ in range(2)]
    assert [(each.status_code, each.headers["location"]) for each in answers] == [
        (303, "/contests/peace-2027/edit")
    ] * 2
    assert secretary.post(path.format(earlier.slug), data=NEW).status_code == 422, "the address is taken"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slug": "New Contest"}, "Write it in the form that the hint shows."),
        ({"slug": "new"}, "This address is a page of the portal."),
        ({"due_at": "2027-01-01T00:00"}, "This must be later than the date before it."),
        ({"judging_due_at": "2027-03-31T18:00"}, "This must be later than the date before it."),
        ({"zone": "Europe/Paris"}, "Choose one from the list."),
        ({"due_at": ""}, "Fill this in."),
    ],
)
def test_a_wrong_beginning_is_shown_again_with_what_was_typed(
    cast: Cast, as_: As, session: Session, changes: dict[str, str], sentence: str
) -> None:
    answer = as_(cast.secretary).post("/contests/new", data={**NEW, "title_en": "<b>Typed</b>", **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "&lt;b&gt;Typed&lt;/b&gt;" in answer.text
    assert session.exec(select(Edition)).all() == []


# By copying


def test_a_closed_edition_is_not_edited_but_copied(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    saved(secretary, f"{here}/edit/dates", DATES)
    saved(secretary, f"{here}/edit/rules", {"ai_rule": "barred", "conflict_rule": "country", "age_JP": "15"})
    for step in ("publish", "close"):
        assert secretary.post(f"{here}/{step}").status_code == 303
    assert secretary.get(f"{here}/edit").status_code == 409
    assert "Copy it to make another like it." in secretary.post(f"{here}/edit/dates", data=DATES).text

    begun = secretary.get(f"{here}/copy").text
    assert 'value="2028-01-10T09:00"' in begun and "moved on by whole years" in begun
    later = {"opens_at": "2028-01-10T09:00", "due_at": "2028-03-31T18:00", "judging_due_at": "2028-05-31T18:00"}
    saved(secretary, f"{here}/copy", {**NEW, **later, "slug": "peace-2028"})
    earlier, copy = the_edition(session), the_edition(session, "peace-2028")
    assert (copy.copied_from, copy.status, copy.titles) == (earlier.id, EditionStatus.DRAFT, earlier.titles)
    assert copy.results_at is not None and earlier.results_at is not None
    assert copy.results_at - copy.judging_due_at == earlier.results_at - earlier.judging_due_at
    assert (copy.jury_on, copy.reference_on) == (dt.date(2028, 7, 2), dt.date(2028, 3, 31))
    assert (copy.ai_rule, copy.consent_ages, copy.finalists) == (AiRule.BARRED, {"JP": 15}, 12)
    for name in ("themes", "categories", "limits", "criteria", "awards"):
        old, new = ([row.model_dump(exclude={"id", "edition_id"}) for row in getattr(e, name)] for e in (earlier, copy))
        assert old == new != []
    assert not {row.id for row in copy.themes} & {row.id for row in earlier.themes}


# What is missing


def test_an_incomplete_edition_is_refused_with_the_list(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    saved(secretary, "/contests/new", NEW)
    edition = the_edition(session)
    here = "/contests/peace-2027"
    for criterion in edition.criteria[:2]:
        saved(secretary, f"{here}/edit/criteria/{criterion.id}/remove", {})
    for category in edition.categories:
        saved(secretary, f"{here}/edit/categories/{category.id}/remove", {})
    assert "There is no age category yet." in secretary.get(f"{here}/edit/categories").text
    refused = secretary.post(f"{here}/publish")
    assert refused.status_code == 409
    for sentence in (
        "Write the invitation in English first.", "Add at least one theme.", "Add at least one age category.",
        "Change the weights so that they add up to 100.",
    ):  # fmt: skip
        assert sentence in refused.text
        assert sentence in secretary.get(f"{here}/edit").text
    assert the_edition(session).status is EditionStatus.DRAFT
    assert "The weights add up to 45 now." in secretary.get(f"{here}/edit/criteria").text
    assert "Publish this edition" not in secretary.get(here).text


def test_the_list_names_the_languages_in_which_something_is_missing(cast: Cast, as_: As) -> None:
    page = as_(cast.secretary)
    here = draft(page)
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', page.get(f"{here}/edit").text, re.DOTALL)
    missing = {name: cells.count("Missing") for name, cells in rows}
    assert (missing["Title"], missing["Themes"], missing["Criteria"]) == (4, 4, 0)


# Its pages


@pytest.mark.parametrize(
    ("page", "given", "sentence"),
    [
        ("texts", {"title_en": ""}, "Fill this in."),
        ("texts", {"title_en": "x", "title_ru": "y" * 161}, "Use at most 160 characters."),
        ("dates", {**DATES, "first_readings": "8"}, "Enter a number of at most 7."),
        ("dates", {**DATES, "finalists": ""}, "Say how many essays go on to the final round"),
        ("dates", {**DATES, "final_due_at": ""}, "Say until when the final round is marked"),
        ("dates", {**DATES, "final_due_at": "2027-05-31T18:00"}, "The final round ends after the first one."),
        ("dates", {**DATES, "jury_on": "2027-06-29"}, "The jury meets once all marks are in."),
        ("dates", {**DATES, "results_at": "2027-06-30T18:00"}, "The results come after all marks."),
        ("dates", {**DATES, "results_at": "2027-07-01T18:00"}, "The results come after the jury&#39;s meeting."),
        ("languages", {}, "Admit at least one language"),
        ("languages", {"limit_en": "49"}, "Enter a number of at least 50."),
        ("rules", {"ai_rule": "barred", "conflict_rule": "country", "age_KR": "19"}, "Enter a number of at most 18."),
        ("themes/new", {"name_ja": "川"}, "Fill this in."),
        ("categories/new", {"age_from": "14", "age_to": "13"}, "not below the youngest"),
        ("categories/new", {"age_from": "18", "age_to": "24"}, "Another category has some of these ages: 15 to 18."),
        ("categories/new", {"age_from": "19", "age_to": "24", "name_ja": "大人"}, "Write it in English too"),
        ("categories/new", {"age_from": "19"}, "Fill this in."),
        ("criteria/new", {"name_en": "Wit", "weight": "0"}, "Enter a number of at least 1."),
        ("criteria/new", {"name_en": "Wit", "weight": "5", "anchor_8_ko": "좋다"}, "Write it in English too"),
        ("awards/new", {"name_en": "Praise", "places": "1", "prize_ru": "Книга"}, "Write it in English too"),
        ("reference", {"reference_on": "tomorrow"}, "Enter a date, for example 2027-03-31."),
    ],
)
def test_wrong_input_is_shown_again_with_a_sentence(
    cast: Cast, as_: As, page: str, given: dict[str, str], sentence: str
) -> None:
    secretary = as_(cast.secretary)
    answer = secretary.post(f"{draft(secretary)}/edit/{page}", data=given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(f'value="{value}"' in answer.text for value in given.values() if value and value not in DATES.values())


def test_what_the_pages_show_is_what_was_saved(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    saved(secretary, f"{here}/edit/dates", DATES)
    saved(secretary, f"{here}/edit/languages", {"limit_en": "900", "limit_mn": "700"})
    saved(secretary, f"{here}/edit/rules", {"ai_rule": "allowed", "conflict_rule": "country", "age_CN": "16"})
    saved(secretary, f"{here}/edit/reference", {"reference_on": "2027-01-01"})
    saved(secretary, f"{here}/edit/awards/new", {"name_en": "Praise", "places": "3", "prize_en": "A book"})
    for page, typed in (
        ("texts", TEXTS), ("dates", DATES), ("languages", {"limit_en": "900", "limit_ja": ""}),
        ("categories", {"reference_on": "2027-01-01"}), ("rules", {"age_CN": "16"}),
    ):  # fmt: skip
        shown = secretary.get(f"{here}/edit/{page}").text
        assert all(value in shown for value in typed.values())
    assert "Personal Information Protection Law, Articles 28 and 31" in secretary.get(f"{here}/edit/rules").text
    edition = the_edition(session)
    assert {limit.language: limit.most for limit in edition.limits} == {"en": 900, "mn": 700}
    assert [(each.position, each.names["en"]) for each in edition.awards][-1] == (5, "Praise")
    # One more way round: each page sent as it stands changes nothing.
    before = deeds(session, edition)
    saved(secretary, f"{here}/edit/dates", DATES)
    saved(secretary, f"{here}/edit/languages", {"limit_en": "900", "limit_mn": "700"})
    assert deeds(session, the_edition(session)) == before


def test_parts_are_added_reworded_moved_and_removed(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    here = f"{draft(secretary)}/edit/themes"
    key = {"name_en": "Roads", "key": str(uuid.uuid4())}
    for _twice in range(2):
        saved(secretary, f"{here}/new", key)
    for name in ("Sea", "Sky", "Snow"):
        saved(secretary, f"{here}/new", {"name_en": name})
    assert "at most 5 themes" in secretary.get(here).text
    sixth = secretary.post(f"{here}/new", data={"name_en": "Wind"})
    assert (sixth.status_code, 'value="Wind"' in sixth.text) == (409, True)

    rivers, gone, sea, _sky, snow = (theme.id for theme in the_edition(session).themes)
    saved(secretary, f"{here}/{snow}/up", {})
    saved(secretary, f"{here}/{rivers}/up", {})
    saved(secretary, f"{here}/{gone}/remove", {})
    saved(secretary, f"{here}/{sea}", {"name_en": "The wide sea", "name_ru": "Море"})
    themes = the_edition(session).themes
    assert [theme.name("ru") for theme in themes] == ["Rivers", "Море", "Snow", "Sky"]
    assert [theme.position for theme in themes] == [1, 2, 3, 4]
    assert secretary.get(f"{here}/{gone}").status_code == 404


def test_weights_are_changed_together(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    criteria = the_edition(session).criteria
    form = {f"weight_{n}_id": str(each.id) for n, each in enumerate(criteria, 1)}
    wrong = secretary.post(f"{here}/edit/weights", data={**form, **{f"weight_{n}": "30" for n in range(1, 6)}})
    assert wrong.status_code == 422
    assert "The weights add up to 150. Change them so that they add up to 100." in wrong.text
    right = {**form, **{f"weight_{n}": "20" for n in range(1, 6)}}
    saved(secretary, f"{here}/edit/weights", right)
    assert [each.weight for each in the_edition(session).criteria] == [20] * 5
    saved(secretary, f"{here}/edit/criteria/{criteria[0].id}/remove", {})
    stale = secretary.post(f"{here}/edit/weights", data=right)
    assert (stale.status_code, "changed somewhere else" in stale.text) == (409, True)


def test_a_theme_that_somebody_chose_stays(session: Session, cast: Cast, as_: As) -> None:
    edition = make.edition(session, status=EditionStatus.DRAFT)
    make.essay(session, "draft", edition=edition)
    path = f"/contests/{edition.slug}/edit/themes/{edition.themes[0].id}/remove"
    refused = as_(cast.secretary).post(path)
    assert (refused.status_code, "Mend its words instead." in refused.text) == (409, True)
    assert len(session.exec(select(Theme).where(Theme.edition_id == edition.id)).all()) == 2


# After publication


def test_words_and_dates_change_and_the_frame_does_not(session: Session, cast: Cast, as_: As) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    saved(secretary, f"{here}/edit/dates", DATES)
    secretary.post(f"{here}/publish")
    edition = the_edition(session)
    saved(secretary, f"{here}/edit/dates", {**DATES, "due_at": "2027-04-15T18:00"})
    saved(secretary, f"{here}/edit/themes/{edition.themes[0].id}", {"name_en": "Great rivers"})
    saved(secretary, f"{here}/edit/languages", {f"limit_{s}": "900" for s in ("en", "zh", "ja", "ko", "mn", "ru")})
    entry = session.exec(select(Entry).where(Entry.subject_id == edition.id, Entry.deed == "changed")).all()[-1]
    assert entry.details["changed"] == ["due_at"]
    assert [entry.details[when]["due_at"][:10] for when in ("before", "after")] == ["2027-03-31", "2027-04-15"]
    assert "Great rivers" in secretary.get(here).text

    category, criterion, award = edition.categories[0], edition.criteria[0], edition.awards[0]
    frame: list[tuple[str, dict[str, Any]]] = [
        ("themes/new", {"name_en": "Another"}),
        (f"themes/{edition.themes[0].id}/remove", {}),
        (f"criteria/{criterion.id}/down", {}),
        (f"categories/{category.id}", {"age_from": "11", "age_to": "14"}),
        (f"criteria/{criterion.id}", {"name_en": "Theme", "weight": "26"}),
        (f"awards/{award.id}", {"name_en": "Grand", "places": "2"}),
        ("languages", {"limit_en": "900"}),
        ("rules", {"ai_rule": "barred", "conflict_rule": "government"}),
        ("reference", {"reference_on": "2027-01-01"}),
    ]
    for page, given in frame:
        refused = secretary.post(f"{here}/edit/{page}", data=given)
        assert (refused.status_code, "are fixed once an edition is published" in refused.text) == (409, True), page
    assert secretary.post(f"{here}/edit/texts", data={"title_en": "Untold"}).status_code == 422
    for part in ("themes", "categories", "criteria", "awards"):
        shown = secretary.get(f"{here}/edit/{part}").text
        assert "nothing here is added, removed or moved" in shown and "Remove" not in shown
        row = getattr(edition, part)[0]
        assert "Save" in secretary.get(f"{here}/edit/{part}/{row.id}").text
    after = the_edition(session)
    assert [row.model_dump() for row in after.criteria] == [row.model_dump() for row in edition.criteria]


# What everybody sees


def test_the_public_page_tells_the_whole_contest(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    saved(secretary, f"{here}/edit/dates", DATES)
    saved(secretary, f"{here}/edit/rules", {"ai_rule": "disclosed", "conflict_rule": "country", "age_JP": "15"})
    secretary.post(f"{here}/publish")
    shown = " ".join(re.sub(r"<[^>]+>", " ", client.get(here).text).split())
    for sentence in (
        "Write about your region.", "Essays can be written here from:", "30 June 2027, 18:00 in Ulaanbaatar (UTC+8)",
        "2 July 2027", "3 judges read each essay", "The best 12 essays of each age category and language",
        "5 judges read each of them.", "decides your age category. Ages 12 to 14 Ages 15 to 18", "400 to 800 words",
        "950 to 1900 characters", "Argument and originality 30", "A new idea, argued so that it convinces a doubter.",
        "Grand prize 1", "Programmes that write may be used if the author says how.",
        "Nobody judges an essay from their own country.", "Japan 15", "One essay a person, written by you alone.",
    ):  # fmt: skip
        assert sentence in shown
    assert "For the secretariat" not in shown
    assert "13 July" not in shown
    in_seoul = as_(make.person(session, zone="Asia/Seoul")).get(here).text
    assert "30 June 2027, 18:00 in Ulaanbaatar (UTC+8) — 19:00 in Seoul" in in_seoul


def test_the_dates_are_a_calendar_file(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    secretary = as_(cast.secretary)
    here = draft(secretary)
    saved(secretary, f"{here}/edit/dates", DATES)
    secretary.post(f"{here}/publish")
    answer = client.get(f"{here}/dates.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert len(events) == 6
    assert events["Essays are due: Rivers and roads"].decoded("dtstart") == dt.datetime(2027, 3, 31, 10, tzinfo=dt.UTC)
    assert events["Jury meeting: Rivers and roads"].decoded("dtstart") == dt.date(2027, 7, 2)
    uids = {str(event["uid"]) for event in events.values()}
    saved(secretary, f"{here}/edit/dates", {**DATES, "due_at": "2027-04-02T18:00"})
    again = Calendar.from_ical(client.get(f"{here}/dates.ics").content).walk("VEVENT")
    assert {str(event["uid"]) for event in again} == uids, "a later file moves them"


def test_lists_ask_as_often_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, database: Database, client: TestClient
) -> None:
    edition = make.edition(session)
    make.essay(session, "admitted", edition=edition, author=cast.stranger)
    secretary, author = as_(cast.secretary), as_(cast.stranger)
    lists = [(client, "/contests"), (secretary, f"/contests/{edition.slug}/essays"), (author, "/essays")]

    def asked() -> list[int]:
        session.commit()
        found = []
        for browser, path in lists:
            with counting.queries(database) as seen:
                assert browser.get(path).status_code == 200
            found.append(len(seen))
        return found

    one = asked()
    for _ in range(2):
        make.essay(session, edition=make.edition(session), author=cast.stranger)
        make.essay(session, "admitted", edition=edition)
    assert asked() == one


def test_lists_go_on_after_fifty(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    edition = make.edition(session)
    for _ in range(51):
        make.essay(session, "admitted", edition=edition)
        make.edition(session)
    session.commit()
    for visitor, path, pattern in (
        (client, "/contests", r'href="/contests/(edition-[0-9]+)"'),
        (as_(cast.secretary), f"/contests/{edition.slug}/essays", rf'href="/contests/{edition.slug}/essays/(\w+)"'),
    ):
        first = visitor.get(path).text
        following = re.search(r'href="(\?[^"]*after=[^"]+)"', first)
        assert following is not None
        rest = visitor.get(path + following.group(1).replace("&amp;", "&")).text
        shown = re.findall(pattern, first) + re.findall(pattern, rest)
        assert len(set(shown)) == len(shown) == 51 + (path == "/contests")
        assert "after=" not in rest.replace("lang=", "")[rest.index("<main") :] or path != "/contests"


def test_a_page_of_the_list_begins_in_the_index(session: Session) -> None:
    """However many editions there are: the last page reads as few rows as the first."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a table of three rows as a whole, whatever its indexes")
    middle = [make.edition(session) for _ in range(3)][1]
    for start in (None, middle):
        asked = queries.page_of(VISITOR, start).compile(
            dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
        )
        plan = " ".join(row[3] for row in session.execute(sa.text(f"EXPLAIN QUERY PLAN {asked}")))
        assert "USING INDEX ix_edition_opens_at" in plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan
    assert "SEARCH edition" in plan
