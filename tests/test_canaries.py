"""The search itself: a check that cannot fail is worth nothing."""

import base64
import gzip
import io
import json
import urllib.parse
import zipfile

import pikepdf
import pytest

from tests.canaries import found_in, traces

SECRET = "Ганболд Canary"


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.xml", content)
    return packed.getvalue()


def _pdf(secret: str) -> bytes:
    made, target = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.docinfo["/Author"] = secret
    made.save(target)
    return target.getvalue()


HIDDEN = {
    "plain": f"<p>{SECRET}</p>".encode(),
    "composed otherwise": "<p>Ганболд Canary</p>".encode(),
    "quoted for an address": urllib.parse.quote(f"/x?{SECRET}").encode(),
    "JSON": json.dumps({"a": SECRET}).encode(),
    "base64": base64.b64encode(f"ab{SECRET}cd".encode()),
    "base64 for addresses": base64.urlsafe_b64encode(f"a{SECRET}cd".encode()),
    "hexadecimal": SECRET.encode().hex().encode(),
    "UTF-16": SECRET.encode("utf-16"),
    "entities": "".join(f"&#{ord(c)};" for c in SECRET).encode(),
    "gzip": gzip.compress(SECRET.encode()),
    "an archive in an archive": _zipped(_zipped(SECRET.encode())),
    "an archive in base64": b"data:" + base64.b64encode(_zipped(SECRET.encode())),
    "the author of a PDF": _pdf(SECRET),
}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN)
def test_it_is_found(content: bytes) -> None:
    assert found_in(content, traces(SECRET))


def test_what_is_not_there_is_not_found() -> None:
    for content in (b"", b"Canary islands", base64.b64encode(b"something else entirely"), _pdf("Nobody")):
        assert found_in(content, traces(SECRET)) == []
