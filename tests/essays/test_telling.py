import itertools
import re
import time
import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.essays import telling
from portal.essays.telling import Kind, Known, Passage, Segment
from tests.texts import LANGUAGES, TEXTS, Labelled, all_of

OUYANG = Known("欧阳思远", "Ouyang Siyuan", school="青岛市海滨中学", emails=("siyuan2010@example.org",))
KIM = Known("김민수", "Kim Min-su", school="포항바다고등학교")
YAMADA = Known("山田 太郎", "Yamada Taro", school="松江市立湖南中学校")
ERDENE = Known("Доржийн Бат-Эрдэнэ", "Dorjiin Bat-Erdene", school="Дархан хотын 7-р сургууль")
IVANOVA = Known("Мария Иванова", "Maria Ivanova", school="Школа № 7 Иркутска")
BOLD = Known("Батбаяр Болд", "Batbayar Bold", "Will Grace", school="Riverside High School")


def found(known: Known, text: str, **parts: str) -> list[tuple[str, str]]:
    return [(p.kind.value, text[p.begins : p.ends]) for p in telling.find(known, text=text, **parts)]


def names_in(known: Known, text: str) -> list[str]:
    return [words for kind, words in found(known, text) if kind == "name"]


# The labelled texts (security.md B8)


def overlaps(passage: Passage, begins: int, ends: int) -> bool:
    return passage.begins < ends and begins < passage.ends


def scored(text: Labelled) -> tuple[Counter[Kind], Counter[Kind], Counter[Kind], Counter[Kind]]:
    """Labelled, of these found; found, of these labelled; by kind."""
    passages = telling.find(text.known, text=text.text)
    wanted = Counter(kind for _, _, kind in text.passages)
    hit = Counter(k for b, e, k in text.passages if any(p.kind is k and overlaps(p, b, e) for p in passages))
    got = Counter(p.kind for p in passages)
    right = Counter(p.kind for p in passages if any(p.kind is k and overlaps(p, b, e) for b, e, k in text.passages))
    return wanted, hit, got, right


def test_who_wrote_it_is_found_in_120_texts_of_six_languages() -> None:
    """Recall and precision, printed by kind and language; `pytest -s` shows the table."""
    assert all(len(all_of(language)) >= 20 for language in LANGUAGES)
    totals = {language: [Counter[Kind]() for _ in range(4)] for language in (*LANGUAGES, "all")}
    for text in TEXTS:
        for language in (text.language, "all"):
            for total, counted in zip(totals[language], scored(text), strict=True):
                total.update(counted)
    for language, (wanted, hit, got, right) in totals.items():
        for kind in Kind:
            print(f"{language:8}{kind:8} recall {hit[kind]}/{wanted[kind]}  precision {right[kind]}/{got[kind]}")
    wanted, hit, got, right = totals["all"]
    for kind in (Kind.NAME, Kind.EMAIL):
        assert hit[kind] >= 0.95 * wanted[kind], kind
    assert right[Kind.NAME] >= 0.9 * got[Kind.NAME]
    for language in LANGUAGES:
        wanted, hit, got, right = totals[language]
        assert hit[Kind.NAME] >= 0.85 * wanted[Kind.NAME] and hit[Kind.EMAIL] == wanted[Kind.EMAIL], language
        assert right.total() >= 0.9 * got.total(), language


def test_nobody_is_found_in_what_others_wrote() -> None:
    """Every text is searched for every other author: names and schools of theirs would be false."""
    false = [
        (known.roman_name, text.text[p.begins : p.ends])
        for known in {text.known for text in TEXTS}
        for text in TEXTS
        if text.known.roman_name != known.roman_name
        for p in telling.find(known, text=text.text)
        if p.kind in {Kind.NAME, Kind.SCHOOL} and not any(overlaps(p, b, e) for b, e, _ in text.passages)
    ]
    assert len(false) <= 3, false


# Forms of a name


