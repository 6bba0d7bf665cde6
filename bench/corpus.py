"""Workspaces of any size in the shape of real policy documents, for measuring.

``python bench/corpus.py OUT --documents N`` writes one. The text is invented, built from word
lists, and it builds without a finding. Document k depends on the seed and the years alone, so a
bigger corpus contains the smaller one. A document gives about 2,450 asserted quads
(mean of 1,000; 20 documents with their registry give 54,030), a short one some 120.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple


def words(text: str) -> tuple[str, ...]:
    """Split a list of words."""
    return tuple(text.split())


YEARS = range(2019, 2026)
SOURCE = "word-lists"

# Places and institutions
PROVINCES = tuple(a + b for b in "岚溪" for a in "青云澄霁瑶璟皓沐翎珞")
CITY_FIRST, CITY_LAST = "晴晓岑霏芷蘅澜珩筠霖", "浦屿汀湾陂埠堤渚"
DOMAINS = words("数据 算力 通信 工信 科技 商务 交通 能源 教育 卫生 文旅 农业")
OFFICES = words("管理局 发展中心 服务中心 办公室 研究院 促进会")

# Initiatives
DEEDS, MEANS, ENDS, GAINERS = "聚汇通联融智", "数算链云网图", "惠强兴助利富", "民企农城乡商"
SCHEMES = ("工程", "行动", "计划")

# Topics and what is done about them. Topics are all written alike, four characters, and no aspect
# is part of another word here: a topic with an aspect never stands inside another clause.
SUBJECTS = words("数据 算力 网络 模型 产业 贸易 物流 能源 交通 医疗 教育 农业")
QUALIFIERS = words("公共 企业 工业 政务 绿色 智能 跨境 城市 乡村 海洋 社区 航空")
ASPECTS = {
    "制度": ("项", "items"),
    "机制": ("项", "items"),
    "标准": ("项", "items"),
    "规则": ("项", "items"),
    "目录": ("份", "lists"),
    "平台": ("个", "platforms"),
    "基地": ("个", "bases"),
    "园区": ("个", "parks"),
    "试点": ("个", "pilots"),
    "场景": ("个", "uses"),
    "设施": ("处", "facilities"),
    "课程": ("门", "courses"),
}
VERBS = words(
    "建立 建立健全 建设 构建 完善 健全 优化 提升 加强 强化 拓展 扩大 推进 推动 促进 加快 "
    "落实 开展 规范 支持 鼓励 引导 研究 探索 评估 保障 维护 发挥 释放 发布"
)
DONE = words("形成 完善 优化 提升 增强 巩固 拓展 扩大 推进")
ADVERBS = words("持续 全面 稳步 扎实 着力 有序 深入 积极")
DEGREES = words("进一步 有力 基本 加快 明显")


class Thing(NamedTuple):
    """An entry of the registry that text can name."""

    key: str
    zh: str
    en: str


class Row(NamedTuple):
    """A row of statements.yaml; the values of its fields are YAML already."""

    quote: str
    fields: dict[str, str]
    parts: list[Row]


class Size(NamedTuple):
    """How many things a registry holds."""

    institutions: int
    initiatives: int
    topics: int
    places: int


class Profile(NamedTuple):
    """What is known of a document before it is written."""

    id: str
    number: int
    day: date
    place: Thing
    convener: Thing
    topic: Thing

    @property
    def event(self) -> str:
        """Name the conference that the document reports."""
        return f"{self.day.year}年{self.place.zh}{self.topic.zh}工作会议（第{self.number}号）"


def size_of(documents: int) -> Size:
    """Tell how large a registry so many documents share; it grows slowly."""
    return Size(
        institutions=40 + documents // 50,
        initiatives=20 + documents // 200,
        topics=30 + documents // 100,
        places=40 + documents // 200,
    )


# The things of the registry, each known by its number alone


def digits(number: int, *lists: Sequence[str]) -> list[str]:
    """Pick a word from each list so that every number picks differently; the rest comes last."""
    words = []
    for choices in lists:
        number, place = divmod(number, len(choices))
        words.append(choices[place])
    return [*words, f"{number + 1}号" if number else ""]


@cache
def place(number: int) -> Thing:
    """Name a place: the provinces first, then cities."""
    if number < len(PROVINCES):
        return Thing(f"place-{number}", PROVINCES[number] + "省", f"Province {number}")
    first, last, rest = digits(number - len(PROVINCES), CITY_FIRST, CITY_LAST)
    return Thing(f"place-{number}", f"{first}{last}{rest}市", f"City {number}")


@cache
def institution(number: int) -> Thing:
    """Name an institution, which stands in a province."""
    province, domain, office, rest = digits(number, PROVINCES, DOMAINS, OFFICES)
    name = f"{province}省{domain}{office}{rest}"
    return Thing(f"institution-{number}", name, f"Institution {number}")


@cache
def initiative(number: int) -> Thing:
    """Name an initiative."""
    gainer, end, means, deed, scheme, rest = digits(number, GAINERS, ENDS, MEANS, DEEDS, SCHEMES)
    name = f"“{deed}{means}{end}{gainer}”{scheme}{rest}"
    return Thing(f"initiative-{number}", name, f"Initiative {number}")


@cache
def topic(number: int) -> Thing:
    """Name a topic."""
    subject, qualifier, rest = digits(number, SUBJECTS, QUALIFIERS)
    return Thing(f"topic-{number}", f"{qualifier}{subject}{rest}", f"topic {number}")


def pick(rng: Random, count: int, thing: Callable[[int], Thing]) -> Thing:
    """Pick a thing; the first ones come up more often, as a few institutions do in real papers."""
    return thing(int(count * rng.random() ** 2))


# YAML


def quoted(text: str) -> str:
    """Write a text as a YAML scalar; a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)


