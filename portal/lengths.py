"""How long a text is, by the rules that pages count with while somebody types (portal/static/count.js)."""

import unicodedata


def characters(text: str) -> int:
    """Code points of the composed text (NFC), spaces and line breaks included."""
    return len(unicodedata.normalize("NFC", text))


def words(text: str) -> int:
    """A word is anything between spaces that holds a letter or a digit."""
    return sum(any(c.isalnum() for c in token) for token in text.split())
