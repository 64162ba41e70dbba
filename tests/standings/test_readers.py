"""How judges mark, taking their marks out, whether they favour their own."""

import re

import pytest
from sqlmodel import Session, select

from portal.contests.models import EditionStatus
from portal.deals.models import Deal
from portal.history.models import Entry
from portal.judging.models import Judge, Round
from portal.standings import content
from portal.standings.models import Occasion, Standing
from tests import make
from tests.people import Cast
from tests.standings import marked
from tests.standings.pages import WHY, As, home, order_of


def test_the_judges_page_names_no_judge(session: Session, cast: Cast, as_: As) -> None:
    edition = marked.edition(session)
    _essays, judges = marked.panel(session, edition, essays_=30, judges_=4)
    session.commit()
    page = as_(cast.secretary).get(f"{home(edition)}/judges").text
    assert all(f">{judge.code}</a>" in page for judge in judges)
    assert "Judge 0" not in page and "Strictness by thirds" in page
    # The first judge is made strict, the last lenient: strictest first.
    shown = re.findall(r'/order/judges/(\w+)">', page)
    assert (shown[0], shown[-1]) == (judges[0].code, judges[-1].code)
    assert page.count("<path d=") == 4


def test_marks_are_taken_out_and_put_back(session: Session, cast: Cast, as_: As) -> None:
    edition = marked.edition(session)
    marked.panel(session, edition, judges_=5)
    session.commit()
    judge = session.exec(select(Judge).where(Judge.edition_id == edition.id)).first()
    assert judge is not None
    secretary, path = as_(cast.secretary), f"{home(edition)}/judges/{judge.code}"
    assert "Take the marks out" in secretary.get(path).text
    short = secretary.post(f"{path}/exclude", data={"reason": "Short"})
    assert short.status_code == 422 and ">Short</textarea>" in short.text
    before = order_of(secretary.get(home(edition)).text)
    answer = secretary.post(f"{path}/exclude", data=WHY)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{home(edition)}/kept")
    session.expire_all()
    assert judge.excluded_by == cast.secretary.id and judge.excluded_reason == WHY["reason"]
    kept = session.exec(select(Standing).order_by(Standing.taken_at)).all()  # type: ignore[arg-type]
    assert [each.occasion for each in kept] == [Occasion.BEFORE_REMOVAL, Occasion.AFTER_REMOVAL]
    assert all(content.digest(each.content) == each.digest and each.judge_id == judge.id for each in kept)
    assert [row["entry"] for row in kept[0].content["groups"][0]["order"]] == before
    assert judge.code not in {each["judge"] for each in kept[1].content["groups"][0]["judges"]}
    listed = secretary.get(f"{home(edition)}/kept").text
    assert "Before the marks of a judge were taken out" in listed and str(kept[1].id) in listed
    page = secretary.get(f"{home(edition)}/kept/{kept[1].id}").text
    assert "Place before" in page and WHY["reason"] in page and kept[1].digest in page
    assert WHY["reason"] in secretary.get(home(edition)).text
    assert secretary.post(f"{path}/exclude", data=WHY).status_code == 409
    assert secretary.post(f"{path}/restore", data=WHY).status_code == 303
    assert order_of(secretary.get(home(edition)).text) == before
    assert secretary.post(f"{path}/restore", data=WHY).status_code == 409
    deeds = session.exec(select(Entry.deed).where(Entry.subject_id == edition.id)).all()
    assert {"marks taken out", "marks put back", "order kept"} <= set(deeds)


@pytest.mark.parametrize("is_published", [False, True])
def test_nothing_is_taken_out_once_it_is_decided(session: Session, cast: Cast, as_: As, is_published: bool) -> None:
    edition = marked.edition(session, extra_readings=5)
    _essays, judges = marked.panel(session, edition)
    if is_published:
        told = {"content": {"groups": []}, "digest": "0" * 64, "occasion": Occasion.PUBLISHED, "round": Round.FIRST}
        make.saved(session, Standing(edition_id=edition.id, **told))
    else:
        edition.status = EditionStatus.CLOSED
    session.commit()
    secretary = as_(cast.secretary)
    assert secretary.post(f"{home(edition)}/judges/{judges[0].code}/exclude", data=WHY).status_code == 409
    assert secretary.post(f"{home(edition)}/extra").status_code == 409
    session.expire_all()
    assert judges[0].excluded_at is None and session.exec(select(Deal)).all() == []


# Bias


def test_favour_of_ones_own_country_is_found_and_few_marks_are_not_shown(session: Session, cast: Cast, as_: As) -> None:
    edition = marked.edition(session)
    japan, korea = make.government(session, "JP-32"), make.government(session, "KR-47")
    ours = [make.essay(session, "in_judging", edition=edition, government=japan, language="ja") for _ in range(6)]
    others = [make.essay(session, "in_judging", edition=edition, government=korea, language="ja") for _ in range(6)]
    one = make.judge(session, edition, japan)
    two, three = make.judge(session, edition, korea), make.judge(session, edition, make.government(session, "MN-1"))
    level = {essay.code: 3 + n % 4 for n, essay in enumerate([*ours, *others])}
    pairs = []
    for judge in (one, two, three):
        for essay in (*ours, *others):
            favour = 2 if judge is one and essay in ours else 0
            pairs.append(((essay, judge), (level[essay.code] + favour,) * 5))
    marked.give(session, edition, pairs)
    session.commit()
    page = as_(cast.secretary).get(f"{home(edition)}/bias").text
    country = page[page.index(">Own country</caption>") : page.index(">Own language</caption>")]
    row = re.search(rf"{one.code}</a></th>(.*?)</tr>", country, re.S)
    assert row is not None and re.findall(r">([^<>\n]+)</td>", row[1])[:3] == ["6", "6", "22.22"]
    assert not any(str(essay.code) in page for essay in (*ours, *others))
    none = re.search(rf"{three.code}</a></th>(.*?)</tr>", country, re.S)
    assert none is not None and "fewer than five marks" in none[1]


# Extra readings
