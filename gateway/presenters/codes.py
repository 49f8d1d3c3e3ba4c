"""QR codes as drawings: always dark on light, with the quiet zone that scanners need."""

import segno

QUIET_MODULES = 4
DARK, LIGHT = "#111111", "#ffffff"


def qr_drawing(text: str) -> str:
    """Return a QR code as an inline SVG that takes the size of its surroundings.

    Error correction M, and never less than four light modules around it (ISO/IEC 18004): without
    them hardly any scanner reads a code on a dark page.
    """
    drawing: str = segno.make(text, error="m", micro=False).svg_inline(
        border=QUIET_MODULES, dark=DARK, light=LIGHT, omitsize=True, svgclass="qr", lineclass=None
    )
    return drawing