def bilingual(zh: str, en: str) -> str:
    """Write a text in both languages."""
    return f"{{zh-Hans: {quoted(zh)}, en: {quoted(en)}}}"


def english(text: str) -> str:
    """Write a label in English; the Chinese label of a statement is its quote."""
    return f"{{en: {quoted(text + ' (synthetic)')}}}"


def lines_of(row: Row, indent: str) -> Iterator[str]:
    """Write a row and its parts in block style."""
    fields = {**row.fields, "quote": quoted(row.quote)}
    for count, (key, value) in enumerate(fields.items()):
        yield f"{indent}{'  ' if count else '- '}{key}: {value}"
    if row.parts:
        yield f"{indent}  parts:"
        for part in row.parts:
            yield from lines_of(part, indent + "    ")


# One document


def profile_of(number: int, seed: int, years: range) -> Profile:
    """Decide when, where and by whom a document's conference is held."""
    rng, size = Random(f"{seed}/{number}/profile"), size_of(number)
    return Profile(
        id=f"synthetic-{number:07d}",
        number=number,
        day=date(rng.choice(years), rng.randint(1, 4), rng.randint(1, 28)),
        place=pick(rng, size.places, place),
        convener=pick(rng, size.institutions, institution),
        topic=pick(rng, size.topics, topic),
    )


class Section(NamedTuple):
    """A section as it is written: fields of its own, its text and its rows."""

    fields: dict[str, str]
    text: str
    rows: list[Row]


