"""Drafting: clauses with their parts and kinds, the relations between them, and the tables."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from policygraph.errors import UnreadableInput
from policygraph.text.draft.cues import read_cues
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.grammar import read_grammar
from policygraph.text.draft.guide_json import guide_json
from policygraph.text.draft.lexicon import read_lexicon, trie
from policygraph.text.draft.lines import pieces
from policygraph.text.draft.lint import lint, understood
from policygraph.text.draft.model import WITH_PARTS, Clause
from policygraph.text.draft.relations import relations
from policygraph.text.draft.sections import genre_of, year_of
from policygraph.text.draft.signs import read_signs
from policygraph.text.draft.write import statements_yaml
from policygraph.text.restore import Span

TABLES = ROOT / "data" / "lexicon" / "zh"
CASES = ROOT / "tests" / "cases" / "draft"
SOME = st.text(
    alphabet="数据要建设推进加快了的，。、：；（）“”《》1一是和 \n为将把%2年", max_size=120
)


@pytest.fixture(scope="module")
def drafter() -> Drafter:
    return Drafter.read()


def said(text: str, clause: Clause) -> str:
    """Write the parts of a clause as the tables and cases do."""
    parts = clause.parts
    found = (parts.verb, parts.object, parts.subject) if parts else (None, None, None)
    named = zip("VOS", found, strict=True)
    return " ".join(f"{name}={text[slice(*span)]}" for name, span in named if span)


def test_the_example_plan_is_drafted_as_a_person_would(drafter: Drafter) -> None:
    text = (CASES / "plan.txt").read_text("utf-8")
    expected = yaml.safe_load((CASES / "plan.yaml").read_text("utf-8"))
    found = [
        {"clause": text[slice(*clause.span)], "kind": clause.kind, "parts": said(text, clause)}
        for clause in drafter.clauses(text, year=2026)
    ]
    assert found == expected


def test_the_same_text_always_gives_the_same_draft(drafter: Drafter) -> None:
    text = (CASES / "plan.txt").read_text("utf-8")
    assert drafter.clauses(text, year=2026) == Drafter.read().clauses(text, year=2026)


@given(SOME)
def test_every_span_lies_in_its_clause_and_clauses_do_not_overlap(text: str) -> None:
    clauses = Drafter.read().clauses(text)
    for before, after in pairwise(clauses):
        assert before.span.end <= after.span.start
    for clause in clauses:
        assert 0 <= clause.span.start < clause.span.end <= len(text)
        parts = clause.parts
        for span in (parts.verb, parts.object, parts.subject) if parts else ():
            assert span is None or clause.span.start <= span.start < span.end <= clause.span.end


@given(SOME)
def test_only_what_states_something_has_parts_and_parents_are_clauses_before(text: str) -> None:
    clauses = Drafter.read().clauses(text)
    before: set[str] = set()
    for clause in clauses:
        assert clause.parts is None or clause.kind in WITH_PARTS
        assert clause.parent == "" or clause.parent in before
        before.add(clause.id)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("一是完善制度，二是加强管理。", ["完善制度", "加强管理"]),
        ("（一）总体目标\n1. 扩大开放", ["总体目标", "扩大开放"]),
        (
            "推进《甲，乙。丙》修订；落实“丁，戊”行动",
            ["推进《甲，乙。丙》修订", "落实“丁，戊”行动"],
        ),
        ("他说：“要改革。要开放。”", ["他说", "要改革", "要开放"]),
        ("总量1,200万,增长8.5%:较快", ["总量1,200万", "增长8.5%", "较快"]),
        ("发展经济、改善民生、推进民主", ["发展经济、改善民生、推进民主"]),
        (
            "落实政策（含补贴，减税）。（民政厅牵头，财政厅负责）\n（一）\n（试行）",
            ["落实政策（含补贴，减税）", "民政厅牵头", "财政厅负责", "（一）", "试行"],
        ),
        ("“要改革。”周岚介绍", ["要改革", "周岚介绍"]),
        ("- 完善制度\n* 稳定就业\n-5%", ["完善制度", "稳定就业", "-5%"]),
        (
            "\u2170. 扩大开放\n\u2161\uff0e加强管理\nIV. 优化服务",
            ["扩大开放", "加强管理", "优化服务"],
        ),
        ("a) 推进改革\n（b）深化合作\nA、B两类企业", ["推进改革", "深化合作", "A、B两类企业"]),
        ("1.1 优化服务\n1.2.3 健全机制\n1.5万吨", ["优化服务", "健全机制", "1.5万吨"]),
        ("㈠培育人才\n⑴发展产业\n一）保障民生", ["培育人才", "发展产业", "保障民生"]),
        ("甲、改善环境\n甲、乙双方", ["改善环境", "甲、乙双方"]),
    ],
)
def test_signs_cut_clauses_but_not_inside_titles_brackets_and_figures(
    text: str, clauses: list[str]
) -> None:
    cut = pieces(text, read_signs(TABLES))
    assert [text[slice(*piece.span)] for piece in cut] == clauses


@pytest.mark.parametrize(
    ("clause", "statements"),
    [
        ("发展经济、改善民生、推进民主", ["发展经济", "改善民生", "推进民主"]),
        ("我们要突出重点、把握关键", ["我们要突出重点", "把握关键"]),
        ("引导金融机构扩大信贷投放、降低贷款成本", ["引导金融机构扩大信贷投放、降低贷款成本"]),
        ("发挥统筹协调、推动落实等职能", ["发挥统筹协调、推动落实等职能"]),
        ("达到5379亿元、增长18.5%", ["达到5379亿元、增长18.5%"]),
    ],
)
def test_a_pause_parts_statements_only_if_each_has_its_own_verb_and_object(
    clause: str, statements: list[str]
) -> None:
    whole, grammar = Span(0, len(clause)), read_grammar()
    spans = grammar.split(grammar.lexicon.scan(clause, *whole)) or [whole]
    assert [clause[slice(*span)] for span in spans] == statements


def test_what_the_next_clause_judges_stays_one_clause(drafter: Drafter) -> None:
    text = "发展经济、改善民生，是我们的责任。发展经济、改善民生，必须同步推进。"
    clauses = [text[slice(*clause.span)] for clause in drafter.clauses(text)]
    assert clauses == [
        *("发展经济、改善民生", "是我们的责任"),
        *("发展经济", "改善民生", "必须同步推进"),
    ]


def test_what_stands_aside_in_brackets_is_context_and_heads_nothing(drafter: Drafter) -> None:
    text = "（一）完善制度。加强监管。（民政厅负责）\n（二）扩大开放。优化服务。"
    clauses = {text[slice(*clause.span)]: clause for clause in drafter.clauses(text)}
    assert (clauses["民政厅负责"].kind, clauses["民政厅负责"].parent) == ("context", "")
    assert clauses["优化服务"].parent == clauses["扩大开放"].id


@pytest.mark.parametrize(
    ("clause", "parts"),
    [
        ("加快发展新质生产力", "V=发展 O=新质生产力"),
        ("加快数字乡村建设", "V=加快 O=数字乡村建设"),
        ("制定实施方案", "V=制定 O=实施方案"),
        ("制定实施三年计划", "V=制定实施 O=三年计划"),
        ("加强监督检查", "V=加强 O=监督检查"),
        ("支持企业扩大开放", "V=支持 O=企业扩大开放"),
        ("创新和完善宏观调控", "V=创新和完善 O=宏观调控"),
        ("释放的资金全部用于小微企业贷款", "V=用于 O=小微企业贷款 S=释放的资金"),
        ("国有资本布局持续优化", "V=优化 S=国有资本布局"),
        ("《意见》提出加强耕地保护", "V=加强 O=耕地保护"),
        ("人均生产总值居全国第12位", "V=居 O=全国第12位 S=人均生产总值"),
        ("全省数据局局长会议在岚溪召开 周岚出席", "V=召开 S=全省数据局局长会议"),
        ("周岚在座谈会上强调 完善数据制度 扩大开放", "V=完善 O=数据制度"),
        ("省委 省政府印发《指南》", "V=印发 O=《指南》 S=省委 省政府"),
        ("城市排名又上了一个大台阶", "V=上 O=一个大台阶 S=城市排名"),
        ("坚持走绿色发展道路", "V=走 O=绿色发展道路"),
        ("坚持把着力点放在实体经济上", "V=放在 O=着力点"),
        ("力争到2028年数据产业规模达到90亿元", "V=达到 O=90亿元 S=数据产业规模"),
        ("失业率由5.4%降低到5.1%", "V=降低到 O=5.1% S=失业率"),
        ("以都市圈为依托构建产业协作格局", "V=构建 O=产业协作格局"),
        ("统筹发展和安全", "V=统筹 O=发展和安全"),
        ("加大改革力度", "V=加大 O=改革力度"),
        ("保障权益", "V=保障 O=权益"),
        ("建设好、管理好数据园区", "V=建设好、管理好 O=数据园区"),
        ("城镇要加快建设", "V=建设 S=城镇"),
        ("坚持以人民为中心的发展思想", "V=坚持 O=以人民为中心的发展思想"),
        ("市财政局于今年年底前制定细则", "V=制定 O=细则 S=市财政局"),
        ("将办理时限压缩5个工作日", "V=压缩 O=办理时限"),
        ("每季度末向市政府报告", "V=报告"),
        ("所需资金由市财政统筹安排", "V=安排 S=所需资金"),
        ("市数据局负责牵头制定工作要点", "V=制定 O=工作要点 S=市数据局"),
        ("推广5G 网络", "V=推广 O=5G 网络"),
        ("工业和信息化部印发《行动计划》", "V=印发 O=《行动计划》 S=工业和信息化部"),
        ("国家发展和改革委员会发布《规划》", "V=发布 O=《规划》 S=国家发展和改革委员会"),
        ("人力资源和社会保障部开展培训", "V=开展 O=培训 S=人力资源和社会保障部"),
        ("住房和城乡建设部推进改造", "V=推进 O=改造 S=住房和城乡建设部"),
        ("省文化和旅游厅组织评估", "V=组织 O=评估 S=省文化和旅游厅"),
        ("示例市发展和改革委员会负责统筹协调", "V=负责 O=统筹协调 S=示例市发展和改革委员会"),
        ("新解决农村饮水问题", "V=解决 O=农村饮水问题"),
        ("企业家才能得到充分发挥", "V=发挥 S=企业家才能"),
    ],
)
def test_the_grammar_finds_the_head_verb_and_what_it_governs(clause: str, parts: str) -> None:
    span = Span(0, len(clause))
    found = read_grammar().parse(clause, span)
    assert said(clause, Clause("c1", span, "action", found)) == parts


def test_a_demand_is_an_action_even_where_the_past_is_reported(drafter: Drafter) -> None:
    text = "过去一年，就业规模持续扩大。各部门要加强监督。"
    kinds = [clause.kind for clause in drafter.clauses(text)]
    assert kinds == ["context", "achievement", "action"]


def kinds(drafter: Drafter, text: str, *, year: int = 0, genre: str = "") -> list[str]:
    """Kinds of the clauses of a text."""
    return [clause.kind for clause in drafter.clauses(text, year=year, genre=genre)]


def test_what_follows_a_demand_in_its_sentence_is_demanded_too(drafter: Drafter) -> None:
    text = "2025年，粮食产量再创新高。要守住耕地，抓好监测，落实帮扶措施。"
    assert kinds(drafter, text, year=2026, genre="conference") == [
        *("context", "achievement"),
        *("action", "action", "action"),
    ]


KINDS = yaml.safe_load((CASES / "kinds.yaml").read_text("utf-8"))


def test_what_stands_behind_a_short_sentence_that_opens_its_line_is_a_part_of_it(
    drafter: Drafter,
) -> None:
    lines = ["推动数据归集。建立归集目录。", "扩大数据开放。编制开放清单。"]
    both = drafter.clauses("\n".join(lines), genre="plan")
    assert [clause.parent for clause in both] == ["", "c1", "", "c3"]
    alone = drafter.clauses(lines[0], genre="plan")
    assert [clause.parent for clause in alone] == ["", ""]


def test_an_item_stands_under_the_clause_of_its_heading_that_states_something(
    drafter: Drafter,
) -> None:
    text = "一、聚焦提质增效，推动数据产业升级，扩大数据开放。\n建设数据园区。"
    assert [clause.parent for clause in drafter.clauses(text, genre="plan")] == ["", "", "", "c2"]


def test_nothing_stands_under_the_title_of_a_text(drafter: Drafter) -> None:
    title, body = "全市数据工作会议召开 推动数据开放", "编制开放清单。改进检索服务。"
    clauses = drafter.clauses(f"{title}\n{body}", genre="news")
    assert clauses[0].heading
    assert {clause.parent for clause in clauses} == {""}


def test_a_report_or_plan_that_opens_is_no_part_of_the_item_before_it(drafter: Drafter) -> None:
    items = "推动数据归集。\n建立归集目录，清理旧目录。扩大目录范围。"
    behind = drafter.clauses(f"{items}\n今后五年，扩大数据开放。编制清单。", genre="plan")
    assert [clause.parent for clause in behind] == ["", "c1", "c1", "c1", "", "", ""]
    first = drafter.clauses("推动数据归集。\n今后五年，建立归集目录。清理旧目录。", genre="plan")
    assert [clause.parent for clause in first] == ["", "", "c1", "c1"]


@pytest.mark.parametrize(
    "text",
    [
        "《意见》要求，加强数据目录建设，要完善目录标准，编制开放清单。推进数据流通。",
        "《意见》提出，加强数据目录建设，包括：完善目录标准，编制开放清单。推进数据流通。",
    ],
)
def test_an_aim_leads_what_follows_in_its_sentence(drafter: Drafter, text: str) -> None:
    clauses = drafter.clauses(text, genre="news")
    aim = next(clause for clause in clauses if clause.kind == "goal")
    led = [text[slice(*clause.span)][-4:] for clause in clauses if clause.parent == aim.id]
    assert led == ["目录标准", "开放清单"]


LINE_BY_LINE = """加强数据目录管理。
编制数据目录，完善目录管理办法。
改进目录检索。
建立审查制度，扩大服务范围。
培育市场主体，加强人才培养。
推进数据流通和交易平台建设工程。
制定流通规则，建设交易平台，发展交易平台服务。
支持企业参与流通。
发放补贴，简化手续，降低费用。
提高服务水平，方便群众办事。
加强值班值守，做好应急处置。
落实经费保障，强化监督检查。"""


def test_where_sentences_have_their_lines_one_heads_those_that_take_up_its_words(
    drafter: Drafter,
) -> None:
    clauses = drafter.clauses(LINE_BY_LINE, genre="work-report")
    heads = [LINE_BY_LINE[slice(*clause.span)] for clause in clauses if clause.heading]
    assert heads == ["加强数据目录管理", "推进数据流通和交易平台建设工程"]
    under = {clause.parent for clause in clauses if clause.span.start > LINE_BY_LINE.index("制定")}
    assert len(under) == 1


@pytest.mark.parametrize("case", KINDS, ids=[case["name"] for case in KINDS])
def test_the_kind_of_each_clause_is_as_the_case_says(
    drafter: Drafter, case: dict[str, Any]
) -> None:
    found = drafter.clauses(case["text"], year=case.get("year", 0), genre=case.get("genre", ""))
    assert [clause.kind for clause in found] == case["clauses"]


NEGATION = yaml.safe_load((CASES / "negation.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", NEGATION, ids=[case["name"] for case in NEGATION])
def test_what_a_text_denies_is_not_drafted_as_done(drafter: Drafter, case: dict[str, Any]) -> None:
    heading = "2025年工作回顾" if "reported" in case else "2026年工作安排"
    text = f"{heading}\n{case.get('reported') or case['planned']}。"
    clause = drafter.clauses(text, year=2026, genre="work-report")[-1]
    verb = clause.parts.stated if clause.parts else None
    assert clause.kind == case["kind"]
    assert (text[slice(*verb)] if verb else None) == case.get("verb")


def test_a_row_and_the_json_show_the_negation_of_a_verb(drafter: Drafter) -> None:
    text = "企业不得收取费用。不得将储能作为条件。不得实施“东数西算”工程。"
    draft = draft_text(drafter, "d", text, issued="2026-01-01", genre="plan")
    written, told = statements_yaml(draft), guide_json(draft, "")["clauses"]
    assert "verb: 不得收取\n" in written
    assert "verb: 作为" not in written
    assert [clause["negation"]["text"] for clause in told] == ["不得"] * 3
    assert told[0]["verb"]["text"] == "收取"  # as the annotation guide has it
    assert [r.type for r in draft.relations] == []


def test_problems_end_where_a_line_plans(drafter: Drafter) -> None:
    text = (
        "一、去年工作回顾\n就业规模扩大。\n也要清醒看到，发展还面临不少困难。\n部分企业经营困难。\n"
        "加强市场监管，完善社会保障制度。\n健全数据目录，推进信息公开。"
    )
    found = kinds(drafter, text, year=2026, genre="work-report")
    assert found[2:5] == ["context", "fact", "fact"]
    assert set(found[5:]) == {"action"}


def test_what_is_to_have_come_about_by_a_date_is_an_aim_in_later_sentences_too(
    drafter: Drafter,
) -> None:
    text = "到2027年，数据目录基本建成。服务水平明显提升。加强监督检查。"
    assert kinds(drafter, text) == ["context", "goal", "goal", "action"]


def test_an_aim_without_a_known_verb_is_an_aim_still(drafter: Drafter) -> None:
    assert kinds(drafter, "到2027年，河湖岸绿水清。") == ["context", "goal"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("我国改革进入攻坚阶段。", "V=进入 O=攻坚阶段 S=我国改革"),
        ("着力治理环境污染。", "V=治理 O=环境污染"),
        ("社会发展成就斐然。", "V=斐然 S=社会发展成就"),
    ],
)
def test_a_noun_before_the_verb_is_not_taken_for_it(
    drafter: Drafter, text: str, parts: str
) -> None:
    assert [said(text, c) for c in drafter.clauses(text, genre="work-report")] == [parts]


@pytest.mark.parametrize(("year", "kind"), [(2026, "action"), (2031, "achievement")])
def test_the_years_of_a_plan_are_past_or_to_come_by_the_year_of_the_text(
    drafter: Drafter, year: int, kind: str
) -> None:
    text = "“十五五”时期，健全数据目录。"
    assert kinds(drafter, text, year=year) == ["context", kind]


@pytest.mark.parametrize(
    ("opening", "year"),
    [
        ("岚溪市政府工作报告\n2026年1月8日在岚溪市第九届人民代表大会第一次会议上\n", 2026),
        ("一、2025年工作回顾\n", 2026),
        ("岚溪市数据惠农三年行动计划\n", 0),
    ],
)
def test_the_opening_words_tell_the_year_of_a_text(
    drafter: Drafter, opening: str, year: int
) -> None:
    assert year_of(opening, drafter.cues) == year


@pytest.mark.parametrize(
    ("opening", "genre"),
    [
        ("全市数据工作会议在岚溪召开 有关负责人出席并讲话", "conference"),
        ("岚溪市政府近日印发《数据惠农行动计划》", "news"),
        ("关于开展数据普查的通知", "notice"),
        ("关于促进数据流通的指导意见", "opinion"),
        ("岚溪市数据惠农三年行动计划", "plan"),
        ("岚溪市政府工作报告\n会上通过“十五五”规划纲要", "work-report"),
        ("关于促进数据流通的指导意见\n市政府近日印发该意见。", "news"),
        ("岚溪市数据普查管理办法（试行）\n第一条", "notice"),
        ("各位代表：现在，我代表市政府向大会报告工作，请予审议", "work-report"),
        ("第二章　主要目标\n数据归集率达到80%。", "plan"),
        ("第一章　总则\n第一条　为规范数据流通，制定本办法。", "notice"),
        ("全会通过“十五五”规划纲要，作出部署。", ""),
        ("健全数据目录。", ""),
    ],
)
def test_the_opening_words_tell_the_genre_unless_it_is_named(
    drafter: Drafter, opening: str, genre: str
) -> None:
    assert genre_of(opening, drafter.cues).name == genre
    assert genre_of(opening, drafter.cues, "plan").name == "plan"


def test_a_trouble_told_is_a_fact_but_mending_it_is_not(drafter: Drafter) -> None:
    text = "过去一年，产能过剩问题突出。攻克短板不足。"
    assert kinds(drafter, text, genre="work-report") == ["context", "fact", "achievement"]


def test_years_are_counted_from_the_document_s_own(drafter: Drafter) -> None:
    text = "去年工作回顾\n就业规模扩大。\n今年工作安排\n扩大就业规模。"
    assert [c.period for c in drafter.clauses(text, year=2026)] == ["2025", "2025", "2026", "2026"]
    assert {c.period for c in drafter.clauses(text)} == {""}


class Named(NamedTuple):
    """A mention as the relations need it."""

    span: Span
    type: str


def related(drafter: Drafter, text: str, **named: str) -> list[tuple[str, str, str, bool]]:
    """Relations of a text with the words of both ends; a mention is where its words stand first."""
    mentions = []
    for kind, words in named.items():
        for word in words.split():
            start = text.index(word)
            mentions.append(Named(Span(start, start + len(word)), kind))
    clauses = drafter.clauses(text, year=2026)
    ends = {c.id: text[slice(*c.span)] for c in clauses}
    ends |= {f"e{n + 1}": text[slice(*m.span)] for n, m in enumerate(mentions)}
    found = relations(text, clauses, mentions, drafter.grammar.lexicon)
    return [(r.type, ends[r.source], ends[r.target], r.carried) for r in found]


def test_the_actor_is_the_subject_and_carries_over_within_its_sentence_only(
    drafter: Drafter,
) -> None:
    text = "市政府要健全制度，加强监督。扩大开放。"
    assert related(drafter, text, institution="市政府") == [
        ("actor", "市政府要健全制度", "市政府", False),
        ("actor", "加强监督", "市政府", True),
    ]


def test_who_answers_for_an_item_is_named_in_brackets_behind_it(drafter: Drafter) -> None:
    text = "（一）健全监管制度。制定清单。（民政厅牵头，财政厅参与）\n（二）扩大开放。"
    found = related(drafter, text, institution="民政厅 财政厅")
    assert [row for row in found if row[0] == "actor"] == [
        ("actor", "健全监管制度", "民政厅", False),
        ("actor", "健全监管制度", "财政厅", False),
    ]


def test_those_with_whom_a_body_acts_act_too(drafter: Drafter) -> None:
    text = "由民政厅会同财政厅制定方案。教育厅将会同公安厅建立机制。"
    found = related(drafter, text, institution="民政厅 财政厅 教育厅 公安厅")
    assert [(row[1], row[2]) for row in found if row[0] == "actor"] == [
        ("由民政厅会同财政厅制定方案", "民政厅"),
        ("由民政厅会同财政厅制定方案", "财政厅"),
        ("教育厅将会同公安厅建立机制", "教育厅"),
        ("教育厅将会同公安厅建立机制", "公安厅"),
    ]


@pytest.mark.parametrize(
    ("text", "date", "clauses"),
    [
        ("力争3年内突破10项技术，建成检测平台。", "3年内", 2),
        ("到2030年，森林覆盖率达到60%，人民生活更加美好。", "2030年", 2),
        ("展望2035年，总体目标是：经济实力大幅提升。", "2035年", 1),
        ("2027年，森林面积扩大，建设新的林场。", "2027年", 0),
        ("2027年1月1日起，各地实施新标准，推广新车辆。", "2027年1月1日", 0),
        ("将2026年作为作风建设年，解决突出问题。", "2026年", 0),
    ],
)
def test_a_date_binds_what_is_to_be_reached_by_it(
    drafter: Drafter, text: str, date: str, clauses: int
) -> None:
    due = [row for row in related(drafter, text, date=date) if row[0] == "deadline"]
    assert len(due) == clauses


def test_an_initiative_is_carried_out_only_where_it_is_what_the_verb_governs(
    drafter: Drafter,
) -> None:
    text = "实施东数西算工程。提高东数西算工程监管的水平。"
    assert related(drafter, text, initiative="东数西算工程") == [
        ("implements", "实施东数西算工程", "东数西算工程", False)
    ]


def test_a_document_is_issued_by_verbs_that_issue(drafter: Drafter) -> None:
    text = "出台实施意见。完善管理办法。"
    assert related(drafter, text, document="实施意见 管理办法") == [
        ("issues", "出台实施意见", "实施意见", False)
    ]


def test_a_document_that_is_adopted_or_comes_out_is_issued(drafter: Drafter) -> None:
    text = "会议审议通过惠农方案。服务细则正式发布。养老规划成效明显。"
    found = related(drafter, text, document="惠农方案 服务细则 养老规划")
    issued = [row[1] for row in found if row[0] == "issues"]
    assert issued == ["会议审议通过惠农方案", "服务细则正式发布"]


def test_a_document_is_issued_where_what_is_governed_draws_it_up(drafter: Drafter) -> None:
    text = "指导各县“一村一策”制订茶山保护方案。抓好年初出台的茶企减税政策落实。"
    found = related(drafter, text, document="茶山保护方案 茶企减税政策")
    issued = [row[2] for row in found if row[0] == "issues"]
    assert issued == ["茶山保护方案"], "what has come out already is not issued again"


def test_the_day_of_a_dateline_is_not_that_of_the_meeting_it_tells_of(drafter: Drafter) -> None:
    told = "本报岚溪1月12日电 全省数据工作会议1月9日至10日在岚溪召开。"
    named = {"event": "全省数据工作会议", "date": "1月12日 1月9日至10日"}
    found = related(drafter, told, **named)
    assert found == [("held_on", "全省数据工作会议", "1月9日至10日", False)]
    undated = told.replace("1月9日至10日", "")
    assert related(drafter, undated, event="全省数据工作会议", date="1月12日") == []


def test_a_meeting_reported_as_held_has_its_time_whoever_held_it(drafter: Drafter) -> None:
    text = "去年，我省在岚溪成功举办数据大会。"
    found = related(drafter, text, event="数据大会", date="去年", place="岚溪")
    assert [row[:3] for row in found] == [
        ("held_on", "数据大会", "去年"),
        ("located_in", "数据大会", "岚溪"),
    ]


def test_a_title_names_who_issues_it(drafter: Drafter) -> None:
    text = "贯彻《省政府关于数据惠农的意见》。"
    found = related(drafter, text, institution="省政府", document="《省政府关于数据惠农的意见》")
    assert ("issues", "省政府", "《省政府关于数据惠农的意见》", False) in found
    line = "省政府 市政府关于数据惠农的意见\n健全制度。"
    found = related(drafter, line, institution="省政府 市政府", document="关于数据惠农的意见")
    assert [row[1] for row in found if row[0] == "issues"] == ["省政府", "市政府"]


def test_what_was_drawn_up_before_is_issued_next(drafter: Drafter) -> None:
    found = related(drafter, "编制惠农方案，9月底前印发实施。", document="惠农方案")
    assert [(row[1], row[3]) for row in found if row[0] == "issues"] == [
        ("编制惠农方案", False),
        ("9月底前印发实施", True),
    ]


def test_an_initiative_is_carried_out_where_something_is_to_come_of_it(drafter: Drafter) -> None:
    text = "推动乡村振兴取得新进展。推动乡村振兴的理论研究。"
    found = related(drafter, text, initiative="乡村振兴")
    assert [row[1] for row in found if row[0] == "implements"] == ["推动乡村振兴取得新进展"]


def test_each_of_the_works_in_a_row_is_carried_out(drafter: Drafter) -> None:
    text = "推进退湖还湿、防风固沙等重点生态工程建设。"
    found = related(drafter, text, initiative="退湖还湿 防风固沙")
    assert [row[2] for row in found if row[0] == "implements"] == ["退湖还湿", "防风固沙"]


def test_the_date_of_aims_is_the_deadline_of_each(drafter: Drafter) -> None:
    text = "到2027年，覆盖率达到80%，培育一批企业。"
    assert related(drafter, text, date="2027年", figure="80%") == [
        ("deadline", "覆盖率达到80%", "2027年", True),
        ("deadline", "培育一批企业", "2027年", True),
        ("has_figure", "覆盖率达到80%", "80%", False),
    ]


def test_a_meeting_has_its_day_and_place(drafter: Drafter) -> None:
    text = "5月8日，全市数据工作会议在岚溪召开。"
    found = related(drafter, text, date="5月8日", event="全市数据工作会议", place="岚溪")
    assert found == [
        ("held_on", "全市数据工作会议", "5月8日", False),
        ("located_in", "全市数据工作会议", "岚溪", False),
    ]


# the tables


def test_every_row_of_the_tables_does_what_its_examples_say() -> None:
    assert [(str(f.where), f.name, dict(f.facts)) for f in lint(TABLES)] == []


def test_every_word_of_the_scanner_is_found_whole() -> None:
    lexicon = read_lexicon()
    for word in lexicon.classes:
        tokens = lexicon.scan(word, 0, len(word))
        assert len(tokens.codes) >= 1
        assert tokens.bounds[-1] == len(word)


@given(st.sets(st.text(alphabet="改革开放善", min_size=1, max_size=4), min_size=1))
def test_a_trie_finds_the_longest_of_its_words(words: set[str]) -> None:
    import re

    form = re.compile(trie(words))
    for word in words:
        match = form.match(word + "放")
        longest = max((w for w in words if (word + "放").startswith(w)), key=len)
        assert match is not None
        assert match[0] == longest


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A copy of the tables, to be spoilt."""
    return Path(shutil.copytree(TABLES, tmp_path / "zh"))


