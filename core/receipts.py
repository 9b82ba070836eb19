"""The drawing on a receipt: number and receipt code, to be scanned with a phone."""

import segno
from django.utils.safestring import SafeString, mark_safe


def draw_receipt(follow_address: str, *, number: str, code: str) -> SafeString:
    """A QR code as SVG. ``follow_address`` is the follow page's absolute URL; number and code are its fragment, never sent."""
    svg = segno.make(f"{follow_address}#{number}/{code}", error="m").svg_inline(
        border=2, omitsize=True, svgclass="zq-qr__svg", lineclass=None
    )
    # Drawn from two values of our own alphabet.
    return mark_safe(svg)  # nosec B308 B703