class Writer:
    """Writes the sections of one document."""

    def __init__(self, profile: Profile, seed: int, *, short: bool = False) -> None:
        self.profile = profile
        self.short = short
        self.rng = Random(f"{seed}/{profile.number}/text")
        self.size = size_of(profile.number)

    def sections(self) -> list[Section]:
        """Write what a conference report has: who met, what was achieved, what is planned."""
        if self.short:
            return [self._overview()]
        return [self._overview(), self._achieved(), self._planned()]

    def _overview(self) -> Section:
        profile = self.profile
        source = pick(self.rng, self.size.institutions, institution)
        news = Row(
            f"据{source.zh}消息", {"of": f"document/{profile.id}", "news_source": source.key}, []
        )
        held = Row(
            f"{in_chinese(profile.day)}，由{profile.convener.zh}召集的{profile.event}"
            f"在{profile.place.zh}召开",
            {
                "of": f"event/{profile.id}",
                "held_on": f"{profile.day}",
                "held_in": profile.place.key,
                "convened_by": profile.convener.key,
                "about": profile.topic.key,
                "reported_in": f"document/{profile.id}",
            },
            [],
        )
        count = 1 if self.short else self.rng.randint(1, 3)
        facts = [self._situation(number) for number in range(1, 1 + count)]
        said = "，".join(row.quote for row in facts)
        text = f"{news.quote}，{held.quote}。\n截至{in_chinese(self.profile.day)}，{said}。\n"
        fields = {"id": "overview", "label": bilingual("会议概况", "The conference")}
        return Section({**fields, "status": "stated"}, text, [news, held, *facts])

    def _situation(self, number: int) -> Row:
        """Say how things stand on the day; every one has an aspect of its own."""
        aspect = tuple(ASPECTS)[number]
        figure = self._figure(f"s{number}-f", self.profile.topic, aspect)
        quote = f"{self.profile.place.zh}共有{figure.quote}"
        as_of = f"{{value: {self.profile.day}, quote: 截至{in_chinese(self.profile.day)}}}"
        fields = statement(f"s{number}", "Statement", f"Situation {number}", self.profile.topic)
        return Row(quote, {**fields, "place": self.profile.place.key, "as_of": as_of}, [figure])

    def _achieved(self) -> Section:
        year = self.profile.day.year - 1
        topics = self._topics(self.rng.randint(4, 8))
        rows = [self._achievement(number, about) for number, about in enumerate(topics, 1)]
        heading = f"{year}年取得的成绩主要有"
        fields = heading_fields("achieved", year, heading, f"Achievements of {year}")
        return Section(fields, f"{heading}：\n{numbered(rows, '，')}", rows)

    def _achievement(self, number: int, about: Thing) -> Row:
        """Report a group of achievements on one topic, the whole first."""
        first, *others = self._aspects(1 + self.rng.randint(2, 5))
        verb = self.rng.choice(DONE)
        quote = f"{about.zh}{first}{self.rng.choice(DEGREES)}{verb}"
        fields = statement(f"a{number}", "Achievement", f"Achievement {number}", about)
        parts = [
            self._deed(f"a{number}-{part}", about, aspect) for part, aspect in enumerate(others, 1)
        ]
        return Row(quote, {**fields, "verb": verb}, parts)

    def _deed(self, key: str, about: Thing, aspect: str) -> Row:
        label = f"Part {key.partition('-')[2]} of achievement {key.partition('-')[0][1:]}"
        fields = statement(key, "Achievement", label, about)
        who = ""
        if self._happens(0.2):
            actor = pick(self.rng, self.size.institutions, institution)
            who, fields["actor"] = actor.zh, actor.key
        elif self._happens(0.2):
            where = pick(self.rng, self.size.places, place)
            who, fields["place"] = f"在{where.zh}", where.key
        return self._measure(who, fields, about, aspect)

    def _planned(self) -> Section:
        year = self.profile.day.year
        goal_topics = self._topics(2 + self.rng.randint(5, 10))
        aims = [self._aim(number, goal_topics.pop()) for number in (1, 2)]
        goals = [self._goal(number, about) for number, about in enumerate(goal_topics, 1)]
        heading = f"对于{year}年的工作"
        said = "，".join(row.quote for row in aims)
        fields = heading_fields("planned", year, heading, f"The plan for {year}")
        return Section(fields, f"{heading}，{said}。\n{numbered(goals, '；')}", [*aims, *goals])

    def _aim(self, number: int, about: Thing) -> Row:
        fields = statement(f"p{number}", "Aim", f"Aim {number}", about)
        return self._plain("要", fields, about, self.rng.choice(tuple(ASPECTS)))

    def _goal(self, number: int, about: Thing) -> Row:
        """Set a goal on one topic, and what is to be done for it."""
        first, *others = self._aspects(1 + self.rng.randint(2, 4))
        fields = statement(f"g{number}", "Goal", f"Goal {number}", about)
        actions = [
            self._action(f"g{number}-a{part}", about, aspect)
            for part, aspect in enumerate(others, 1)
        ]
        return self._plain("", fields, about, first)._replace(parts=actions)

    def _action(self, key: str, about: Thing, aspect: str) -> Row:
        goal, _, number = key.partition("-")
        fields = statement(key, "Action", f"Action {number[1:]} of goal {goal[1:]}", about)
        start = ""
        if self._happens(0.4):
            start = self._responsible(fields)
        if self._happens(0.3):
            month = self.rng.choice((6, 9, 12))
            year = self.profile.day.year
            day = date(year, month, monthrange(year, month)[1])
            start += f"于{year}年{in_chinese(day)}前"
            fields["deadline"] = f"{day}"
        return self._measure(start, fields, about, aspect)

    def _responsible(self, fields: dict[str, str]) -> str:
        """Name who is responsible and, half of the time, who supports."""
        lead = pick(self.rng, self.size.institutions, institution)
        support = pick(self.rng, self.size.institutions, institution)
        fields["responsible_institution"] = lead.key
        if support == lead or self._happens(0.5):
            return f"由{lead.zh}牵头，"
        fields["supporting_institution"] = support.key
        return f"由{lead.zh}牵头、{support.zh}配合，"

    def _measure(self, start: str, fields: dict[str, str], about: Thing, aspect: str) -> Row:
        """Say what is done: plainly, in figures, or with an initiative."""
        form = self.rng.random()
        if form < 0.6:
            return self._plain(start, fields, about, aspect)
        if form < 0.75:
            return self._counted(start, fields, about, aspect)
        scheme = pick(self.rng, self.size.initiatives, initiative)
        adverb = self.rng.choice(ADVERBS)
        if form < 0.9:
            quote = f"{start}{adverb}实施{scheme.zh}，服务{about.zh}{aspect}"
            return Row(quote, {**fields, "verb": "实施", "implements": scheme.key}, [])
        mentions = {**fields, "mentions": scheme.key}
        return self._plain(f"{start}结合{scheme.zh}", mentions, about, aspect)

    def _plain(self, start: str, fields: dict[str, str], about: Thing, aspect: str) -> Row:
        verb = self.rng.choice(VERBS)
        quote = f"{start}{self.rng.choice(ADVERBS)}{verb}{about.zh}{aspect}"
        return Row(quote, {**fields, "verb": verb}, [])

    def _counted(self, start: str, fields: dict[str, str], about: Thing, aspect: str) -> Row:
        figure = self._figure(f"{fields['id']}-f", about, aspect)
        return Row(f"{start}建设{figure.quote}", {**fields, "verb": "建设"}, [figure])

    def _figure(self, key: str, about: Thing, aspect: str) -> Row:
        unit, units = ASPECTS[aspect]
        value = self.rng.randint(2, 500)
        fields = {
            "id": key,
            "type": "Figure",
            "label": english(f"{value} {units}"),
            "value": f"{value}",
            "unit": bilingual(unit, units),
            "counts": bilingual(about.zh + aspect, f"{units} of {about.en}"),
        }
        return Row(f"{about.zh}{aspect}{value}{unit}", fields, [])

    def _topics(self, count: int) -> list[Thing]:
        """Choose topics that differ, so that no clause of a section stands in it twice."""
        return [topic(number) for number in self.rng.sample(range(self.size.topics), count)]

    def _aspects(self, count: int) -> list[str]:
        """Choose aspects of one topic that differ, for the same reason."""
        return self.rng.sample(tuple(ASPECTS), count)

    def _happens(self, share: float) -> bool:
        return self.rng.random() < share


