"""The reader of the usual layout gives what libyaml gives, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policygraph.errors import Where
from policygraph.report import Finding
from policygraph.text.fields import Fields
from policygraph.text.layout import in_usual_layout
from policygraph.text.rows import by_libyaml

ROOT = Path(__file__).resolve().parents[1]

USUAL = [
    "甲",
    "a b",
    "2024-04-01",
    "-5",
    "1.5",
    "http://a/b",
    "（乙）",
    '"甲: 乙"',
    "'a # b'",
    '""',
]
ODD = ["no", "Null", "2024-02-30", "a, b", "~", "", "*x", "&x a", "!t a", ">", "a:", "a #b"]
ESCAPED = ['"a\\nb"', "'it''s'", '"a', "'a"]
SCALARS = (
    st.sampled_from(USUAL)
    | st.sampled_from(USUAL)
    | st.sampled_from(USUAL)
    | st.sampled_from([*USUAL, *ODD, *ESCAPED])
    | st.text("a1甲 :#,-{}[]\"'\\.?", max_size=8)
)
KEYS = st.sampled_from(["a", "b", "zh-Hans", "CN-BJ", "on", "2024", '"2023"', "甲"])


def flow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.builds("{}: {}".format, KEYS, inner), max_size=3)
    items = st.lists(inner, max_size=3)
    return pairs.map(lambda p: "{" + ", ".join(p) + "}") | items.map(lambda i: f"[{', '.join(i)}]")


VALUES = st.recursive(SCALARS, flow, max_leaves=5)
LINES = st.builds(
    lambda column, dash, key, value: " " * column + dash + key + value,
    st.integers(0, 6),
    st.sampled_from(["", "", "- ", "-  ", "- - ", "# "]),
    st.builds("{}: ".format, KEYS) | st.builds("{}:".format, KEYS) | st.just(""),
    VALUES | st.just(""),
)


def plain(value: object) -> object:
    """Take a value apart, with its places and the order of its keys."""
    if isinstance(value, Fields):
        return value.where, [(key, plain(each)) for key, each in value.items()]
    if isinstance(value, list):
        return [plain(each) for each in value]
    return str(value), getattr(value, "where", None)


def same(text: str) -> bool:
    """Compare both readers; tell whether the text is in the usual layout."""
    usual = in_usual_layout(text, "x", [])
    if usual is None:
        return False
    findings: list[Finding] = []
    assert plain(usual) == plain(by_libyaml(text, "x", findings))
    assert not findings
    return True


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Lay values out below keys and hyphens, as files of ours do."""

    def below(text: str) -> str:
        return "".join(f"\n  {line}" for line in text.split("\n"))

    def is_block(text: str) -> bool:
        return ":" in text and text[0] not in "{[\"'"

    def item(text: str) -> str:
        return "\n- " + text.replace("\n", "\n  ")

    keyed = st.dictionaries(KEYS, inner, min_size=1, max_size=3).map(
        lambda pairs: "\n".join(
            f"{key}:{below(value)}"
            if ":" in value and value[0] not in "{[\"'"
            else f"{key}: {value}"
            for key, value in pairs.items()
        )
    )
    return keyed | st.lists(keyed, min_size=1, max_size=3).map(
        lambda maps: "rows:" + "".join(item(each).replace("\n", "\n  ") for each in maps)
    )


@given(st.recursive(VALUES, blocks, max_leaves=8))
@example("a: 1\nb:\n  - c: {d: e, f: [g, h]}\n    i: 'j'\n")
@example("a: no\n")
@example("a: 2024-02-30\n")
@example("a: b\na: c\n")
@example("a: b\n  c: d\n")
@example("a:\n- b: c\n-  d: e\n")
@example("a:\nb: c\n")
@example("a: {b: c, b: d}\n")
@example("a: b \n")
@example("\ufeffa: b\n")
@example("a: b\u2028c: d\n")
def test_what_is_read_line_by_line_is_what_libyaml_reads(text: str) -> None:
    same(text)


@given(st.lists(LINES, max_size=6).map("\n".join))
def test_lines_in_disorder_are_read_as_libyaml_reads_them_or_not_at_all(text: str) -> None:
    same(text)


@pytest.mark.parametrize("path", sorted((ROOT / "data").rglob("*.yaml")), ids=lambda p: p.stem)
def test_the_files_of_the_project_are_in_the_usual_layout(path: Path) -> None:
    assert same(path.read_text(encoding="utf-8"))


UNUSUAL = {
    "a scalar of several lines": "a: >\n  b\n",
    "something to unescape": 'a: "\\u4e00"\n',
    "an alias": "a: &x b\nc: *x\n",
    "a tag": "a: !!str b\n",
    "a comment behind a value": "a: b # c\n",
    "an empty value": "a:\nb: c\n",
    "a word that YAML takes for another": "a: yes\n",
    "a day that does not exist": "a: 2023-02-29\n",
    "a key that stands twice": "a: b\na: c\n",
    "several documents": "a: b\n---\na: c\n",
    "a tab": "a:\tb\n",
    "a list at the top": "- a\n",
    "nothing": "",
    "too many columns": "a:\n" + " " * 61 + "b: c\n",
    "too many columns of a list": "a:\n" + " " * 61 + "- b\n",
    "too many brackets": "a: " + "[" * 30 + "b" + "]" * 30 + "\n",
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_not_usual_is_left_to_libyaml(text: str) -> None:
    assert in_usual_layout(text, "x", []) is None


@pytest.mark.parametrize("before", [0, 1, 2500, 5000])
@pytest.mark.parametrize("behind", ["", "\n", "\n  - c\n"])
def test_a_line_is_usual_up_to_ten_thousand_characters(before: int, behind: str) -> None:
    def read(length: int) -> Fields | None:
        line = "  - " + "b" * (length - len("  - "))
        return in_usual_layout("a:\n" + "  - c\n" * before + line + behind, "x", [])

    assert read(10_000) is not None
    assert read(10_001) is None


def test_a_word_knows_its_line() -> None:
    read = in_usual_layout("# c\n\na:\n  - b: {d: e}\n", "x", [])
    assert read is not None
    assert read["a"][0]["b"]["d"].where == Where("x", 4)
