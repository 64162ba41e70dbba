"""Files that browsers keep for good, compressed once."""

import gzip

import pytest
from fastapi.testclient import TestClient

from portal.web import static

NAMES = ("portal.css", "portal.js", "wordmark.svg")


@pytest.mark.parametrize("name", NAMES)
def test_whoever_reads_gzip_gets_it_and_may_keep_it(client: TestClient, name: str) -> None:
    answer = client.get(static.static(name), headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip" and answer.headers["vary"] == "accept-encoding"
    assert answer.headers["cache-control"] == static.FOR_GOOD
    assert int(answer.headers["content-length"]) == len(static.compressed(static.FOLDER / name))
    assert answer.content == (static.FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_whoever_does_not_gets_it_as_it_is(client: TestClient, name: str) -> None:
    answer = client.get(static.static(name), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.content == (static.FOLDER / name).read_bytes()


@pytest.mark.parametrize(
    ("accepted", "is_read"),
    [
        ("gzip", True), ("br, gzip;q=0.5", True), ("GZIP", True), ("*", True), ("gzip; q=0.001", True),
        ("gzip;q=0", False), ("br, gzip; q=0.000", False), ("gzip;q=0, *", False), ("*;q=0", False), ("br", False),
        ("x-gzipped", False), ("", False),
    ],
)  # fmt: skip
def test_who_reads_gzip_says_so(client: TestClient, accepted: str, is_read: bool) -> None:
    answer = client.get("/static/portal.css", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == ("gzip" if is_read else None)
    assert answer.content == (static.FOLDER / "portal.css").read_bytes()


@pytest.mark.parametrize(("accepted", "is_read"), [("gzip", True), ("gzip;q=0", False), ("br", False)])
def test_pages_are_compressed_for_the_same_readers(client: TestClient, accepted: str, is_read: bool) -> None:
    answer = client.get("/", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == ("gzip" if is_read else None)
    assert "accept-encoding" in answer.headers["vary"].lower()


def test_other_bytes_have_another_tag(client: TestClient) -> None:
    """A browser may join parts of what has one strong tag."""
    tags = {}
    for accepted in ("gzip", "identity", "br"):
        answer = client.get("/static/portal.css", headers={"accept-encoding": accepted})
        tags[answer.headers.get("content-encoding")] = answer.headers["etag"]
    assert len(tags) == 2 and len(set(tags.values())) == 2
    for tag in tags.values():
        again = {"if-none-match": tag, "accept-encoding": "identity"}
        expected = 304 if tag == tags[None] else 200
        assert client.get("/static/portal.css", headers=again).status_code == expected


def test_compressed_once(client: TestClient) -> None:
    static.compressed.cache_clear()
    for _time in range(3):
        client.get("/static/portal.css", headers={"accept-encoding": "gzip"})
    assert static.compressed.cache_info().misses == 1


def test_a_copy_that_is_still_good_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/static/portal.css", headers={"accept-encoding": "gzip"})
    again = client.get(
        "/static/portal.css", headers={"if-none-match": first.headers["etag"], "accept-encoding": "gzip"}
    )
    assert again.status_code == 304


def test_what_everybody_downloads_for_the_first_page_is_small(client: TestClient) -> None:
    """150 KB for everything, the page with its map included."""
    page = client.get("/", headers={"accept-encoding": "identity"}).content
    files = [static.compressed(static.FOLDER / name) for name in (*NAMES, "favicon.svg")]
    assert len(gzip.compress(page)) < 60_000
    assert len(gzip.compress(page)) + sum(len(each) for each in files) < 150_000
