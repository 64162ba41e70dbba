import datetime as dt
from zoneinfo import available_timezones

import pytest
from starlette.datastructures import FormData

from portal.calls.forms import asking, pages
from portal.calls.forms.asking import NewDocumentForm, QuestionForm
from portal.calls.forms.pages import DatesForm, EligibilityForm, NewCallForm, QuotasForm, TextsForm
from portal.calls.models import Call, LimitUnit, Purpose, Question, QuestionKind, RequestedDocument
from portal.calls.words import ZONES
from portal.forms import Form, at_local, to_local
from portal.registry.models import Country
from portal.web.forms import Sent, blank, check

RIGHT = {
    "title_en": "PioNEAR 2027", "zone": "Asia/Seoul", "opens_at": "2027-03-01T09:00",
    "openings_due_at": "2027-02-20T18:00", "applications_due_at": "2027-03-31T18:00",
    "corrections_due_at": "2027-04-07T18:00", "nominations_due_at": "2027-04-14T18:00",
    "rankings_due_at": "2027-04-28T18:00",
}  # fmt: skip
RULES = {"reference_on": "2027-01-01", "age_from": "18", "age_to": "29", "belonging": "either"}
QUOTAS = {"nomination_quota": "5", "ranked_openings": "3"}
ASKED = {"kind": "one", "text_en": "When?", "option_1_en": "Spring", "option_2_en": "Autumn"}


def sent(**changes: str) -> Sent[NewCallForm]:
    return check(NewCallForm, FormData({**RIGHT, **changes}))


def again(form: type[Form], values: dict[str, object]) -> Form:
    """What a browser sends of a page that nobody touched."""
    fields = blank(form, **values).values
    plain = [(name, each) for name, v in fields.items() for each in (v if isinstance(v, list) else [v])]
    data = check(form, FormData([(name, value) for name, value in plain if value != "False"])).data
    assert data is not None
    return data


def a_call(**fields: object) -> Call:
    data = sent().data
    assert data is not None
    return Call(slug="pionear-2027", **{**data.fresh(), **fields})


def test_times_are_read_on_the_calls_clock() -> None:
    data = sent(zone="Asia/Ulaanbaatar").data
    assert data is not None
    assert data.applications_due_at == dt.datetime(2027, 3, 31, 10, tzinfo=dt.UTC)


def test_what_a_call_holds_stands_in_its_forms_again() -> None:
    call = a_call(
        titles={"en": "PioNEAR", "zh-Hans": "先锋"}, texts={"en": "Come.", "ru": "Приезжайте."}, countries=["KR", "MN"],
        governments=["KR-47"], country_caps={"KR": 4}, counted_languages=["ko"], months_after_graduation=None,
    )  # fmt: skip
    written = again(TextsForm, pages.of_texts(call))
    assert written.facts() == {"titles": call.titles, "texts": call.texts}
    kept = (
        (DatesForm, pages.of_dates(call)),
        (EligibilityForm, pages.of_eligibility(call)),
        (QuotasForm, pages.of_quotas(call)),
    )
    for form, values in kept:
        facts = again(form, values).facts()
        assert facts == {name: getattr(call, name) for name in facts}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title_en", "", "Fill this in"),
        ("title_en", "я" * 161, "at most 160"),
        ("zone", "Europe/Berlin", "from the list"),
        ("slug", "Two Words", "the form that the hint shows"),
        ("slug", "new", "belongs to another page"),
        ("opens_at", "tomorrow", "for example 2027-03-31T18:00"),
        ("opens_at", "2027-03-01T09:00Z", "without a zone"),
        ("opens_at", "0001-01-01T00:00", "between 1900 and 2100"),
        ("opens_at", "9999-12-31T23:59", "between 1900 and 2100"),
        ("opens_at", "2027-03-31T18:00", "after the call opens"),
        ("openings_due_at", "2027-03-31T18:01", "not before openings are due"),
        ("corrections_due_at", "2027-03-31T17:59", "not before applications are due"),
        ("nominations_due_at", "2027-04-07T17:59", "not before corrections are due"),
        ("rankings_due_at", "2027-04-14T17:59", "not before nominations are due"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, value: str, sentence: str) -> None:
    form = sent(**{field: value})
    assert form.data is None
    assert len(form.errors) == 1 and sentence in next(iter(form.errors.values()))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reference_on", "31.3.2027", "Enter a date"),
        ("age_from", "13", "at least 14"),
        ("age_to", "17", "not below the youngest"),
        ("belonging", "guest", "from the list"),
        ("months_after_graduation", "61", "at most 60"),
        ("language_level", "D1", "from the list"),
        ("counted_languages", "tlh", "from the list"),
        ("countries", "US", "from the list"),
    ],
)
def test_rules_of_eligibility_are_checked(field: str, value: str, sentence: str) -> None:
    form = check(EligibilityForm, FormData({**RULES, field: value}))
    assert list(form.errors) == [field] and sentence in form.errors[field]


