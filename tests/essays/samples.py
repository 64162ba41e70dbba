"""Paragraphs in the six languages, and what programs make of them on the way to the clipboard."""

import textwrap

WRITTEN = {
    "en": (
        "When the ferry left the harbour my grandmother counted the lights on the other shore. She said that nobody "
        "had ever told her the names of the towns over there, although she had looked at them for sixty years.\n\n"
        "I would like to change that. A well-known timetable, one ticket for both shores and a school that writes "
        "to a school: these are small things, and they can begin next spring."
    ),
    "ru": (
        "Когда паром отошёл от причала, бабушка считала огни на другом берегу. Она сказала, что за шестьдесят лет "
        "никто не назвал ей городов, на которые она смотрела каждый вечер.\n\n"
        "Я хотел бы это изменить. Одно расписание, один билет на оба берега и школа, которая пишет письма другой "
        "школе, — всё это мелочи, но начать с них можно уже весной."
    ),
    "mn": (
        "Усан онгоц хөдлөхөд эмээ минь нөгөө эргийн гэрлийг тоолж суув. Жаран жил харсан атлаа тэр хотуудын нэрийг "
        "хэн ч түүнд хэлж өгөөгүй гэж эмээ ярьсан юм.\n\n"
        "Би үүнийг өөрчлөхийг хүсэж байна. Нэг цагийн хуваарь, хоёр эрэгт хүчинтэй нэг тасалбар, бие биедээ захидал "
        "бичдэг хоёр сургууль бол жижиг зүйл боловч хавар эхлүүлж болно."
    ),
    "zh-Hans": (
        "渡船离开码头的时候，外婆在数对岸的灯火。她说自己看了六十年，却从来没有人告诉过她那边的城市叫什么名字，"
        "也没有人问过她想不想到对岸去看一看。\n\n"
        "我想改变这件事。一张两岸通用的时刻表，一张两岸通用的船票，一所给另一所学校写信的学校，这些都是小事，"
        "但是明年春天就可以开始做，而且用不了多少钱。"
    ),
    "ja": (
        "渡し船が港を離れると、祖母は向こう岸の明かりを数えはじめた。六十年も眺めてきたのに、あの町の名前を教えて"
        "くれた人は一人もいなかったのだと、祖母は静かな声で話してくれた。\n\n"
        "わたしはそれを変えたいと思う。両岸に通じる一つの時刻表と一枚の切符、手紙をやりとりする二つの学校。どれも"
        "小さなことだが、来年の春にはもう始められるはずだ。"
    ),
    "ko": (
        "나룻배가 부두를 떠나자 할머니는 건너편 불빛을 하나하나 세기 시작하셨다. 예순 해를 바라보았지만 저 도시의 "
        "이름을 알려 준 사람은 아무도 없었다고 조용히 말씀하셨다.\n\n"
        "나는 그것을 바꾸고 싶다. 두 기슭에서 함께 쓰는 시간표와 배표 한 장, 서로 편지를 주고받는 두 학교. 모두 작은 "
        "일이지만 내년 봄이면 곧바로 시작할 수 있을 것이다."
    ),
}
DENSE = {"zh-Hans": 27, "ja": 38}


def wrapped(language: str) -> str:
    """As a mail or a PDF breaks it into lines."""
    return "\n\n".join("\n".join(_lines(each, language)) for each in WRITTEN[language].split("\n\n"))


def _lines(paragraph: str, language: str) -> list[str]:
    if language in DENSE:
        return [paragraph[at : at + DENSE[language]] for at in range(0, len(paragraph), DENSE[language])]
    return textwrap.wrap(paragraph, 44 if language == "ko" else 72, break_on_hyphens=False)


def from_a_word_processor(language: str) -> str:
    """Line ends of Windows, three of them between paragraphs, fixed spaces, soft hyphens, marks that nobody sees."""
    text = WRITTEN[language].replace(", ", ",\u00a0").replace(" ", "  ", 2)
    text = text.replace("т", "т\u00ad", 3).replace("，", "，\u200b").replace("、", "、\ufeff")
    return "\ufeff\t" + text.replace("\n\n", " \t\r\n\r\n\r\n\r\n") + "\u00a0\v"


EVERYTHING = [
    *(text for language in WRITTEN for text in (WRITTEN[language], wrapped(language), from_a_word_processor(language))),
    "\u00b7\tone\n\uf0b7\u00a0two\no\tthree\n• four",
    "one 👩\u200d🔬 two\u200d three ❤\ufe0f\u200d🔥 \u1820\u180e\u1821 \u182d\u202f\u1824 a\u202fb",
    "A co-\noperation",
    "\u3000\u3000段首空两格。\u3000\n  x  y\t z\u2028w",
    "",
]
