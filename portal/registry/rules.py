"""How names are compared, searched and sorted, and who may change the registry. Pure."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from portal.registry import collation, words
from portal.registry.models import Country, Government

# Glyphs of one character: simplified first, then traditional, Japanese and other forms. Those that
# occur in the names of the governments and countries; all of a group are searched as the first.
VARIANTS = (
    "东東 乌烏 亚亞亜 兰蘭 别別 区區 县縣県 后後 咸鹹 国國 图圖 宁寧寗甯 尔爾 岛島嶋 "
    "广廣広 庆慶 库庫 彦彥 扎紮 布佈 干乾幹 浑渾 济濟済 滨濱浜 潟泻瀉 盖蓋 罗羅 苏蘇囌 "
    "萨薩 蒙矇 诺諾 贝貝 辽遼 边邊辺邉 达達 镜鏡 陕陝 青靑 韩韓 马馬 鲜鮮 鸟鳥 麦麥 黑黒 "
    "龙龍竜 联聯"
)
GLYPHS = {ord(variant): group[0] for group in VARIANTS.split() for variant in group[1:]}
# Letters beside those of the Russian keyboard, and the signs that transcriptions leave out at will.
GLYPHS |= {ord("ө"): "о", ord("ү"): "у", ord("ь"): "", ord("ъ"): ""}
CODE = re.compile("[A-Z]{2}-[A-Z0-9]{1,4}")
AFTER_CYRILLIC = 0x530
HIRAGANA = range(0x3041, 0x3097)
TO_KATAKANA = 0x60


class Asks(Protocol):
    """What this floor needs to know of a viewer; who that is, the floor above knows."""

    @property
    def is_secretary(self) -> bool: ...
    @property
    def is_auditor(self) -> bool: ...


def may_edit(viewer: Asks) -> bool:
    return viewer.is_secretary


def may_read_history(viewer: Asks) -> bool:
    return viewer.is_secretary or viewer.is_auditor


def folded(text: str) -> str:
    """The form in which names are compared: letters and digits only, without case, accents or glyph variants."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(_letter(c) for c in plain if c.isalnum()).translate(GLYPHS)


def _letter(c: str) -> str:
    """Accents come off Latin and Cyrillic letters only: a Japanese voicing mark makes another letter."""
    if ord(c) < AFTER_CYRILLIC or 0x1E00 <= ord(c) < 0x1F00:
        return unicodedata.normalize("NFD", c)[0]
    return chr(ord(c) + TO_KATAKANA) if ord(c) in HIRAGANA else c


def search_words(text: str) -> list[str]:
    """Each must be found. Text of signs alone gives one that no folded name contains, so that it finds nothing."""
    found = [folded(word) for word in text.split()[:8]]
    return [word for word in found if word] or (["%"] if text.strip() else [])


def search_text(government: Government) -> str:
    """Everything this government is found by, one a line, so that no match runs from one name into the next."""
    country = government.country
    said = [
        *government.names.values(), government.native_name, *government.aliases, government.code, government.seat,
        *words.COUNTRIES[country].values(), *words.ALSO[country],
    ]  # fmt: skip
    return "\n".join(dict.fromkeys(folded(text) for text in said))


def by_country(governments: Sequence[Government], language: str) -> dict[Country, list[Government]]:
    """The countries in the order of the association's own list, each with its governments by name."""
    groups: dict[Country, list[Government]] = {}
    for each in sorted(governments, key=lambda one: one.position):
        groups.setdefault(each.country, []).append(each)
    return {country: collation.sorted_by_name(group, language) for country, group in groups.items()}


# Registry data are public; whoever a contact is need not stand in a history that cannot be erased.
PERSONAL = frozenset({"contact_name", "contact_email"})


class Change(NamedTuple):
    """What an editor's `value` would replace."""

    field: str
    before: Any
    after: Any


def values(government: Government) -> dict[str, Any]:
    """What a secretary may edit, by field, as plain data."""
    since = government.status_since
    return {
        **{f"names.{language}": government.names.get(language, "") for language in words.LANGUAGE_NAMES},
        "aliases": list(government.aliases),
        "status": government.status.value,
        "status_since": since.isoformat() if since else None,
        "contact_name": government.contact_name,
        "contact_email": government.contact_email,
        "website": government.website,
    }


def version(government: Government) -> str:
    """Changes whenever anything that can be edited does, be it by a person or by seeding."""
    return hashlib.sha256(json.dumps(values(government), sort_keys=True).encode()).hexdigest()[:16]


def changes(government: Government, wanted: Mapping[str, Any]) -> list[Change]:
    """Where `wanted` (field to value) differs from what stands."""
    now = values(government)
    return [Change(field, now[field], after) for field, after in wanted.items() if now[field] != after]


def lacks_date(government: Government, wanted: Mapping[str, Any]) -> bool:
    """A change of status is a dated fact."""
    return wanted["status"] != government.status.value and not wanted["status_since"]
