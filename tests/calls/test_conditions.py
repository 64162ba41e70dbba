"""Each rule is one sentence that an applicant understands."""

import pytest

from portal import i18n
from portal.calls.conditions import conditions, for_officials
from portal.calls.models import Belonging, Call, HostCriterion
from portal.registry.models import Government
from tests.calls.test_rules import a_call

LENIENT = {"months_after_graduation": None, "language_level": "", "first_time_only": False, "no_kin_at_host": False}


def told(call: Call, *admitted: Government) -> dict[str, str]:
    i18n.use("en")
    return {str(name): sentence for name, sentence in conditions(call, admitted)}


def test_a_call_as_it_is_by_default() -> None:
    assert told(a_call()) == {
        "Age": "You are between 18 and 29 years old on 31 March 2027.",
        "Where you belong": "You live in the region of the government that you apply through, or you are a national "
        "of its country.",
        "Studies": "You are enrolled at a school or university on 31 March 2027, or you graduated at most 12 months "
        "before it.",
        "Language": "You speak at least one language at level B2 or better.",
        "Guardian's consent": "While you are younger than this, a parent or guardian must agree before you can be "
        "nominated: China 14, Japan 16, Republic of Korea 14, DPR Korea 18, Mongolia 18, Russia 18; any other country "
        "18. Of where you live and your nationality the higher age counts.",
        "First time": "You have not had a place in this programme before.",
        "Family": "You are not a child, brother or sister of somebody who works at a host that you choose.",
        "Openings of your own government": "You cannot choose openings of your own government.",
        "Openings you can rank": "You can choose up to 3 openings.",
        "Nominations": "Each home government can nominate up to 5 applicants.",
        "Answering an offer": "You have 7 days to answer an offer. After that the place goes to somebody else.",
        "Reserve list": "If you get no place, you may stand on the reserve list. It lives for 28 days after the "
        "results.",
    }


def test_what_is_not_asked_is_not_told() -> None:
    left = ["Age", "Where you belong", "Guardian's consent", "Openings of your own government"]
    left += ["Openings you can rank", "Nominations", "Answering an offer", "Reserve list"]
    assert list(told(a_call(**LENIENT))) == left


def test_whom_a_call_admits_and_how_many_is_told_by_name() -> None:
    call = a_call(countries=["KR", "MN"], governments=["MN-1"], country_caps={"MN": 1, "KR": 7})
    found = told(call, Government(code="MN-1", names={"en": "Ulaanbaatar"}))
    assert found["Countries"].endswith("in one of these countries: Republic of Korea, Mongolia.")
    assert found["Governments"] == "You apply through one of these governments: Ulaanbaatar."
    capped = [each.sentence for each in conditions(call) if each.name == "Nominations in one country"]
    assert capped == [
        "Mongolia: all governments together can nominate 1 applicant.",
        "Republic of Korea: all governments together can nominate up to 7 applicants.",
    ]


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"age_from": 20, "age_to": 20}, "Age", "You are 20 years old on 31 March 2027."),
        ({"months_after_graduation": 0}, "Studies", "You are enrolled at a school or university on 31 March 2027."),
        ({"months_after_graduation": 1}, "Studies", "at most 1 month before it."),
        ({"belonging": Belonging.NATIONAL}, "Where you belong", "You are a national of the country"),
        ({"counted_languages": ["en", "ko"]}, "Language", "at level B2 or better: English, Korean."),
        ({"ranked_openings": 1}, "Openings you can rank", "You can choose 1 opening."),
        ({"own_government_is_host": True}, "Openings of your own government", "You can choose openings"),
    ],
)
def test_each_rule_as_the_call_sets_it(fields: dict[str, object], name: str, sentence: str) -> None:
    assert sentence in told(a_call(**fields))[name]


def test_what_only_officials_read() -> None:
    i18n.use("en")
    criteria = [
        HostCriterion(names={"en": name}, weight=weight) for name, weight in (("Motivation", 60), ("Skills", 40))
    ]
    read = dict(for_officials(a_call(blocked_pairs=[["JP", "KP"]]), criteria))
    assert read == {
        "Weights": "Motivation: 60 of 100, Skills: 40 of 100",
        "Pairs kept apart": "Nobody is placed between these countries, in either direction: Japan and DPR Korea.",
    }
    assert dict(for_officials(a_call(), [])) == {"Weights": "Hosts put candidates in an order without marks."}


def test_a_call_without_a_reserve_list_says_so() -> None:
    assert told(a_call(reserve_days=0))["Reserve list"].startswith("There is none")


def test_the_ages_that_a_call_sets_are_told() -> None:
    sentence = told(a_call(countries=["MN", "KR"], consent_ages={"MN": 16, "other": 17}))["Guardian's consent"]
    assert "nominated: Republic of Korea 14, Mongolia 16; any other country 17." in sentence