def test_a_row_for_years_must_name_the_year(spoilt: Path) -> None:
    rows = (spoilt / "years.tsv").read_text("utf-8")
    (spoilt / "years.tsv").write_text(rows.replace("?P<year>", "?:", 1), "utf-8")
    with pytest.raises(UnreadableInput) as caught:
        read_cues(spoilt)
    assert (caught.value.name, caught.value.where.line) == ("draft/year", 2)


def put(folder: Path, table: str, row: str) -> int:
    """Add a row to a table; give its line."""
    path = folder / table
    with path.open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize(
    ("table", "row", "name"),
    [
        ("patterns.tsv", "x\tlead verb:(plain)\t建立制度\tV=建立\t制度\twhy", "draft/example"),
        ("patterns.tsv", "x\tany+\t建立\t\t制度\twhy", "draft/counter-example"),
        ("kinds.tsv", "x\tfact\tany\tany\t甲乙\t丙丁\t甲\twhy", "draft/example-missed"),
        ("votes.tsv", "x\t1\t甲\t甲乙\t乙甲\twhy", "draft/counter-example"),
        ("shapes.tsv", "x\t甲乙\t甲\t丙\twhy", "draft/example-missed"),
        ("verbs.tsv", "建立\tbuild\t\testablish\t", "draft/twice"),
        ("words.tsv", "nolist\t甲\t", "draft/unused-list"),
    ],
)
def test_a_row_whose_example_fails_is_named_with_file_and_line(
    spoilt: Path, table: str, row: str, name: str
) -> None:
    line = put(spoilt, table, row)
    findings = [f for f in lint(spoilt) if f.name == name]
    assert [(Path(f.where.file).name, f.where.line) for f in findings] == [(table, line)]


