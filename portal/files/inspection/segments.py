"""Pictures within documents: their metadata is cut out, their points stay as they are."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TELLING = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"iCCP"}  # chunks of a PNG that name people and places


def without_metadata(content: bytes) -> bytes:
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    return _png(content) if content.startswith(SIGNATURE) else content


def _jpeg(content: bytes) -> bytes:
    """Without comments and application segments, except JFIF, the colour profile and Adobe's colour transform."""
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:  # the picture itself; nothing after it is a segment
            return b"".join([*kept, content[at:]])
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if not _names_somebody(marker, content[at + 4 : end]):
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])


def _names_somebody(marker: int, segment: bytes) -> bool:
    if marker == 0xFE:
        return True
    profile = marker == 0xE2 and segment.startswith(b"ICC_PROFILE\0")
    return 0xE0 <= marker <= 0xEF and marker not in (0xE0, 0xEE) and not profile


def _png(content: bytes) -> bytes:
    kept, at = [SIGNATURE], len(SIGNATURE)
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        if name not in TELLING:
            kept.append(content[at:end])
        if name == b"IEND":  # what comes after the end is no picture
            break
        at = end
    return b"".join(kept)