@pytest.mark.parametrize(
    ("known", "text", "names"),
    [
        (OUYANG, "我叫欧阳思远，同学喊我思远。歐陽思遠也是我。", ["欧阳思远", "思远", "歐陽思遠"]),
        (OUYANG, "欧阳修写道。深思远虑。我想得很远。", []),
        (OUYANG, "By OUYANG Siyuan, or Siyuan Ouyang.", ["OUYANG Siyuan", "Siyuan Ouyang"]),
        (KIM, "저는 김민수입니다. 민수가 말했다. 김 민수 씨.", ["김민수", "민수", "김 민수"]),
        (KIM, "민수용 자동차. 김 교수와 박민수진 씨.", []),
        (KIM, "Minsu Kim, kim minsoo; Ким Минсу. President Kim.", ["Minsu Kim", "kim minsoo", "Ким Минсу"]),
        (YAMADA, "山田太郎、やまだたろう、ヤマダ。ﾔﾏﾀﾞ ﾀﾛｳ。", ["山田太郎", "やまだたろう", "ヤマダ", "ﾔﾏﾀﾞ ﾀﾛｳ"]),
        (YAMADA, "行っただろう。山田川は広い。言ったろう。", []),
        (YAMADA, "Tarō Yamada and YAMADA Tarou", ["Tarō Yamada", "YAMADA Tarou"]),
        (YAMADA, "Меня зовут Ямада Таро.", ["Ямада Таро"]),
        (Known("佐藤 はるか", "Sato Haruka"), "佐藤ハルカです。はるかな海。佐藤という人。", ["佐藤ハルカ"]),
        (ERDENE, "Бат-Эрдэнийн ном, Бат-Эрдэнэд өгсөн. Bat-Erdene. бат бөх.",
         ["Бат-Эрдэнийн", "Бат-Эрдэнэд", "Bat-Erdene"]),
        (ERDENE, "Доржийн Бат-Эрдэнэ, Д.Бат-Эрдэнэ", ["Доржийн Бат-Эрдэнэ", "Д.Бат-Эрдэнэ"]),
        (IVANOVA, "Марии, Марию, Марией, марина. Ивановой Марии.", ["Марии", "Марию", "Марией", "Ивановой Марии"]),
        (IVANOVA, "Мария Склодовская, Марина и Ивановка.", []),
        (BOLD, "I am batbayar BOLD. Boldly. Bold ideas. A will of grace.", ["batbayar BOLD"]),
        (BOLD, "I saw it and Bold saw it. You Will see.", ["Bold", "Will"]),
        (BOLD, "バトバヤルです。바트바야르는 왔다.", ["バトバヤル", "바트바야르"]),
        (BOLD, "Батбаярын ном. Болд төмөр. болд.", ["Батбаярын"]),
        (Known("이나라", "Lee Nara"), "이 나라는 넓다. 이나라입니다.", ["이나라"]),
        (Known("王伟", "Wang Wei"), "国王伟大。我叫王伟。", ["王伟"]),
        (Known("Ганболдын Туул", "Ganbold Tuul"), "Бид Туул голд очив. Миний нэр Туул.", ["Туул"]),
        (Known("Вера Соколова", "Vera Sokolova"), "Вера нужна всем. Соколов мало. Меня зовут Вера.", ["Вера"]),
        (Known("Park Ji Min", "Park Ji Min"), "Jimin Park and Ji-min. Central Park.", ["Jimin Park", "Ji-min"]),
        (Known("Grace Will", "Will Grace"), "I wish Grace knew. It will. Grace Will.", ["Grace", "Grace Will"]),
        (Known("Цэрэндорж Оюунчимэг", "Oyunchimeg Tserendorj"), "Би Ц.Оюунчимэг, өвөө Цэрэндорж.",
         ["Ц.Оюунчимэг", "Цэрэндорж"]),
        (Known("张浩然", "Zhang Haoran"), "浩然之气。张浩说。我叫浩然。", ["浩然"]),
        (Known(), "Nobody is known, and nobody is found: 王伟 Батбаяр.", []),
    ],
)  # fmt: skip
def test_a_name_is_found_as_people_write_it_and_not_in_words_that_hold_it(
    known: Known, text: str, names: list[str]
) -> None:
    assert names_in(known, text) == names


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
@pytest.mark.parametrize(
    ("known", "text"),
    [(KIM, "저는 김민수입니다."), (YAMADA, "「ガム」とやまだたろう。"), (BOLD, "Өвлийн Батбаярын ном.")],
)
def test_places_are_those_of_the_text_as_it_was_written(known: Known, text: str, form: str) -> None:
    written = unicodedata.normalize(form, text)
    (passage,) = telling.find(known, text=written)
    name = unicodedata.normalize("NFC", written[passage.begins : passage.ends])
    assert name in {"김민수", "やまだたろう", "Батбаярын"}
    whole = unicodedata.normalize("NFC", written[: passage.begins]) + name
    assert unicodedata.normalize("NFC", text).startswith(whole)  # nothing of a syllable was left behind


def test_characters_that_are_not_seen_hide_nothing() -> None:
    assert names_in(BOLD, "my Bat\u200bba\u00adyar") == ["Bat\u200bba\u00adyar"]
    assert names_in(OUYANG, "我叫欧阳\u200b思远") == ["欧阳\u200b思远"]


def test_in_a_title_capitals_say_nothing() -> None:
    assert telling.find(BOLD, title="Where the Bold Will Live") == []
    assert telling.find(BOLD, title="What Batbayar Saw") == [Passage("title", 5, 13, Kind.NAME)]