def statement(key: str, kind: str, label: str, about: Thing) -> dict[str, str]:
    """Begin the fields of a statement."""
    return {"id": key, "type": kind, "label": english(label), "about": about.key}


def heading_fields(status: str, year: int, heading: str, label: str) -> dict[str, str]:
    """Give the fields of a section that has a heading and a period."""
    return {
        "id": f"{status}-{year}",
        "label": bilingual(heading, label),
        "quote": quoted(heading),
        "status": status,
        "period": f"{year}",
    }


def numbered(rows: list[Row], comma: str) -> str:
    """Write a numbered line for each row: its words, then those of its parts."""
    lines = [
        f"{number}）{row.quote}。{comma.join(part.quote for part in row.parts)}。\n"
        for number, row in enumerate(rows, 1)
    ]
    return "".join(lines)


def in_chinese(day: date) -> str:
    """Write a day without its year."""
    return f"{day.month}月{day.day}日"


def document_files(
    number: int, seed: int = 0, years: range = YEARS, *, short: bool = False
) -> dict[str, str]:
    """Write the files of one document, the first being number 1: path in the workspace → text."""
    profile = profile_of(number, seed, years)
    sections = Writer(profile, seed, short=short).sections()
    text = "".join(section.text for section in sections)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    folder = f"data/documents/{profile.id}"
    return {
        f"{folder}/document.yaml": record(profile, sha256),
        f"{folder}/source/text.txt": text,
        f"{folder}/restored.txt": text,
        f"{folder}/statements.yaml": statements(profile, sha256, sections),
    }


def record(profile: Profile, sha256: str) -> str:
    """Write document.yaml."""
    title = bilingual(f"{profile.event}报道（虚构）", f"Synthetic report {profile.number}")
    return f"""\
id: {profile.id}
title: {title}
language: zh-Hans
issued_on: {profile.day + timedelta(days=1)}
source: {{file: source/text.txt, sha256: "{sha256}"}}
text_sha256: "{sha256}"
legal_status: {{en: "Invented from word lists; CC0.", zh: "由词表虚构；CC0。"}}
translation: {{by: editors, on: 2026-01-01, status: proposed}}
"""


