import datetime as dt
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.clock import now
from portal.contests.models import AwardScope, OrderRule
from portal.deals.models import Deal, DealKind, DealStatus
from portal.history.models import Entry
from portal.judging.models import Judge, Round
from portal.standings import content
from portal.standings.models import Occasion, Standing
from tests import make
from tests.counting import queries_of
from tests.people import Cast
from tests.standings import marked
from tests.standings.pages import ELSEWHERE, PAGES, WHY, As, home, order_of


def test_the_order_shows_codes_scores_and_the_line(session: Session, cast: Cast, as_: As) -> None:
    edition = marked.edition(session, places=3)
    essays, judges = marked.panel(session, edition)
    session.commit()
    page = as_(cast.secretary).get(home(edition)).text
    assert sorted(order_of(page)) == sorted(str(essay.code) for essay in essays)
    assert "Line of the awards: 3 places" in page and "Chance of the first 3" in page
    for told in ("12 essays with marks", "36 marks", "4 judges", "Krippendorff", "consistency", "agreement", "(REML)"):
        assert told in page, told
    assert "from the variance components" in page and "<svg" in page and "<title id=" in page
    names = {judge.person.name for judge in judges if judge.person}
    assert not any(name in page for name in names)
    assert "Batbayar" not in page


def test_pages_without_marks_say_so(session: Session, cast: Cast, as_: As) -> None:
    edition = marked.edition(session, finalists=3, final_due_at=now() + dt.timedelta(days=60), extra_readings=5)
    marked.essays(session, edition, 3)
    session.commit()
    secretary = as_(cast.secretary)
    for round_ in ("", "?round=first", "?round=final", "?round=none"):
        for page in PAGES:
            assert secretary.get(home(edition) + page + round_).status_code == 200, (page, round_)
    assert "No judge has submitted marks yet." in secretary.get(home(edition)).text
    assert secretary.post(f"{home(edition)}/extra").status_code == 409
    assert secretary.get(f"{home(edition)}?group=1").status_code == 404


@pytest.mark.parametrize("rule", [rule for rule in OrderRule if rule not in (OrderRule.KEMENY, OrderRule.BORDA)])
def test_every_rule_shows_its_order_beside_the_recommended_one(
    session: Session, cast: Cast, as_: As, rule: OrderRule
) -> None:
    edition = marked.edition(session, order_rule=rule)
    marked.panel(session, edition, essays_=8, judges_=5, readings=5)
    session.commit()
    page = as_(cast.secretary).get(home(edition)).text
    assert ("Recommended place" in page) is (rule is not OrderRule.MODEL)
    assert "gives no order" not in page and len(order_of(page)) == 8


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (OrderRule.TRIMMED_MEAN, "A trimmed mean needs five marks of each essay; 6 essays have fewer."),
        (OrderRule.MEAN_RANK, "Mean places need every judge to have marked every essay; 6 essays lack a mark."),
        (OrderRule.MEDIAN, "6 essays have fewer than five marks: their medians rest on little."),
    ],
)
def test_few_marks_are_named(session: Session, cast: Cast, as_: As, rule: OrderRule, sentence: str) -> None:
    edition = marked.edition(session, order_rule=rule)
    marked.panel(session, edition, essays_=6)
    session.commit()
    page = as_(cast.secretary).get(home(edition)).text
    assert sentence in page
    assert len(order_of(page)) == 6


@pytest.mark.parametrize("rule", [OrderRule.KEMENY, OrderRule.BORDA])
def test_a_final_panel_ranks(session: Session, cast: Cast, as_: As, rule: OrderRule) -> None:
    later = now() + dt.timedelta(days=60)
    edition = marked.edition(session, finalists=5, final_due_at=later, final_rule=rule)
    essays, judges = marked.essays(session, edition, 5, status="shortlisted"), marked.judges(session, edition, 3)
    totals = [(9, 8, 7, 5, 2), (8, 9, 6, 5, 1), (10, 7, 7, 4, 3)]
    pairs = [
        ((essay, judge), (points[n],) * 5)
        for judge, points in zip(judges, totals, strict=True)
        for n, essay in enumerate(essays)
    ]
    marked.give(session, edition, pairs[1:], Round.FINAL)
    session.commit()
    page = as_(cast.secretary).get(f"{home(edition)}?round=final").text
    assert "1 judges have not marked all of them" in page
    marked.give(session, edition, pairs[:1], Round.FINAL)
    session.commit()
    page = as_(cast.secretary).get(f"{home(edition)}?round=final").text
    assert "gives no order" not in page
    assert order_of(page) == [str(essay.code) for essay in essays]


def test_parts_that_nobody_connects_are_not_one_order(session: Session, cast: Cast, as_: As) -> None:
    edition = marked.edition(session)
    marked.panel(session, edition, essays_=4, judges_=2, readings=2)
    marked.panel(session, edition, essays_=4, judges_=2, readings=2, seed=5)
    session.commit()
    page = as_(cast.secretary).get(home(edition)).text
    assert "No judge connects the essays of these 2 parts" in page
    assert "Order of part 1" in page and "Order of part 2" in page
    assert "not identified" in page and "Line of the awards" not in page


