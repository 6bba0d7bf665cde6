"""The registry searched by what a person types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policygraph.errors import Where
from policygraph.text.names import Thing
from policygraph.text.naming.search import Search


def thing(kind: str, key: str, *names: str, en: str = "") -> Thing:
    both = (("zh-Hans", names), ("en", (en,) if en else ()))
    return Thing(kind, key, kind.title(), Where(), both)


THINGS = (
    thing("institution", "cn-nda", "国家数据局", "数据局", en="National Data Administration"),
    thing("institution", "yz-data-bureau", "云泽省数据局"),
    thing("initiative", "belt", "“一带一路”", en="Belt and Road"),
    thing("topic", "belt-topic", "一带一路"),
    thing("place", "linxi", "临溪市"),
)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("国家数据局", "cn-nda"),
        ("数据局", "cn-nda"),  # an alias, whole, before a name that only holds it
        ("云泽", "yz-data-bureau"),
        ("gjsjj", "cn-nda"),
        ("GJSJ", "cn-nda"),
        ("linxi", "linxi"),
        ("lin xi shi", "linxi"),
        ("national data", "cn-nda"),
        ("yz-data", "yz-data-bureau"),
    ],
)
def test_a_thing_is_found_by_what_people_type(asked: str, first: str) -> None:
    assert Search(THINGS).find(asked)[0].thing.key == first


def test_things_of_one_name_are_all_given() -> None:
    found = Search(THINGS).find("一带一路")
    assert [(hit.thing.kind, hit.thing.key) for hit in found] == [
        ("topic", "belt-topic"),
        ("initiative", "belt"),
    ]


def test_only_things_of_the_kinds_asked_for_are_given() -> None:
    assert [hit.thing.key for hit in Search(THINGS).find("一带一路", {"initiative"})] == ["belt"]


def test_nothing_typed_gives_what_there_is_and_nonsense_gives_nothing() -> None:
    assert len(Search(THINGS).find("")) == len(THINGS)
    assert len(Search(THINGS).find("", most=2)) == 2
    assert Search(THINGS).find("zzzz") == []


@given(st.text(max_size=20))
def test_whatever_is_typed_gives_each_thing_at_most_once(asked: str) -> None:
    found = [(hit.thing.kind, hit.thing.key) for hit in Search(THINGS).find(asked)]
    assert len(found) == len(set(found))
