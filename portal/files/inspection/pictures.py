"""PNG and JPEG: decoded and written anew, so that only the points of the picture are left."""

import struct
from pathlib import Path

from PIL import Image, ImageOps

from .limits import PIXELS, Refused, head_of

BROKEN = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, struct.error)
Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded


def rewrite(source: Path, target: Path, name: str, start: bytes, **options: int) -> None:
    """`name` is Pillow's for the only decoder that may look at it; `options` are how it is written."""
    if not head_of(source).startswith(start):
        raise Refused("kind")
    try:
        with Image.open(source, formats=[name]) as picture:
            _small_enough(picture)
            _upright(picture).save(target, name, **options)
    except BROKEN:
        raise Refused("damaged") from None


def _small_enough(picture: Image.Image) -> None:
    if picture.width * picture.height > PIXELS:
        raise Refused("large")


def _upright(picture: Image.Image) -> Image.Image:
    """Of a moving picture the first one. Turned first: which side is up is said by the metadata that goes."""
    ImageOps.exif_transpose(picture, in_place=True)
    plain = picture.convert("RGB") if picture.mode == "CMYK" else picture
    plain.info = {key: value for key, value in plain.info.items() if key == "transparency"}
    return plain