# Everything else


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("邮箱是siyuan@example.org。再见", [("email", "siyuan@example.org")]),
        ("siyuan＠example．org", [("email", "siyuan＠example．org")]),
        ("пишите почта@пример.рф сюда", [("email", "почта@пример.рф")]),
        ("name at example dot org, name (at) example.org", 2 * ["email"]),
        ("we meet at noon. Look at example.", []),
        ("а@б and @ 5 dollars", []),
        ("follow @river_kid or https://example.org/a?b=1.", [("handle", "@river_kid"), ("handle", "https://example.org/a?b=1")]),
        ("微信号：river_kid2", [("handle", "river_kid2")]),
        ("my siyuan2010 elsewhere", [("handle", "siyuan2010")]),
        ("+976 9911-2233", [("phone", "+976 9911-2233")]),
        ("８ (914) 123-45-67", [("phone", "８ (914) 123-45-67")]),
        ("电话13812345678", [("phone", "13812345678")]),
        ("電話 ０３－１２３４－５６７８", [("phone", "０３－１２３４－５６７８")]),
        ("전화 010-1234-5678로", [("phone", "010-1234-5678")]),
        ("Утас 99112233", [("phone", "99112233")]),
        ("In 1993 we were 29, 1993-2026, on 2026-05-31 or 31.05.2026.", []),
        ("1,250,000 tugrik, 4 500 000 рублей, 25 000 000 people, 12345678 원", []),
        ("ISBN 978-3-16-148410-0, pages 123-148 and 1200-1399", []),
        ("〒690-0001 松江市本町1-2-3", [("address", "〒690-0001"), ("address", "松江市本町1-2-3")]),
        ("我住在青岛市市南区海滨路12号3单元501室。", [("address", "青岛市市南区海滨路12号3单元501室")]),
        ("포항시 남구 바다로 12, 101동 1203호", [("address", "포항시 남구 바다로 12, 101동 1203호")]),
        ("다시 학교로 12명이 갔다. 그 길 3년.", []),
        ("г. Чита, ул. Ленина, д. 5, кв. 3", [("address", "г. Чита, ул. Ленина, д. 5, кв. 3")]),
        ("На улице стояло 30 машин и 5 домов.", []),
        ("Ховд сум, 5-р баг, 12-р байр, 34 тоот", [("address", "Ховд сум, 5-р баг, 12-р байр, 34 тоот")]),
        ("at 12 Main Street, in 1993 the Silk Road", [("address", "12 Main Street")]),
    ],
)  # fmt: skip
def test_ways_to_reach_somebody_are_found_and_other_numbers_are_not(text: str, passages: list) -> None:
    kinds_only = passages and isinstance(passages[0], str)
    got = found(OUYANG, text)
    assert ([kind for kind, _ in got] if kinds_only else got) == passages


@pytest.mark.parametrize(
    ("school", "text", "passages"),
    [
        ("青岛市海滨中学", "在海滨中学读书，不是山中学校。", ["海滨中学"]),
        ("哈尔滨市第七中学", "第七中学，七中的门，第八中学，二十七中学", ["第七中学", "七中"]),
        ("松江市立湖南中学校", "松江市立湖南中学校の湖南中学", ["松江市立湖南中学校", "湖南中学"]),
        ("포항바다고등학교", "포항바다고등학교와 바다고등학교", ["포항바다고등학교", "바다고등학교"]),
        ("부산해운대고등학교", "해운대고등학교, 해운대", ["해운대고등학교"]),
        ("МБОУ СОШ № 45", "В 45 школе, СОШ №45, школа №4", ["45 школе", "СОШ №45"]),
        ("Школа № 7 Иркутска", "в школе №7, 7-й школы, school 7, школа 17", ["школе №7", "7-й школы", "school 7"]),
        ("Дархан, 7-р сургууль", "7-р сургуульд, 7 дугаар сургууль, 17-р", ["7-р сургуульд", "7 дугаар сургууль"]),
        ("Riverside High School", "Riverside school and the riverside", ["Riverside school"]),
        ("Лицей имени Арсеньева", "в лицее имени Арсеньева; Арсеньев шёл", ["лицее имени Арсеньева"]),
        ("School No. 7", "the Seventh School, 7 schools", ["Seventh School"]),
    ],
)  # fmt: skip
def test_a_school_is_found_by_its_name_its_particular_part_or_its_number(
    school: str, text: str, passages: list[str]
) -> None:
    assert [words for kind, words in found(Known(school=school), text) if kind == "school"] == passages