def test_governments_are_of_the_countries_that_are_admitted() -> None:
    named = [("countries", "KR"), ("governments", "KR-47"), ("governments", "MN-1")]
    form = check(EligibilityForm, FormData([*RULES.items(), *named]))
    assert "a country that you left out" in form.errors["governments"]
    form = check(EligibilityForm, FormData([*RULES.items(), *named, ("countries", "MN")]))
    assert form.data is not None and form.data.facts()["governments"] == ["KR-47", "MN-1"]


def test_all_six_countries_are_as_good_as_none() -> None:
    form = check(EligibilityForm, FormData([*RULES.items(), *(("countries", each.value) for each in Country)]))
    assert form.data is not None and form.data.facts()["countries"] == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("nomination_quota", "0", "at least 1"),
        ("ranked_openings", "6", "at most 5"),
        ("ranked_openings", "many", "whole number"),
        ("cap_CN", "0", "at least 1"),
    ],
)
def test_quotas_are_checked(field: str, value: str, sentence: str) -> None:
    form = check(QuotasForm, FormData({**QUOTAS, field: value}))
    assert list(form.errors) == [field] and sentence in form.errors[field]


def test_an_empty_cap_is_none() -> None:
    form = check(QuotasForm, FormData({**QUOTAS, "cap_CN": "", "cap_MN": "12"}))
    assert form.data is not None and form.data.facts()["country_caps"] == {"MN": 12}


@pytest.mark.parametrize(
    ("title", "slug", "expected"),
    [("PioNEAR 2027", "", "pionear-2027"), ("PioNEAR", "spring-27", "spring-27"), ("征集", "", "call-2027"),
     ("New", "", "call-2027")],
)  # fmt: skip
def test_the_address_asked_for_or_made(title: str, slug: str, expected: str) -> None:
    data = sent(title_en=title, slug=slug).data
    assert data is not None and data.wanted_slug == expected


def test_the_proposed_dates_can_be_sent_as_they_are() -> None:
    data = check(NewCallForm, FormData({"title_en": "Next", **pages.proposal(dt.date(2027, 1, 31))})).data
    assert data is not None and data.openings_due_at < data.opens_at < data.rankings_due_at


def test_a_copy_has_the_same_days_of_a_later_year() -> None:
    at = dt.datetime(2028, 6, 1, tzinfo=dt.UTC)
    call = a_call(titles={"en": "PioNEAR 2027", "ko": "피오니어"})
    begun = again(NewCallForm, pages.of_copy(call, at))
    assert to_local(begun.opens_at, begun.zone) == "2029-03-01T09:00"
    kept, renamed = begun.copied(call), begun.model_copy(update={"title_en": "PioNEAR 2029"}).copied(call)
    assert (kept["titles"], renamed["titles"]) == (call.titles, {"en": "PioNEAR 2029"})
    assert kept["reference_on"] == dt.date(2029, 1, 1)


def test_every_zone_exists() -> None:
    assert set(ZONES) <= available_timezones()


def test_a_time_of_day_and_its_instant() -> None:
    at = at_local(dt.datetime.fromisoformat("2027-03-31T18:00"), "Asia/Seoul")
    assert at == dt.datetime(2027, 3, 31, 9, tzinfo=dt.UTC)
    assert to_local(at, "Asia/Seoul") == "2027-03-31T18:00"


@pytest.mark.parametrize(
    ("local", "sentence"),
    [("2027-03-28T02:30", "skip this time"), ("2027-10-31T02:30", "show this time twice")],
)
def test_a_time_that_clocks_skip_or_repeat_is_refused(local: str, sentence: str) -> None:
    time = dt.datetime.fromisoformat(local)
    with pytest.raises(ValueError) as refused:
        at_local(time, "Europe/Berlin")
    assert sentence in refused.value.context["sentence"]
    assert at_local(time + dt.timedelta(hours=1), "Europe/Berlin").minute == 30