def test_a_long_order_goes_on(session: Session, cast: Cast, as_: As) -> None:
    edition = marked.edition(session, places=60)
    marked.panel(session, edition, essays_=120, judges_=6)
    session.commit()
    secretary = as_(cast.secretary)
    first = secretary.get(home(edition)).text
    found, following = order_of(first), "&amp;group=1&amp;from=51"
    assert following in first
    second = secretary.get(f"{home(edition)}?round=first&group=1&from=51").text
    third = secretary.get(f"{home(edition)}?group=1&from=101").text
    found += [*order_of(second), *order_of(third)]
    assert len(found) == len(set(found)) == 120
    assert "Line of the awards: 60 places" in second and "Line of the awards" not in third


def test_languages_are_compared_in_the_final_round_alone_if_awards_say_so(
    session: Session, cast: Cast, as_: As
) -> None:
    later = now() + dt.timedelta(days=60)
    edition = marked.edition(session, finalists=2, final_due_at=later, award_scope=AwardScope.CATEGORY)
    judges = marked.judges(session, edition, 2)
    for language in ("en", "ja"):
        essays = marked.essays(session, edition, 2, language=language, status="shortlisted")
        for round_ in Round:
            marked.give(session, edition, [((e, j), (5, 6, 7, 8, 9)) for e in essays for j in judges], round_)
    session.commit()
    first = as_(cast.secretary).get(home(edition)).text
    assert "Ages 15–18, English" in first and "Ages 15–18, 日本語" in first and "Line of the final round" not in first
    final = as_(cast.secretary).get(f"{home(edition)}?round=final").text
    assert final.count('id="group-') == 1 and "4 essays with marks" in final


# Judges


def test_the_most_open_essays_are_read_once_more_within_the_budget(session: Session, cast: Cast, as_: As) -> None:
    edition = marked.edition(session, places=4, extra_readings=3)
    essays, judges = marked.panel(session, edition, essays_=20, judges_=5, readings=2)
    session.commit()
    secretary = as_(cast.secretary)
    page = secretary.get(home(edition)).text
    assert "Have 3 essays read once more" in page
    assert as_(cast.auditor).get(home(edition)).text.count("read once more</button>") == 0
    answer = secretary.post(f"{home(edition)}/extra")
    assert answer.status_code == 303
    deal = session.exec(select(Deal)).one()
    assert (deal.kind, deal.round) == (DealKind.EXTRA, Round.FIRST)
    told = session.exec(select(Entry).where(Entry.deed == "extra readings ordered")).one()
    assert len(told.details["essays"]) == 3
    assert secretary.post(f"{home(edition)}/extra").status_code == 409  # a deal is under way
    deal.status, deal.dealt_at = DealStatus.DEALT, now()
    read = [essay for essay in essays if essay.code in told.details["essays"]]
    made = [make.appointment(session, essay, judge, deal_id=deal.id) for essay, judge in fresh(session, read, judges)]
    session.commit()
    page = secretary.get(home(edition)).text
    assert "have no marks yet" in page and secretary.post(f"{home(edition)}/extra").status_code == 409
    for appointment in made:
        make.marks(session, appointment, 7, 7, 7, 7, 7)
    session.commit()
    page = secretary.get(home(edition)).text
    assert "are used up" in page and secretary.post(f"{home(edition)}/extra").status_code == 409
    assert len(session.exec(select(Deal)).all()) == 1


def fresh(session: Session, essays: list[Any], judges: list[Judge]) -> Iterator[tuple[Any, Judge]]:
    """For each essay a judge who has not read it."""
    from portal.judging.models import Appointment

    for essay in essays:
        had = set(session.exec(select(Appointment.judge_id).where(Appointment.essay_id == essay.id)))
        yield essay, next(judge for judge in judges if judge.id not in had)


def test_nothing_is_read_once_more_after_the_deadline(session: Session, cast: Cast, as_: As) -> None:
    edition = marked.edition(session, judging_due_at=now() - dt.timedelta(minutes=1), extra_readings=9)
    marked.panel(session, edition, readings=2)
    session.commit()
    assert "The first round is over." in as_(cast.secretary).get(home(edition)).text
    assert as_(cast.secretary).post(f"{home(edition)}/extra").status_code == 409


# Who may


