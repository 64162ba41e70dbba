import pytest

from portal.accounts.viewer import VISITOR
from portal.namesakes import rules

ONE_PERSON = [
    ("Batbayar Tuul", "Tuul Batbayar"),
    ("Batbayar Tuul", "Baatbayar Tuul"),
    ("Kim Min-su", "Kim Minsoo"),
    ("Kim Min-su", "Minsu Kim"),
    ("Lee Ji-eun", "Yi Jieun"),
    ("Park Seo-yeon", "Pak Seoyeon"),
    ("Choi Yoon-ah", "Choe Yuna"),
    ("Wang Xiaoming", "WANG Xiao Ming"),
    ("Ohno Yuki", "Ono Yuuki"),
    ("Satō Haruka", "Sato Haruka"),
    ("Aleksandr Ivanov", "Alexander Ivanov"),
    ("Sergei Petrov", "Sergey Petrov"),
    ("Tsogtbaatar Khulan", "Tsogtbaatar Hulan"),
    ("Natsagdorj", "Natsagdorj"),
]
TWO_PEOPLE = [
    ("Kim Minsu", "Kim Jiwoo"),
    ("Kim Minsu", "Kim Minji"),
    ("Batbayar Tuul", "Batbayar Bold"),
    ("Wang Wei", "Wang Lei"),
    ("Lee Jimin", "Lee Seojun"),
    ("Sato Haruka", "Suzuki Haruka"),
    ("Ivanov Sergei", "Ivanova Svetlana"),
    ("Zhang Min", "Chen Min"),
    ("Ganbold Enkhjin", "Ganbold Temuulen"),
    ("", "Kim Minsu"),
    ("", ""),
]


@pytest.mark.parametrize(("one", "other"), ONE_PERSON)
def test_spellings_of_one_name_are_found(one: str, other: str) -> None:
    assert rules.similarity(one, other) >= rules.ALIKE
    assert rules.similarity(other, one) >= rules.ALIKE


@pytest.mark.parametrize(("one", "other"), TWO_PEOPLE)
def test_names_of_two_people_are_not(one: str, other: str) -> None:
    assert rules.similarity(one, other) < rules.ALIKE
    assert rules.similarity(other, one) < rules.ALIKE


def test_the_same_name_in_its_own_script_is_enough() -> None:
    assert rules.may_be_one("Батбаярын Туул", "туул  Батбаярын", "Tuul", "Completely Other")
    assert not rules.may_be_one("", "", "Tuul", "Completely Other")


def test_a_name_of_many_words_takes_no_longer() -> None:
    assert rules.similarity("a " * 60, "a " * 60) == 100


def test_visitors_settle_nothing() -> None:
    assert not rules.may_settle(VISITOR)
