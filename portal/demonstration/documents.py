"""The curriculum vitae of people who do not exist: one page, checked like any upload, stored for each of them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from portal.files import uploads
from portal.files.models import Kind
from portal.files.rules import Checked
from portal.files.storage import Storage, make_storage, new_key
from portal.settings import Settings

LINES = (
    "Curriculum vitae",
    "This page belongs to somebody who does not exist.",
    "It was made for the demonstration of the NEAR youth portal.",
)


class Shelf:
    """Copies of the checked page. Checking starts a process of its own, so it is done once and not for each."""

    def __init__(self, storage: Storage, checked: Checked) -> None:
        self.storage = storage
        self.checked = checked
        self.taken: list[Checked] = []
        _size, pieces = storage.read(checked.key)
        self.content = b"".join(pieces)

    def take(self, name: str) -> Checked:
        """A copy under a name of its own, in storage; kept once `files.actions.keep` has it."""
        copy = replace(self.checked, key=new_key(), name=name, kept=False)
        with self.storage.scratch() as folder:
            source = folder / "copy"
            source.write_bytes(self.content)
            self.storage.put(source, copy.key)
        self.taken.append(copy)
        return copy


@contextmanager
def shelf(settings: Settings) -> Iterator[Shelf]:
    """Nothing stays in storage that no committed row has promised."""
    storage = make_storage(settings)
    found = uploads.take(storage, io.BytesIO(one_page(*LINES)), "cv.pdf", (Kind.PDF,), settings.upload_limit_mb)
    assert found.checked is not None, found.error
    made = Shelf(storage, found.checked)
    storage.remove(found.checked.key)
    try:
        yield made
    except BaseException:
        for copy in made.taken:
            storage.remove(copy.key)
        raise


def one_page(*lines: str) -> bytes:
    """A PDF of one page with these lines, in a font every reader has (ISO 32000-1, 9.6.2.2); Latin only."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    drawing = f"BT /F1 14 Tf 24 TL 72 760 Td {shown} ET".encode("ascii")
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def _file(*objects: bytes) -> bytes:
    written, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return (
        written
        + head
        + table
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            len(written),
        )
    )
