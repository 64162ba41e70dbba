"""PDF (ISO 32000-2): what acts by itself, names people or hides files is taken out."""

import zipfile
from pathlib import Path
from typing import Any

import pikepdf

from .limits import PAGES, Refused, head_of
from .segments import without_metadata

ACTING = ("/OpenAction", "/AA", "/AcroForm", "/JS", "/XFA", "/Collection", "/Requirements")
NAMING = ("/Metadata", "/PieceInfo", "/LastModified", "/Perms", "/DSS")
HIDING = ("/EF", "/RF", "/AF", "/AFRelationship")
DROPPED = frozenset(ACTING + NAMING + HIDING)
ACTIONS = ("/A", "/PA", "/Next")
ALLOWED_ACTIONS = {"/GoTo", "/URI", "/Named"}
FORBIDDEN_ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}


def inspect(source: Path, target: Path) -> None:
    head = head_of(source)
    if not head.startswith(b"%PDF-"):
        raise Refused("kind")
    try:
        with pikepdf.open(source, suppress_warnings=True) as pdf:
            _one_kind(source)
            _readable(pdf)
            _strip(pdf)
            pdf.save(target, deterministic_id=True, linearize=False)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError):
        raise Refused("damaged") from None


def _one_kind(source: Path) -> None:
    """Nothing after the end of the PDF, and no archive around it."""
    content = source.read_bytes()
    rest = content[content.rfind(b"%%EOF") + 5 :] if b"%%EOF" in content else b""
    if rest.strip(b"\0\r\n\t \x1a") or zipfile.is_zipfile(source):
        raise Refused("double")


def _readable(pdf: Any) -> None:
    if pdf.is_encrypted:
        raise Refused("encrypted")
    pages = len(pdf.pages)
    if pages > PAGES:
        raise Refused("long")
    if not pages:
        raise Refused("damaged")


def _strip(pdf: Any) -> None:
    if "/AcroForm" in pdf.Root:  # what was filled in becomes part of the page
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("all")
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    names = pdf.Root.get("/Names")
    for key in list(names.keys()) if names is not None else []:
        if key != "/Dests":
            del names[key]
    for thing in pdf.objects:
        _scrub(thing, pdf)
    for page in pdf.pages:
        _keep_quiet_annotations(page)


def _scrub(thing: Any, pdf: Any) -> None:
    if isinstance(thing, pikepdf.Array):
        for part in thing:
            _scrub_within(part, pdf)
        return
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    for key in set(thing.keys()) & DROPPED:
        del thing[key]
    for key in ACTIONS:
        if key in thing and _forbidden(thing[key]):
            del thing[key]
    for key in thing.keys():  # noqa: SIM118 - a pikepdf dictionary iterates differently
        _scrub_within(thing[key], pdf)
    if isinstance(thing, pikepdf.Stream):
        _scrub_picture(thing, pdf)


def _scrub_within(part: Any, pdf: Any) -> None:
    """What is written in place; what is an object of its own comes by itself."""
    if isinstance(part, pikepdf.Object) and not part.is_indirect:
        _scrub(part, pdf)


def _forbidden(action: Any) -> bool:
    if isinstance(action, pikepdf.Array):
        return any(_forbidden(part) for part in action)
    if not isinstance(action, pikepdf.Dictionary) or "/S" not in action:
        return False
    return str(action["/S"]) not in ALLOWED_ACTIONS


def _keep_quiet_annotations(page: Any) -> None:
    annotations = page.obj.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return
    kept = [one for one in annotations if str(one.get("/Subtype", "")) not in FORBIDDEN_ANNOTATIONS]
    page.obj["/Annots"] = pikepdf.Array(kept)


def _scrub_picture(stream: Any, pdf: Any) -> None:
    """A photograph carries its own metadata, which names cameras, places and people."""
    filters = _filters(stream)
    if not filters or filters[-1] != "/DCTDecode":
        return
    content = stream.read_raw_bytes()
    if len(filters) > 1:
        wrapped = pdf.make_stream(content)
        wrapped["/Filter"] = pikepdf.Array([pikepdf.Name(name) for name in filters[:-1]])
        content = wrapped.read_bytes()
    parms = stream.get("/DecodeParms")
    last = parms[-1] if isinstance(parms, pikepdf.Array) and len(parms) else parms
    kept = last if isinstance(last, pikepdf.Dictionary) else None
    stream.write(without_metadata(content), filter=pikepdf.Name("/DCTDecode"), decode_parms=kept)


def _filters(stream: Any) -> list[str]:
    found = stream.get("/Filter")
    if found is None:
        return []
    return [str(name) for name in found] if isinstance(found, pikepdf.Array) else [str(found)]
