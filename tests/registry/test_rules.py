"""Names are compared, searched and sorted, without a database."""

import datetime as dt

import pytest

from portal.registry import collation, rules, sources, words
from portal.registry.models import Country, Government, Membership

ROWS = sources.rows("governments.csv")
CODES = [row["code"] for row in ROWS]


def plain(code: str = "KR-47", **fields: object) -> Government:
    row = next(row for row in ROWS if row["code"] == code)
    given = {
        "code": code, "country": Country(row["country"]), "names": sources.names(row), "kind": row["kind"],
        "native_name": row["native_name"], "aliases": [], "seat": row["seat"], "status": Membership(row["status"]),
        "position": 1, "latitude": 0.0, "longitude": 0.0, "zone": row["zone"], "search_text": "",
    }  # fmt: skip
    return Government(**{**given, **fields})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("靑森県", "青森县"),
        ("青森縣", "青森県"),
        ("陝西省", "陕西省"),
        ("慶尚北道", "庆尚北道"),
        ("慶尚北道", "慶尚北道"),  # U+6176 and its compatibility form meet in NFKC
        ("濱海邊疆區", "滨海边疆区"),
        ("寧夏回族自治區", "宁夏回族自治区"),
        ("黒竜江省", "黑龙江省"),
        ("黑龍江省", "黑龙江省"),
        ("遼寧省", "辽宁省"),
        ("鳥取縣", "鸟取县"),
        ("烏蘭巴托市", "乌兰巴托市"),
        ("後貝加爾邊疆區", "后贝加尔边疆区"),
        ("薩哈（雅庫特）共和國", "萨哈(雅库特)共和国"),
        ("釜山廣域市", "釜山広域市"),
        ("全羅南道", "全罗南道"),
        ("Xi'an", "xian"),
        ("Xi’an", "XIAN"),
        ("Ulan-Ude", "ulan ude"),
        ("Övörkhangai", "ovorkhangai"),
        ("Hyōgo", "hyogo"),
        ("Өмнөговь", "Омногов"),
        ("Сүхбаатар", "сухбаатар"),
        ("Ёлкино", "елкино"),
        ("Тяньцзинь", "тянцзин"),
        ("KR-47", "kr47"),
        ("ｱﾙﾀｲ", "アルタイ"),
        ("あるたい", "アルタイ"),
        ("Ｋｙｏｔｏ", "kyoto"),
        ("경상북도", "\u1100\u1167\u11bc\u1109\u1161\u11bc\u1107\u116e\u11a8\u1103\u1169"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert rules.folded(one) == rules.folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("山西省", "陕西省"), ("河南省", "湖南省"), ("か", "が"), ("전라남도", "전라북도"), ("京都府", "京畿道")],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert rules.folded(one) != rules.folded(other)


@pytest.mark.parametrize("row", ROWS, ids=CODES)
def test_every_name_is_the_same_in_every_glyph_variant(row: dict[str, str]) -> None:
    """Each character is replaced by each other member of its group, in both directions."""
    groups = {glyph: group for group in rules.VARIANTS.split() for glyph in group}
    for name in [*sources.names(row).values(), row["native_name"], row["source_name"]]:
        for number in range(4):
            variant = "".join(groups[c][number % len(groups[c])] if c in groups else c for c in name)
            assert rules.folded(variant) == rules.folded(name)


@pytest.mark.parametrize("row", [row for row in ROWS if row["country"] != "RU"], ids=lambda row: row["code"])
def test_chinese_and_japanese_spellings_of_the_same_characters_meet(row: dict[str, str]) -> None:
    """Where both names are written in as many characters, the table of variants must bridge every difference."""
    chinese, japanese = row["name_zh"], row["name_ja"]
    if len(chinese) == len(japanese) and all("\u4e00" <= c <= "\u9fff" for c in japanese):
        assert rules.folded(chinese) == rules.folded(japanese)


def test_no_glyph_belongs_to_two_groups() -> None:
    glyphs = [glyph for group in rules.VARIANTS.split() for glyph in group]
    assert len(glyphs) == len(set(glyphs))


def test_no_group_of_glyphs_is_idle() -> None:
    told = "".join(value for row in ROWS for value in row.values())
    told += "".join(name for names in words.COUNTRIES.values() for name in names.values())
    told += "".join(name for names in words.ALSO.values() for name in names)
    assert [group for group in rules.VARIANTS.split() if not set(group) & set(told)] == []


def test_a_search_is_words_that_must_all_be_found() -> None:
    assert rules.search_words("  Altai  KRAI ") == ["altai", "krai"]
    assert rules.search_words("") == []
    assert rules.search_words("   ") == []


def test_signs_alone_find_nothing_rather_than_everything() -> None:
    (word,) = rules.search_words("-_-")
    assert word.strip() and rules.folded(word) == ""


def test_a_match_cannot_run_from_one_name_into_the_next() -> None:
    text = rules.search_text(plain("KR-47"))
    assert "\n" in text and all(rules.folded(line) == line for line in text.split("\n"))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Aomori", "Bulgan", "Ölgii", "Tomsk"]),
        ("zh-Hans", ["阿穆尔州", "布里亚特共和国", "湖北省", "山东省"]),
        ("ja", ["アムール州", "イルクーツク州", "サハ共和国", "マガダン州"]),
        ("ko", ["강원특별자치도", "경기도", "부산광역시", "제주특별자치도"]),
        ("ru", ["аймак Архангай", "ель", "ёлка", "жук"]),
        ("mn", ["Орхон", "Өмнөговь", "Пусан", "Увс", "Үлсан", "Ховд"]),
    ],
)
def test_names_are_sorted_as_their_readers_sort(language: str, names: list[str]) -> None:
    shuffled = [*names[1:], names[0]]
    assert sorted(shuffled, key=lambda name: collation.sort_key(name, language)) == names


def test_the_version_changes_with_every_field_that_can_be_edited() -> None:
    seen = {rules.version(plain())}
    for fields in (
        {"names": {**plain().names, "ja": "別名"}}, {"aliases": ["x"]}, {"status": Membership.FORMER},
        {"status_since": dt.date(2020, 1, 1)}, {"contact_name": "a"}, {"contact_email": "a@b.org"}, {"website": "https://a.b"},
    ):  # fmt: skip
        seen.add(rules.version(plain(**fields)))
    assert len(seen) == 8


def test_a_new_status_needs_a_date() -> None:
    observer = plain("CN-TJ")
    same = rules.values(observer)
    assert not rules.lacks_date(observer, same)
    assert rules.lacks_date(observer, {**same, "status": "member"})
    assert not rules.lacks_date(observer, {**same, "status": "member", "status_since": "2026-01-01"})


def test_every_kind_purpose_and_note_belongs_to_something() -> None:
    assert {row["kind"] for row in ROWS} == set(words.KINDS)
    assert {row["key"] for row in sources.rows("committees.csv")} == set(words.PURPOSES)
    assert set(words.REMARKS) <= set(words.PURPOSES)
    assert set(words.NOTES) <= set(CODES)
