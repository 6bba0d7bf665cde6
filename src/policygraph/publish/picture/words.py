"""The words of a picture: the fixed ones, how wide words are, and where their lines break.

In: text and sizes. Out: lines that fit. No font is at hand, so widths are estimates on the safe
side: a Han character is as wide as it is high, a Latin letter half as wide on average.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["zh", "en", "both"]

LANGUAGES: Mapping[Language, tuple[str, ...]] = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}

WORDS = {
    "Achievement": {"zh": "成绩", "en": "achievement"},
    "Goal": {"zh": "目标", "en": "goal"},
    "Action": {"zh": "行动", "en": "action"},
    "Initiative": {"zh": "工程与战略", "en": "initiative"},
    "Institution": {"zh": "机构", "en": "institution"},
    "left": {"zh": "已完成", "en": "Done"},
    "middle": {"zh": "工程战略与机构", "en": "Initiatives, institutions"},
    "right": {"zh": "目标与行动", "en": "Goals and actions"},
    "implements": {"zh": "落实", "en": "implements"},
    "advances": {"zh": "推进", "en": "advances"},
    "mentions": {"zh": "提及", "en": "mentions"},
    "actor": {"zh": "行动主体", "en": "actor"},
    "responsibleInstitution": {"zh": "牵头单位", "en": "responsible"},
    "supportingInstitution": {"zh": "配合单位", "en": "supporting"},
    "behindGoal": {"zh": "推动目标", "en": "behind the goals"},
    "continues": {"zh": "延续", "en": "continues"},
    "administeredBy": {"zh": "管理关系", "en": "administered by"},
    "partOf": {"zh": "属于", "en": "part of"},
    "stated": {"zh": "有出处", "en": "sourced"},
    "editor": {"zh": "编者判断", "en": "editor's link"},
    "inferred": {"zh": "推理所得", "en": "inferred"},
    "title": {"zh": "政策图谱", "en": "Policy graph"},
    "nothing": {"zh": "没有可画的目标、行动或成绩。", "en": "No goals, actions or achievements."},
}

SIZES = {"title": 22, "band": 18, "head": 17, "main": 16, "key": 14, "second": 13}
_BOLD = {"title", "band", "head"}
_MOST_LINES = 4

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PIECE = re.compile(
    r"[《（(]*“[^“”]{1,8}”[，。、；：？！》）)]*\s*"
    r"|[“‘《（(]*(?:[!-'*-,.-~À-ɏ]+-?|.)[，。、；：？！”’》）)]*\s*"
)
"""What no line break may part: a short quoted name, a Latin word or a character, with its marks."""


class Line(NamedTuple):
    """A line of words; the style gives its size."""

    style: str
    lang: str
    text: str


def clean(text: str) -> str:
    """Make text fit for one line of XML."""
    return " ".join(_NOT_XML.sub("\ufffd", text).split())


def say(name: str, languages: tuple[str, ...]) -> dict[str, str]:
    """Give a fixed word by language."""
    return {lang: WORDS[name][lang] for lang in languages}


def label(about: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """Give the label of a thing by language; in the other or its key where there is none."""
    known = {lang: clean(about.get(f"label_{lang}", "")) for lang in ("zh", "en")}
    wanted = {lang: known[lang] for lang in languages if known[lang]}
    return wanted or {lang: text for lang, text in known.items() if text} or {"en": about["key"]}


def lines_of(label: Mapping[str, str], style: str, width: float) -> list[Line]:
    """Break a label into lines; its first language has the style, the other is secondary."""
    return [
        Line(size, lang, line)
        for size, (lang, text) in zip((style, "second"), label.items(), strict=False)
        for line in wrap(text, size, width)
    ]


def text_width(text: str, style: str) -> float:
    """Estimate how wide text is drawn, in pixels."""
    return sum(map(_ems, text)) * SIZES[style] * (1.06 if style in _BOLD else 1)


@functools.cache
def _ems(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WFA":
        return 1
    if sign in " .,:;'|!()[]fijlrtI":
        return 0.34
    return 0.7 if sign.isupper() or sign in "mw@%" else 0.55


def line_height(style: str) -> float:
    """Give the distance from one line to the next, in pixels."""
    return round(SIZES[style] * 1.3)


def wrap(text: str, style: str, width: float) -> list[str]:
    """Break text into as few lines as fit, of about the same length; the last may be cut short."""
    lines = _broken(text, style, width)
    if len(lines) > _MOST_LINES:
        last = _shortened("".join(lines[_MOST_LINES - 1 : _MOST_LINES + 1]), style, width)
        lines = [*lines[: _MOST_LINES - 1], last]
    elif len(lines) > 1:
        lines = _evened(lines, text, style, width)
    return [line.rstrip() for line in lines]


def _broken(text: str, style: str, width: float) -> list[str]:
    lines = [""]
    for piece in _pieces(text, style, width):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), style) > width:
            lines.append("")
        lines[-1] += piece
    return lines


def _evened(lines: list[str], text: str, style: str, width: float) -> list[str]:
    """Make lines as short as they can be without becoming more, so that no last word is alone."""
    narrower = width * 0.95
    while len(tighter := _broken(text, style, narrower)) == len(lines):
        lines, narrower = tighter, narrower * 0.95
    return lines


def _pieces(text: str, style: str, width: float) -> list[str]:
    """Cut text where it may break; a piece wider than a line breaks anywhere."""
    pieces: list[str] = _PIECE.findall(text)
    return [
        part
        for piece in pieces
        for part in ([piece] if text_width(piece, style) <= width else list(piece))
    ]


def _shortened(text: str, style: str, width: float) -> str:
    while text_width(text + "…", style) > width:
        text = text[:-1]
    return text.rstrip() + "…"
