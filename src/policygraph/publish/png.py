"""A picture as PNG: our own SVG, rendered by resvg (docs/decisions/0031).

In: SVG. Out: PNG, or a message where no font has the characters.
"""

from __future__ import annotations

from policygraph.errors import WrongUsage

_PAIRS = {"zh": ("国", "图"), "en": ("a", "b")}
"""Two characters of a script: if they are drawn alike, or not at all, no font has them."""

_SCRIPTS = {"zh": {"en": "Chinese", "zh": "中文"}, "en": {"en": "Latin", "zh": "拉丁"}}


def png(svg: str, families: str, scale: float = 2) -> bytes:
    """Render an SVG.

    Args:
        svg: the picture.
        families: the families of fonts it names, as CSS writes them.
        scale: pixels of the PNG for each of the SVG.

    Raises:
        WrongUsage: the extra ``plot`` is not installed, or no font has the characters needed.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise WrongUsage("network/no-renderer") from error
    for lang, pair in _PAIRS.items():
        drawn = {resvg_py.svg_to_bytes(svg_string=_probe(sign, families)) for sign in pair}
        if len(drawn) == 1 and (lang == "en" or any("\u4e00" <= sign <= "\u9fff" for sign in svg)):
            script = _SCRIPTS[lang]
            raise WrongUsage("network/no-font", script_en=script["en"], script_zh=script["zh"])
    return resvg_py.svg_to_bytes(svg_string=svg, zoom=scale)


def _probe(sign: str, families: str) -> str:
    """Draw one character."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        f'<text x="4" y="30" font-size="24" font-family="{families}">{sign}</text></svg>'
    )