def statements(profile: Profile, sha256: str, sections: list[Section]) -> str:
    """Write statements.yaml."""
    lines = [f"document: {profile.id}", f'text: "{sha256}"', "sections:"]
    for section in sections:
        for count, (key, value) in enumerate(section.fields.items()):
            lines.append(f"  {'  ' if count else '- '}{key}: {value}")
        lines.append("    statements:")
        for row in section.rows:
            lines += lines_of(row, "      ")
    return "\n".join(lines) + "\n"


# The registry


def registry_files(documents: int, seed: int = 0, years: range = YEARS) -> dict[str, str]:
    """Write the registry that so many documents share: path in the workspace → text."""
    size = size_of(documents)
    profiles = (profile_of(number, seed, years) for number in range(1, documents + 1))
    periods = range(years[0] - 1, years[-1] + 1)
    country = entry("place-country", "示例国", "Example Country")
    return {
        "data/registry/sources.yaml": sources(),
        "data/registry/periods.yaml": "".join(map(period_entry, periods)),
        "data/registry/places.yaml": country + "".join(map(place_entry, range(size.places))),
        "data/registry/institutions.yaml": "".join(
            map(institution_entry, range(size.institutions))
        ),
        "data/registry/initiatives.yaml": "".join(
            entry(*initiative(n)) for n in range(size.initiatives)
        ),
        "data/registry/topics.yaml": "".join(map(topic_entry, range(size.topics))),
        "data/registry/events.yaml": "".join(map(event_entry, profiles)),
    }


def sources() -> str:
    """Write the one source that every fact of the registry names."""
    return f"""\
{SOURCE}:
  title: {{en: "Word lists of this corpus", zh: "本语料词表"}}
  publisher: {{en: "invented for measuring", zh: "为测量虚构"}}
  status: proposed
  says: {{en: "Names made up of words.", zh: "由词语拼成的名称。"}}
"""


def entry(key: str, zh: str, en: str, **fields: str) -> str:
    """Write an entry of a registry file."""
    lines = [f"{key}:", f"  label: {bilingual(zh, en)}"]
    lines += [f"  {name}: {value}" for name, value in fields.items()]
    return "\n".join([*lines, f"  source: {SOURCE}\n"])


def period_entry(year: int) -> str:
    """Write a year."""
    days = {"starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31"}
    return entry(f'"{year}"', f"{year}年", f"{year}", **days)


def place_entry(number: int) -> str:
    """Write a place with what it is part of."""
    province = number % len(PROVINCES)
    whole = "place-country" if number == province else place(province).key
    return entry(*place(number), part_of=whole)


def institution_entry(number: int) -> str:
    """Write an institution; the first one of its province administers it."""
    province = number % len(PROVINCES)
    fields = {"place": place(province).key}
    if number != province:
        fields["administered_by"] = institution(province).key
    return entry(*institution(number), **fields)


def topic_entry(number: int) -> str:
    """Write a topic under the first one of its subject."""
    first = number % len(SUBJECTS)
    return entry(*topic(number), **({} if number == first else {"broader": topic(first).key}))


def event_entry(profile: Profile) -> str:
    """Write the conference that a document reports."""
    return entry(profile.id, profile.event, f"Conference {profile.number}", type="Conference")


# The workspace


def write_corpus(
    folder: Path, documents: int, seed: int = 0, years: range = YEARS, *, short: bool = False
) -> None:
    """Write a workspace into a new folder, or over a smaller corpus of the same seed."""
    write(folder, {"policygraph.toml": 'base = "https://example.org/synthetic/"\n'})
    write(folder, registry_files(documents, seed, years))
    for number in range(1, documents + 1):
        write(folder, document_files(number, seed, years, short=short))


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files, each under its path in a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def year_range(text: str) -> range:
    """Read ``2019-2025``, or one year."""
    first, _, last = text.partition("-")
    years = range(int(first), int(last or first) + 1)
    if not years:
        raise ValueError(text)
    return years


def main() -> None:
    """Write the corpus that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write a synthetic workspace of any size.")
    parser.add_argument("out", type=Path, help="folder of the workspace")
    parser.add_argument("--documents", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--years", type=year_range, default=YEARS, help="for example 2019-2025")
    parser.add_argument("--short", action="store_true", help="an overview and nothing else in each")
    asked = parser.parse_args()
    write_corpus(asked.out, asked.documents, asked.seed, asked.years, short=asked.short)


if __name__ == "__main__":
    main()
