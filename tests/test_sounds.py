import pytest

from portal.sounds import latin, plain, sound


@pytest.mark.parametrize(
    ("written", "roman"),
    [
        ("김민수", "gimminsu"), ("이지은", "ijieun"), ("한솔", "hansol"), ("독도", "dokdo"),
        ("やまだ たろう", "yamada tarou"), ("シャチョウ", "shachou"), ("きょうと", "kyouto"), ("ファー", "fa"),
        ("しんぶん", "shinbun"),
        ("Батбаяр", "batbayar"), ("Хүслэн", "huslen"), ("Өнөр", "onor"), ("Цэцэг", "tsetseg"),
        ("Щербакова", "shcherbakova"), ("Сергей", "sergei"), ("Пётр", "petr"), ("Юлия", "yuliya"),
        ("Tarō", "taro"), ("ＹＡＭＡＤＡ", "yamada"), ("Bat\u200bbayar", "batbayar"), ("欧阳", "欧阳"),
    ],
)  # fmt: skip
def test_every_script_of_the_region_is_read_in_latin_letters(written: str, roman: str) -> None:
    assert latin(plain(written)) == roman


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Батбаяр", "Batbayar"), ("Хулан", "Khulan"), ("Цогтбаатар", "Tsogtbaatar"), ("민수", "Minsoo"),
        ("지은", "Ji-eun".replace("-", "")), ("たろう", "Tarō"), ("Юрий", "Yuri"),
        ("Сергей", "Sergey"), ("Мария", "Maria"),
    ],
)  # fmt: skip
def test_a_name_sounds_the_same_in_every_script(one: str, other: str) -> None:
    assert sound(latin(plain(one))) == sound(latin(plain(other)))
