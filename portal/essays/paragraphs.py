"""Text as paragraphs. A short stand-in until the editor's own, which joins what a program has broken."""

import re
import unicodedata


def cleaned(text: str) -> str:
    lines = (line.strip() for line in unicodedata.normalize("NFC", text).splitlines())
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