def test_in_the_notes_pages_are_sources_unless_people_present_themselves_there() -> None:
    notes = "See https://example.org/report.pdf and https://vk.com/kid and write to a@example.org."
    found_ = telling.find(BOLD, notes=notes)
    assert [notes[p.begins : p.ends] for p in found_] == ["https://vk.com/kid", "a@example.org"]
    assert {p.part for p in found_} == {"notes"}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_whatever_people_are_called_and_write_there_is_an_answer(data: st.DataObject) -> None:
    """Names and schools are typed by people: brackets, dots, one letter, another script. Nothing of it is a pattern."""
    letters = st.sampled_from([*"aB.( )[*+?\\№7-,'«|{^$яЁө林一第中学山たロー김は", "\u0301", "\u200b"])
    generic = st.sampled_from(["", "School ", "школа ", "сургууль ", "第一中学"])
    line = st.builds(str.__add__, generic, st.text(letters, max_size=12) | st.text(max_size=8))
    known = Known(*(data.draw(line) for _ in range(4)), (data.draw(line),))
    text = data.draw(st.text(letters, max_size=40)) + known.native_name + known.school + known.roman_name
    passages = telling.find(known, title=text, text=text, notes=text)
    assert all(0 <= p.begins < p.ends <= len(text) for p in passages)


def test_no_two_passages_overlap() -> None:
    text = "batbayar.bold@example.org, Batbayar Bold, ул. Болда 5, https://example.org/Batbayar"
    passages = telling.find(BOLD, text=text)
    assert all(one.ends <= other.begins for one, other in itertools.pairwise(passages))


@pytest.mark.parametrize(
    "piece",
    ["市", "町一", "市1", "a", "a@", "a at ", "1 ", "1-", "ул. ", "가시 ", "1-р хороо ", "байр ",
     "Bat-", "Ким ", "민수", "王",
     "か\u3099", "и\u0306", "\u200b", "12 Aa ", "第七", "ᄀ", "Бат Эрдэнэ ", "https://a."],
)  # fmt: skip
def test_the_longest_text_takes_no_longer_however_odd_it_is(piece: str) -> None:
    text = (piece * 50_000)[:50_000] + " @号番тоотбайр ул. Street -ro 로 번지 동"
    began = time.process_time()
    for known in (KIM, ERDENE, OUYANG):
        telling.find(known, text=text)
    assert time.process_time() - began < 6


def test_an_essay_takes_milliseconds() -> None:
    for language in LANGUAGES:
        texts = all_of(language)
        essay = ("\n".join(text.text for text in texts) * 9)[:8000]
        telling.find(texts[0].known, text=essay)
        began = time.process_time()
        telling.find(texts[0].known, text=essay)
        assert time.process_time() - began < 0.1, language


# Marking


def test_a_text_is_cut_where_its_passages_are() -> None:
    text = "I am Bold, at a@b.org."
    passages = [Passage("text", 5, 9, Kind.NAME), Passage("text", 14, 21, Kind.EMAIL)]
    assert telling.segments(text, passages) == [
        Segment("I am "), Segment("Bold", Kind.NAME, 1), Segment(", at "), Segment("a@b.org", Kind.EMAIL, 2),
        Segment("."),
    ]  # fmt: skip
    assert "".join(segment.text for segment in telling.segments(text, passages)) == text


@pytest.mark.parametrize("passages", [[(0, 4), (2, 8)], [(3, 99)], [(50, 60)], [], [(0, 9)]])
def test_no_character_is_lost_whatever_the_passages_are(passages: list[tuple[int, int]]) -> None:
    made = telling.segments("123456789", [Passage("text", *span, Kind.NAME) for span in passages])
    assert "".join(segment.text for segment in made) == "123456789"
    assert all(segment.text for segment in made)


def test_paragraphs_are_lines_and_a_passage_over_two_is_marked_in_both() -> None:
    lines = telling.paragraphs("One two\n\nthree four", [Passage("text", 4, 14, Kind.NAME)])
    assert [[(s.text, s.number, s.is_first) for s in line] for line in lines] == [
        [("One ", None, True), ("two", 1, True)],
        [("three", 1, False), (" four", None, True)],
    ]


def test_passages_are_numbered_through_the_whole_essay() -> None:
    parts = {"title": "Batbayar Bold", "text": "By Batbayar Bold", "notes": "a@example.org"}
    made = telling.marked(telling.find(BOLD, **parts), **parts)
    numbers = [s.number for part in telling.PARTS for line in made[part] for s in line if s.number]
    assert numbers == [1, 2, 3]


def test_every_label_of_the_texts_is_where_it_says() -> None:
    for text in TEXTS:
        assert not re.search(r"[{}|]", text.text)
        assert all(0 <= begins < ends <= len(text.text) for begins, ends, _ in text.passages)
