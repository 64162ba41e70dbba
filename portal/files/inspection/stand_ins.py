"""Characters that the fonts of a PDF hand out for others that look the same."""

import unicodedata

# Radicals that look like characters of their own and have no decomposition (EquivalentUnifiedIdeograph of Unicode).
_RADICALS = str.maketrans(
    "⺁⺊⺎⺒⺓⺝⺟⺠⺧⺩⺶⻁⻄⻅⻆⻉⻋⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻲⻳",
    "厂卜兀巳幺月母民牛王羊虎西见角贝车長镸长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙亀龟",
)
_UPRIGHT = str.maketrans(
    "︐︑︒︓︔︕︖︗︘︙︰︱︳︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄",
    "，、。：；！？〖〗…：—＿（）｛｝〔〕【】《》〈〉「」『』",
)
_DOOR = "\u2f3e"  # its decomposition is the form of Taiwan


def restored(text: str) -> str:
    """The text with radicals, forms for vertical lines and joined letters as what they stand for."""
    is_japanese = any("\u3041" <= c <= "\u30ff" for c in text)
    plain = text.replace(_DOOR, "戸" if is_japanese else "户").translate(_RADICALS).translate(_UPRIGHT)
    return "".join(unicodedata.normalize("NFKC", c) if _is_joined(c) else c for c in plain)


def _is_joined(c: str) -> bool:
    return "\u2f00" <= c <= "\u2fd5" or "\ufb00" <= c <= "\ufb06"