@pytest.mark.parametrize(
    ("table", "row", "name"),
    [
        ("patterns.tsv", "x\tnonsense+\t甲\t\t乙\twhy", "draft/unknown-class"),
        ("patterns.tsv", "x\t(verb\t甲\t\t乙\twhy", "draft/pattern"),
        ("kinds.tsv", "x\tfact\tany\tany\t(甲\t甲\t乙\twhy", "draft/pattern"),
        ("verbs.tsv", "甲乙\tbuild\tnonsense\t\t", "draft/unknown-class"),
        ("words.tsv", "link\t甲", "draft/table-row"),
        ("words.tsv", "link\t\t", "draft/table-empty"),
        ("verbs.tsv", "\tbuild\t\t\t", "draft/table-empty"),
        ("verbs.tsv", "甲乙\tnoclass\t\t\t", "draft/table-value"),
        ("votes.tsv", "x\tA\t甲\t甲\t乙\twhy", "draft/table-value"),
        ("kinds.tsv", "x\tfookind\tany\tany\t甲\t甲\t乙\twhy", "draft/table-value"),
        ("kinds.tsv", "x\tfact\tfoo\tany\t甲\t甲\t乙\twhy", "draft/table-value"),
        ("sections.tsv", "x\tfoo\tplanned\t\t甲\t甲\t乙\twhy", "draft/table-value"),
        ("sections.tsv", "x\theading\tfoo\t\t甲\t甲\t乙\twhy", "draft/table-value"),
        ("sections.tsv", "x\theading\tplanned\tQQ\t甲\t甲\t乙\twhy", "draft/table-value"),
        ("signs.tsv", "nolist\t@\t", "draft/table-value"),
        ("genres/plan.tsv", "status\tfoo\t", "draft/table-value"),
        ("names/patterns.tsv", "x\tfoo\ttext\t甲\t甲\t乙\twhy", "draft/table-value"),
        ("names/patterns.tsv", "x\tplace\tfoo\t甲\t甲\t乙\twhy", "draft/table-value"),
        ("names/patterns.tsv", "x\tplace\ttext\t(甲\t甲\t乙\twhy", "draft/pattern"),
        ("names/nesting.tsv", "document", "draft/table-row"),
        ("names/dates.tsv", "甲\tA\t1\t\t", "draft/table-value"),
        ("names/place.tsv", "合作\t\t\t\t", "draft/never-a-name"),
        ("restoration/spun_words.tsv", "\t", "restore/lexicon-row"),
        ("restoration/spun_words.tsv", "\t\t", "draft/table-empty"),
        ("restoration/phrases.tsv", "甲", "restore/lexicon-row"),
        ("restoration/signs.tsv", "甲\t\tmaybe\t\t\t", "draft/table-value"),
    ],
)
def test_a_malformed_row_stops_the_reading_with_its_line(
    spoilt: Path, table: str, row: str, name: str
) -> None:
    line = put(spoilt, table, row)
    with pytest.raises(UnreadableInput) as caught:
        lint(spoilt)
    assert caught.value.name == name
    assert caught.value.where.file.endswith(table)
    assert caught.value.where.line == line


def test_a_missing_table_and_a_strange_head_are_refused(spoilt: Path) -> None:
    other = shutil.copytree(spoilt, spoilt.parent / "xx")  # a language the package does not have
    (other / "votes.tsv").unlink()
    with pytest.raises(UnreadableInput, match="cannot be read"):
        lint(other)
    (spoilt / "macros.tsv").write_text("a\tb\n", "utf-8")
    with pytest.raises(UnreadableInput, match="columns"):
        lint(spoilt)


def test_a_pattern_says_how_it_understands_a_clause() -> None:
    grammar = read_grammar()
    vo = next(pattern for pattern in grammar.patterns if pattern.name == "vo")
    assert understood(vo, grammar, "健全数据基础制度") == "V=健全 O=数据基础制度"
    assert understood(vo, grammar, "数据基础制度") is None


def test_no_room_of_drafting_has_words_of_a_language_in_it() -> None:
    for path in (ROOT / "src/policygraph/text/draft").glob("*.py"):
        code = path.read_text("utf-8").split("def ", 1)[-1]
        lines = [line for line in code.splitlines() if ">>>" not in line and "'改" not in line]
        assert not any("\u4e00" <= sign <= "\u9fff" for line in lines for sign in line), path
