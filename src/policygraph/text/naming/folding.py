"""When two spellings are one name, and how a name is written in a key.

In: a name; out: its spelling without marks that change nothing, and its transcription. Nothing is
brought together by likeness: only marks, widths and spaces are left out.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata

_MARKS = frozenset({"Ps", "Pe", "Pi", "Pf", "Zs"})
_SYLLABLES = 12
_WORD = re.compile(r"[A-Za-z0-9]+")


@functools.lru_cache(maxsize=1 << 16)
def folded(name: str) -> str:
    """Leave out title marks, quotation marks, brackets, spaces and differences of width.

    >>> folded("《“一带一路”倡议》") == folded("一带一路倡议")
    True
    """
    plain = unicodedata.normalize("NFKC", name)
    bare = "".join(sign for sign in plain if unicodedata.category(sign) not in _MARKS)
    return unicodedata.normalize("NFKC", bare)


def slug(name: str) -> str:
    """Write a name as a key: the default reading of each character, without tones.

    A long name is cut, and told from others by four digits of a hash. The same name always gives
    the same key.

    Args:
        name: in Chinese or Latin letters.

    >>> slug("国家能源局"), slug("2024年全国数据工作会议")
    ('guo-jia-neng-yuan-ju', '2024-nian-quan-guo-shu-ju-gong-zuo-hui-yi')
    """
    from pypinyin import lazy_pinyin

    words = [word.lower() for part in lazy_pinyin(folded(name)) for word in _WORD.findall(part)]
    short = "-".join(words[:_SYLLABLES])
    return short if 0 < len(words) <= _SYLLABLES else with_digits(short or "name", name)


def with_digits(key: str, name: str) -> str:
    """Tell a key from that of another name."""
    return f"{key}-{hashlib.sha256(folded(name).encode()).hexdigest()[:4]}"