def document(**fields: str) -> Sent[NewDocumentForm]:
    return check(NewDocumentForm, FormData(fields))


def test_only_another_document_has_titles_and_needs_one() -> None:
    usual = document(purpose="cv", title_en="Life story", hint_ja="一頁").data
    assert usual is not None and usual.amiss(Purpose.CV) == {}
    assert (usual.facts(Purpose.CV)["titles"], usual.facts(Purpose.CV)["hints"]) == ({}, {"ja": "一頁"})
    other = document(purpose="other", title_ko="작품집").data
    assert other is not None and list(other.amiss(Purpose.OTHER)) == ["title_en"]
    assert document(purpose="diploma").errors.keys() == {"purpose"}


def test_what_a_document_holds_stands_in_its_form_again() -> None:
    kept = {"titles": {"en": "Portfolio"}, "hints": {"mn": "Гурван хуудас"}, "is_required": False}
    asked = RequestedDocument(purpose=Purpose.OTHER, shown_to_hosts=True, **kept)
    facts = again(asking.DocumentForm, asking.of_document(asked)).facts(Purpose.OTHER)
    assert facts == {**kept, "shown_to_hosts": True}


def question(**changes: str) -> asking.QuestionFields:
    data = check(QuestionForm, FormData({**ASKED, **changes})).data
    assert data is not None
    return data


def test_options_keep_their_codes_and_new_ones_get_free_ones() -> None:
    first = question()
    assert first.amiss(None) == {}
    assert [each["code"] for each in first.facts()["options"]] == ["a", "b"]
    second = question(option_1_code="b", option_2_code="", option_3_code="a", option_3_en="Winter")
    assert [each["code"] for each in second.facts()["options"]] == ["b", "c", "a"]
    forged = question(option_1_code="a", option_2_code="a")
    assert [each["code"] for each in forged.facts()["options"]] == ["a", "b"]


def test_options_are_wanted_in_english_and_two_at_least() -> None:
    assert "at least two" in str(question(option_2_en="").amiss(None)["option_1_en"])
    assert "in English too" in str(question(option_3_ru="Зима").amiss(None)["option_3_en"])
    assert question(kind="number", option_2_en="").amiss(None) == {}


def test_options_somebody_may_have_chosen_are_not_emptied() -> None:
    options = [{"code": code, "texts": {"en": code}} for code in "ab"]
    answered = Question(kind=QuestionKind.ONE, options=options, answered_at=dt.datetime.now(dt.UTC))
    sent_again = question(option_1_code="a", option_2_code="b", option_2_en="", option_3_en="New")
    assert list(sent_again.amiss(answered)) == ["option_2_en"]
    assert sent_again.amiss(Question(kind=QuestionKind.ONE, options=options)) == {}


def test_only_a_long_text_has_a_limit_and_only_choices_have_options() -> None:
    told = question(kind="long", max_length="300", limit_unit="words").facts()
    assert (told["max_length"], told["limit_unit"], told["options"]) == (300, LimitUnit.WORDS, [])
    assert question(kind="long").facts()["limit_unit"] is None
    assert question(max_length="300").facts()["max_length"] is None


@pytest.mark.parametrize("kind", QuestionKind)
def test_what_a_question_holds_stands_in_its_form_again(kind: QuestionKind) -> None:
    facts = question(kind=kind, text_ja="いつ？", hint_en="Roughly.", option_1_zh="春", max_length="9").facts()
    assert again(QuestionForm, asking.of_question(Question(**facts))).facts() == facts


def test_ages_to_decide_alone_are_those_that_are_set() -> None:
    given = FormData({**RULES, "consent_age_MN": "16", "consent_age_other": "17", "consent_age_CN": ""})
    form = check(EligibilityForm, given)
    assert form.data is not None and form.data.facts()["consent_ages"] == {"MN": 16, "other": 17}
    call = a_call(consent_ages={"MN": 16, "other": 17})
    assert pages.of_eligibility(call)["consent_age_MN"] == 16
    assert "consent_age_CN" not in pages.of_eligibility(call)


@pytest.mark.parametrize(("age", "sentence"), [("11", "at least 12"), ("19", "at most 18"), ("old", "whole number")])
def test_an_age_to_decide_alone_is_a_sensible_one(age: str, sentence: str) -> None:
    form = check(EligibilityForm, FormData({**RULES, "consent_age_KR": age}))
    assert list(form.errors) == ["consent_age_KR"] and sentence in form.errors["consent_age_KR"]
