"""Short texts in the six languages, written for these tests, and real documents that hold them."""

import io
import json
from collections.abc import Sequence
from typing import Any

import docx as word
import typst
from hwpx import HwpxDocument

from portal.documents.typesetting import _fonts

PROSE: dict[str, tuple[str, ...]] = {
    "en": (
        "Every morning my grandmother opens the window before she lights the stove. She says that a house must "
        "first hear the river, and only then the people in it. I used to think that this was superstition. Now I "
        "live in a town with no river at all, and I understand what she meant.",
        "“What do you hear?” she asked me on the telephone last week. I heard a bus, a dog and someone’s "
        "well-known song; I told her so. She laughed for a long time.",
        "Perhaps this is what neighbours are for. They open windows for each other, 365 days a year, and they do "
        "not ask who pays for the air.",
    ),
    "zh-Hans": (
        "每天早晨，奶奶总是先打开窗户，再去生火。她说，一座房子应当先听见河水，然后才听见屋里的人。我从前以为这不"
        "过是老人的习惯，后来搬到没有河的城里，才慢慢明白了她的意思。",
        "“你听见什么了？”上星期她在电话里问我。我说，听见了公共汽车、一条狗，还有邻居家的歌声。她笑了很久。",
        "也许邻居就是这样的人：一年365天，互相打开窗户，却从来不问空气是谁的。",
    ),
    "ja": (
        "毎朝、祖母は火をつける前に窓を開ける。家はまず川の音を聞き、それから中にいる人の声を聞くのだ、と祖母は言"
        "う。昔の私は、それをただの迷信だと思っていた。川のない町に引っ越してきて、ようやくその意味が分かるように"
        "なった。",
        "「何が聞こえる？」と先週、電話で聞かれた。バスと犬と、隣の家のラジオの歌が聞こえる、と答えると、祖母は長"
        "いあいだ笑っていた。",
        "隣人とは、たぶんそういうものだ。一年365日、たがいに窓を開け合い、空気の代金をだれも尋ねない。",
    ),
    "ko": (
        "할머니는 아침마다 불을 피우기 전에 창문을 먼저 여신다. 집은 강물 소리를 먼저 듣고, 그다음에 사람 소리를 "
        "들어야 한다고 하신다. 예전의 나는 그것이 그저 미신이라고 생각했다. 강이 없는 도시로 이사 온 뒤에야 그 "
        "뜻을 조금 알게 되었다.",
        "“무슨 소리가 들리니?” 지난주 전화로 할머니가 물으셨다. 버스 소리와 개 짖는 소리, 그리고 옆집 노래가 "
        "들린다고 했더니 한참을 웃으셨다.",
        "이웃이란 아마 그런 사람들일 것이다. 일 년 365일 서로 창문을 열어 주면서도 공기값을 묻지 않는다.",
    ),
    "ru": (
        "Каждое утро бабушка сначала открывает окно и только потом растапливает печь. Она говорит, что дом "
        "должен сперва услышать реку, а уж затем людей. Раньше я считал это суеверием. Теперь я живу в городе "
        "без реки и понимаю, что она имела в виду.",
        "«Что ты слышишь?» — спросила она по телефону на прошлой неделе. Я слышал автобус, собаку и чью-то песню "
        "за стеной; так я ей и сказал. Она долго смеялась.",
        "Может быть, для этого и нужны соседи. Они открывают друг другу окна 365 дней в году и не спрашивают, "
        "кто платит за воздух.",
    ),
    "mn": (
        "Өглөө бүр эмээ маань гал түлэхийн өмнө эхлээд цонхоо онгойлгодог. Гэр нь голын чимээг түрүүлж сонсоод, "
        "дараа нь хүмүүсийн яриаг сонсох ёстой гэж тэр хэлдэг. Урьд нь би үүнийг зүгээр л мухар сүсэг гэж боддог "
        "байлаа. Голгүй хотод нүүж ирээд л учрыг нь үнэхээр ойлгосон.",
        "«Чамд юу сонсогдож байна?» гэж эмээ өнгөрсөн долоо хоногт утсаар асуулаа. Автобус, нохой, хөршийн дуу "
        "сонсогдож байна гэхэд тэр удаан инээсэн.",
        "Магадгүй хөршүүд гэдэг тийм л хүмүүс байх. Тэд жилийн 365 хоногт бие биедээ цонхоо онгойлгож өгөөд, "
        "агаарын төлбөрийг хэн ч асуудаггүй.",
    ),
}  # fmt: skip
LOOK = """
#set page(paper: "a5", margin: 20mm, header: align(right)[%(header)s], numbering: "1 / 1")
#set text(font: ("Noto Sans", "Noto Sans CJK SC"), size: %(size)spt, lang: "%(lang)s", hyphenate: %(hyphenate)s)
#set par(justify: %(justify)s, first-line-indent: %(indent)s, spacing: %(spacing)s, leading: 0.65em)
#for each in json(bytes(sys.inputs.text)) { par(each) }
"""


def pdf(paragraphs: Sequence[str], language: str = "en", **look: Any) -> bytes:
    """Set with a header and page numbers, which are no text."""
    given = {
        "header": "HEADER",
        "size": 12,
        "lang": language[:2],
        "justify": "true",
        "hyphenate": "false",
        "indent": "0em",
    }
    source = LOOK % {**given, "spacing": "1.4em", **look}
    made = typst.compile(
        source.encode(), sys_inputs={"text": json.dumps(list(paragraphs))}, font_paths=_fonts(),
        ignore_system_fonts=True,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def docx(paragraphs: Sequence[str]) -> bytes:
    made, written = word.Document(), io.BytesIO()
    made.sections[0].header.paragraphs[0].text = "HEADER"
    for each in paragraphs:
        made.add_paragraph(each)
    made.save(written)
    return written.getvalue()


def hwpx(paragraphs: Sequence[str]) -> bytes:
    made = HwpxDocument.new()
    for each in paragraphs:
        made.add_paragraph(each)
    return bytes(made.to_bytes())
