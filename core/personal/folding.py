"""One spelling for what is written in many ways, character for character: places in the folded text are places in the text."""

# Full-width ASCII, the dashes, the spaces and the dots that people type into numbers.
_ASCII = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-")
_SPACES = dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u200b\u202f\ufeff\t"), " ")
_DOTS = dict.fromkeys(map(ord, "•・‧∙･●"), "·")
_FOLDS = _ASCII | _DASHES | _SPACES | _DOTS

_SPOKEN = dict(zip(map(ord, "零〇○一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖"), "00011122233445566778899", strict=True))


def fold(text: str) -> str:
    """``text`` in half-width characters, with one dash, one space and one middle dot. It stays as long as it was."""
    return text.translate(_FOLDS)


def spoken_digits(text: str) -> str:
    """``text`` with Chinese digits as Arabic ones, as long as it was."""
    return text.translate(_SPOKEN)