def test_judges_strangers_and_visitors_see_nothing(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    edition = marked.edition(session, extra_readings=5)
    _essays, judges = marked.panel(session, edition)
    code = judges[0].code
    standing = make.saved(
        session,
        Standing(
            edition_id=edition.id, round=Round.FIRST, occasion=Occasion.JURY, digest="0" * 64,
            content={"groups": [], "rule": "model"},
        ),
    )  # fmt: skip
    both = make.secretary(session, "Judging secretary")
    make.grant(session, both, Role.JUDGE, edition_id=edition.id, ends_on=now().date() + dt.timedelta(days=9))
    session.commit()
    pages = [home(edition) + page for page in (*PAGES, f"/judges/{code}", f"/kept/{standing.id}", "/bundle.zip")]
    staff = (cast.secretary, cast.auditor, make.screener(session, edition))
    for path in pages:
        for person in staff:
            may_not = person is staff[2] and path.endswith("zip")  # names could be put to its codes
            assert as_(person).get(path).status_code == (404 if may_not else 200), path
        for person in (cast.stranger, judges[0].person, both, cast.home_coordinator):
            assert as_(person).get(path).status_code == 404, path
        assert client.get(path).status_code == 303
    posts = [f"{home(edition)}/{deed}" for deed in (f"judges/{code}/exclude", f"judges/{code}/restore", "extra")]
    for path in posts:
        assert client.post(path, data=WHY).status_code == 401
        # A screener is a secretary who knows the authors.
        for person in (cast.stranger, judges[0].person, both, cast.auditor, *([] if "extra" in path else [staff[2]])):
            assert as_(person).post(path, data=WHY).status_code in {403, 404}, path
        assert as_(cast.secretary).post(path, data=WHY, headers=ELSEWHERE).status_code == 403
    for wrong in ("XXXXX", "kept"):
        assert as_(cast.secretary).post(f"{home(edition)}/judges/{wrong}/exclude", data=WHY).status_code == 404
    session.expire_all()
    assert judges[0].excluded_at is None and session.exec(select(Deal)).all() == []


def test_another_editions_orders_are_not_found_here(session: Session, cast: Cast, as_: As) -> None:
    edition, other = marked.edition(session), marked.edition(session)
    told = {"content": {"groups": [], "rule": "model"}, "digest": "0" * 64}
    standing = make.saved(session, Standing(edition_id=other.id, round=Round.FIRST, occasion=Occasion.JURY, **told))
    session.commit()
    assert as_(cast.secretary).get(f"{home(other)}/kept/{standing.id}").status_code == 200
    assert as_(cast.secretary).get(f"{home(edition)}/kept/{standing.id}").status_code == 404


def test_pages_ask_as_often_for_many_as_for_few(session: Session, cast: Cast, as_: As, database: Any) -> None:
    edition = marked.edition(session, extra_readings=5)
    marked.panel(session, edition)
    session.commit()
    paths = [home(edition) + page for page in (*PAGES, "/bundle.zip")]
    client = as_(cast.secretary)
    few = [queries_of(database, lambda p=path: client.get(p)) for path in paths]
    marked.panel(session, edition, essays_=40, judges_=8)
    marked.panel(session, edition, language="ja")
    session.commit()
    assert [queries_of(database, lambda p=path: client.get(p)) for path in paths] == few


# The bundle


def calibrated(folder: Path, command: str) -> dict[str, Any]:
    """Runs what the bundle's README says."""
    words = re.sub(r"^python", sys.executable, command).split()
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)})
    return json.loads(done.stdout)  # type: ignore[no-any-return]


ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("rule", [OrderRule.MODEL, OrderRule.RAW_MEAN])
def test_the_verb_reckons_the_same_order_from_the_bundle(
    session: Session, cast: Cast, as_: As, tmp_path: Path, rule: OrderRule
) -> None:
    edition = marked.edition(session, places=4, order_rule=rule)
    marked.panel(session, edition, essays_=20, judges_=6)
    marked.panel(session, edition, essays_=9, judges_=4, language="mn", seed=3)
    marked.essays(session, edition, 1, language="mn")
    session.commit()
    secretary = as_(cast.secretary)
    answer = secretary.get(f"{home(edition)}/bundle.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.content == secretary.get(f"{home(edition)}/bundle.zip").content
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["README.txt", "edition.json", "marks.csv", "result.json"]
        archive.extractall(tmp_path)
    readme = (tmp_path / "README.txt").read_text()
    command = re.search(r"^ +(python -m portal calibrate .*)$", readme, re.M)
    assert command is not None and command[1] == "python -m portal calibrate marks.csv --top 4 --seed 7"
    found, result = calibrated(tmp_path, command[1]), json.loads((tmp_path / "result.json").read_text())
    assert content.digest(result["order"]) == result["digest"]
    kept = {group["name"]: group for group in result["order"]["groups"]}
    assert {group["group"] for group in found["groups"]} == set(kept) and len(kept) == 2
    same = ("adjusted", "standard_error", "p_top", "rank_interval", "raw_mean", "marks")
    for group in found["groups"]:
        told = {row["entry"]: row for row in kept[group["group"]]["order"]}
        entries = [entry for entry in group["entries"] if entry["marks"]]
        assert len(entries) == len(told)
        for entry in entries:
            row = told[entry["entry"]]
            assert {name: entry[name] for name in same} == {name: row[name] for name in same}
            assert entry["rank"] == row["recommended_rank"]
        assert [each["judge"] for each in group["judges"]] == [each["judge"] for each in kept[group["group"]]["judges"]]
    told = json.loads((tmp_path / "edition.json").read_text())
    assert (told["rule"], told["seed"], set(told["top"].values())) == (rule.value, 7, {4})
