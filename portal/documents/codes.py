"""QR codes, as drawings that stay sharp at every size."""

import io

import segno


def svg(text: str) -> str:
    """The code for `text`, without the white border: the page leaves that."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", border=0, xmldecl=False, dark="#072f41")
    return drawing.getvalue().decode()
