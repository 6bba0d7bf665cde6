"""What a text names: by list, by shape, by what a clause governs; with exact words and values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.guide_json import guide_json
from policygraph.text.draft.mentions import Mention, read_recogniser
from policygraph.text.draft.write import statements_yaml
from policygraph.text.names import Names, registry_things
from policygraph.text.naming.meaning import Register
from policygraph.text.registry import read_registry

LEXICON = ROOT / "data" / "lexicon" / "zh"
DRAFTER = Drafter.read()


def named(text: str, issued: str = "2024-04-02") -> list[tuple[str, str]]:
    found = draft_text(DRAFTER, "case", text, issued=issued).mentions
    return [(mention.type, text[slice(*mention.span)]) for mention in found]


CASES = {
    "a body by its name, the land in it": (
        "中国人民银行发布公告。",
        [("institution", "中国人民银行"), ("place", "中国"), ("document", "公告")],
    ),
    "every level, then the other": (
        "各级党委和政府要加强领导。",
        [("institution", "各级党委"), ("institution", "政府")],
    ),
    "government as a word of something else": ("发挥政府投资的作用，建设数字政府。", []),
    "an organisation, not its city": ("加入上海合作组织。", [("institution", "上海合作组织")]),
    "a county and its government, a zone and a body named after their places": (
        "富源县加快发展。以曲靖高新区为重点，由云南省农业农村厅制定方案。",
        [
            ("place", "富源县"),
            ("place", "曲靖高新区"),
            ("institution", "云南省农业农村厅"),
            ("place", "云南省"),
        ],
    ),
    "the short names of counties, in a row only": (
        "推进宣威、陆良等县市发展。公安、合作是好词。",
        [("place", "宣威"), ("place", "陆良")],
    ),
    "parts of the country": (
        "帮助中部地区，支持内蒙古自治区中西部发展。",
        [("place", "中部地区"), ("place", "内蒙古自治区中西部")],
    ),
    "a row of bodies by their kinds": (
        "各省、自治区、直辖市人民政府，国务院各部委、各直属机构。",
        [
            ("institution", "各省、自治区、直辖市人民政府"),
            ("institution", "国务院各部委"),
            ("institution", "国务院"),
            ("institution", "各直属机构"),
        ],
    ),
    "a laboratory by its name, not laboratories": (
        "东岭国家实验室揭牌，建设国家实验室体系。",
        [("institution", "东岭国家实验室")],
    ),
    "works in a row before the word for them": (
        "推进退湖还湿、防风固沙等重点生态工程建设。",
        [("initiative", "退湖还湿"), ("initiative", "防风固沙")],
    ),
    "firms in a row before the word for them, and a bureau": (
        "依托临光、云晶等龙头企业补齐链条。国家林草局生态保护司负责人作介绍。",
        [
            ("institution", "临光"),
            ("institution", "云晶"),
            ("institution", "国家林草局生态保护司"),
            ("institution", "国家林草局"),
        ],
    ),
    "two schemes joined, without what counts them": (
        "实施产业兴县战略和乡村提升行动，开展新一轮山林修复行动。",
        [
            ("initiative", "产业兴县战略"),
            ("initiative", "乡村提升行动"),
            ("initiative", "山林修复行动"),
        ],
    ),
    "the title of the text without its issuer": (
        "国务院办公厅关于推进数据惠农的意见\n制定配套实施方案。",
        [
            ("institution", "国务院办公厅"),
            ("document", "关于推进数据惠农的意见"),
            ("document", "配套实施方案"),
        ],
    ),
    "the text itself": ("为规范数据流通，制定本办法。", [("document", "办法")]),
    "cooperation is no place": ("加强国际合作。", []),
    "theory is no city": ("回答重大理论问题。", []),
    "a scheme in quotation marks": (
        "全力推动“数据要素×”行动。",
        [("initiative", "“数据要素×”行动")],
    ),
    "two campaigns in a row": (
        "开展提振消费专项行动、消费环境优化行动。",
        [("initiative", "提振消费专项行动"), ("initiative", "消费环境优化行动")],
    ),
    "a strategy without the verb before it": (
        "推进实施乡村振兴战略。",
        [("initiative", "乡村振兴战略")],
    ),
    "a paper by its marks, a scheme in it": (
        "发布《“一带一路”合作倡议》。",
        [("document", "《“一带一路”合作倡议》"), ("initiative", "“一带一路”")],
    ),
    "days, and persons by their office or in a row": (
        "会议9日至10日在岚溪召开。省委书记周岚、省长林一舟出席会议。陈川、何平、高远等出席。",
        [
            ("date", "9日至10日"),
            ("place", "岚溪"),
            ("institution", "省委"),
            ("person", "周岚"),
            ("person", "林一舟"),
            ("person", "陈川"),
            ("person", "何平"),
            ("person", "高远"),
        ],
    ),
    "a plan said to stress is nobody": (
        "方案强调，文件指出，相关部门要落实。",
        [("institution", "相关部门")],
    ),
    "a paper by its number": (
        "依据岚政发〔2026〕12号开展普查。",
        [("document", "岚政发〔2026〕12号")],
    ),
    "a plan by its years, not the years": (
        "全面完成“十四五”规划。",
        [("document", "“十四五”规划")],
    ),
    "rules without the government that makes them": (
        "废止省政府规章7部。",
        [("institution", "省政府"), ("document", "规章"), ("figure", "7部")],
    ),
    "a list that rules, whatever is done with it": (
        "持续缩减市场准入负面清单。",
        [("document", "市场准入负面清单")],
    ),
    "a list of what is to be done is no paper": ("梳理问题清单。", []),
    "a row of two plans is two papers": (
        "编制种子保护规划和农田建设规划。",
        [("document", "种子保护规划"), ("document", "农田建设规划")],
    ),
    "a meeting, not who attends it": (
        "全国政协有关领导同志出席会议。",
        [("institution", "全国政协")],
    ),
    "a meeting of one kind of work": (
        "全国档案保护工作会议要求加强管理。",
        [("event", "全国档案保护工作会议")],
    ),
    "a congress and plenums by their numbers": (
        "贯彻党的十八大和十八届三中、四中全会精神。",
        [("institution", "党"), ("event", "十八大"), ("event", "十八届三中、四中全会")],
    ),
    "a summit of states": (
        "出席亚太经合组织领导人非正式会议。",
        [("event", "亚太经合组织领导人非正式会议"), ("institution", "亚太经合组织")],
    ),
    "games by their short name": ("筹办成都大运会。", [("event", "成都大运会")]),
    "a programme that is carried out": (
        "实施青年匠人成长计划。",
        [("initiative", "青年匠人成长计划")],
    ),
    "strategic resolve is no strategy": ("保持战略定力。", []),
    "a paper that is drawn up": (
        "制定算力网建设的实施意见。",
        [("document", "算力网建设的实施意见")],
    ),
    "a meeting inside a meeting": (
        "成功举办第三届丝路合作高峰论坛数字经济分论坛。",
        [("event", "第三届丝路合作高峰论坛数字经济分论坛"), ("event", "第三届丝路合作高峰论坛")],
    ),
    "who speaks": ("何立新强调，要抓好落实。", [("person", "何立新")]),
    "an ordinal is no figure": ("召开第三届大会。", [("event", "第三届大会")]),
    "those who watch over a trade, public offices that are watched": (
        "药品监管机构要加强对公证机构的监督。",
        [("institution", "药品监管机构"), ("institution", "公证机构")],
    ),
    "a school where it must do something, not what is done there": (
        "学校要安排课间活动，做好学校应急演练。",
        [("institution", "学校")],
    ),
    "a centre of several levels is one body, all places and schools are one": (
        "各地各学校要用好县乡村三级便民中心。",
        [("institution", "各地各学校"), ("institution", "县乡村三级便民中心")],
    ),
    "the bureau of the party, not the committee in front of it": (
        "中共中央政治局委员出席。",
        [("institution", "中共中央政治局")],
    ),
    "a station, not its city; airports that share one word": (
        "建成西安东站和云溪、石坝机场。",
        [("place", "西安东站"), ("place", "云溪"), ("place", "石坝机场")],
    ),
    "where the earth shook, behind its province and by itself": (
        "四川芦溪发生变化，战胜四川芦溪地震、石坝特大地震。",
        [("place", "四川"), ("place", "四川芦溪"), ("place", "石坝")],
    ),
    "roads in a row that share one word": (
        "开工云溪至石坝、改扩建岚城至芦坪等高速公路。",
        [("place", "云溪"), ("place", "石坝"), ("place", "岚城"), ("place", "芦坪")],
    ),
    "railways in a row that share one word": (
        "加快云溪、岚石高铁建设。",
        [("initiative", "云溪"), ("initiative", "岚石高铁")],
    ),
    "works in a row before the word for projects, not kinds of works": (
        "推进石坝水库、岚溪灌区改造等项目建设，推进学校、医院等项目建设。",
        [("initiative", "石坝水库"), ("initiative", "岚溪灌区改造")],
    ),
    "an activity that is held, a sweep and a mechanism by what they are for": (
        "举办全省少年书法比赛活动，全面开展危旧桥梁隐患大排查，落实燃气价格与成本联动机制。",
        [
            ("initiative", "全省少年书法比赛活动"),
            ("initiative", "危旧桥梁隐患大排查"),
            ("initiative", "燃气价格与成本联动机制"),
        ],
    ),
    "a port, not its city, and no city where its signs are parts of words": (
        "大连港扩建，画出最大同心圆，实施科技兴安，形成都市圈，发挥新乡贤作用。",
        [("place", "大连港")],
    ),
    "an action behind its verb, a demonstration, a system one must use": (
        "鼓励企业开展回收责任制行动，深入实施电商进山综合示范，登录全省渔船检验管理系统，开展军事行动。",
        [
            ("initiative", "回收责任制行动"),
            ("initiative", "电商进山综合示范"),
            ("initiative", "全省渔船检验管理系统"),
        ],
    ),
    "departments named beside another one, offices that manage waters": (
        "由流域管理机构或者有关行政管理部门处理，报党中央有关部门。",
        [
            ("institution", "流域管理机构"),
            ("institution", "有关行政管理部门"),
            ("institution", "党中央有关部门"),
            ("institution", "党中央"),
        ],
    ),
    "places before how many they are, the places beside the centre where they must act": (
        "云溪、石坝等4个县入选，地方要做好配套。",
        [("place", "云溪"), ("place", "石坝"), ("figure", "4个"), ("institution", "地方")],
    ),
    "a great work that is built, and a debt that is none of a government": (
        "完成云溪供水工程建设，加强地方政府性债务管理，开工一批重大水利工程。",
        [("initiative", "云溪供水工程")],
    ),
    "a platform and the short name it is given": (
        "建成数字渔港综合平台（以下简称渔港平台）。",
        [("initiative", "数字渔港综合平台"), ("initiative", "渔港平台")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_what_a_sentence_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


AFTER = {"亿元以上": "项目"}
"""Words that must follow some of the figures."""

VALUES = {
    "去年10月25日": "2023-10-25",
    "4月1日": "2024-04-01",
    "2023年10月": "2023-10",
    "2018-2022年": "2018/2022",
    "3月30日至4月1日": "2024-03-30/2024-04-01",
    "“十四五”时期": "2021/2025",
    "二〇三五年": "2035",
    "2023年11月3日至5日": "2023-11-03/2023-11-05",
    "11月29日至12月2日": "2024-11-29/2024-12-02",
    "今年1—8月": "2024-01/2024-08",
    "9月底": "2024-09",
    "去年年底": "2023",
    "2027年年末": "2027",
    "上半年": "2024-01/2024-06",
    "去年第三季度": "2023-07/2023-09",
    "未来三年": "2024/2026",
    "近两年": "2022/2023",
    "3年内": None,
    "本世纪中叶": None,
    "今年": "2024",
    "过去五年": "2019/2023",
    "近1亿人次": 100000000,
    "2.15万亿元": 2150000000000,
    "5.5%左右": 5.5,
    "620多万套": 6200000,
    "2-3家": [2, 3],
    "三档": 3,
    "三亿二千万吨": 320000000,
    "十二万亿元": 12000000000000,
    "二十多万人": 200000,
    "百分之零点五": 0.5,
    "不低于95%": 95,
    "不超过30万元": 300000,
    "亿元以上": 100000000,
    "12.5年": 12.5,
    "1岁": 1,
    "60%—70%": [60, 70],
}


@pytest.mark.parametrize(("words", "value"), VALUES.items())
def test_dates_and_figures_have_their_values(words: str, value: object) -> None:
    text = f"全省{words}{AFTER.get(words, '')}完成。"
    found = [
        m
        for m in draft_text(DRAFTER, "case", text, issued="2024-04-02").mentions
        if text[slice(*m.span)] == words
    ]
    assert [mention.value for mention in found if isinstance(mention, Mention)] == [value]


WHO_AND_WHEN = yaml.safe_load(
    (ROOT / "tests" / "cases" / "draft" / "who-and-when.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("case", WHO_AND_WHEN, ids=lambda case: str(case["text"]))
def test_who_answers_by_when_and_how_much(case: dict[str, Any]) -> None:
    text = case["text"]
    draft = draft_text(DRAFTER, "case", text, issued=case.get("issued", "2025-01-10"))
    mentions = [mention for mention in draft.mentions if isinstance(mention, Mention)]
    spans = {clause.id: clause.span for clause in draft.clauses}
    spans |= {f"e{number}": mention.span for number, mention in enumerate(mentions, 1)}
    if "values" in case:
        dated = [m for m in mentions if m.type in ("date", "figure")]
        assert [[text[slice(*m.span)], m.value] for m in dated] == case["values"]
    if "told" in case:
        told = [
            f"{each.type}: {text[slice(*spans[each.source])]} > {text[slice(*spans[each.target])]}"
            for each in draft.relations
        ]
        assert sorted(told) == sorted(case["told"])


@pytest.mark.parametrize(
    "text",
    [
        "经示例市数据局批准。",
        "报示例市数据局备案。",
        "向示例市数据局报送名单。",
        "对示例市数据局开展考核。",
        "与示例市数据局共建平台。",
        "会同示例市数据局开展检查。",
        "工作由示例市数据局负责。",
    ],
)
def test_a_body_is_named_without_the_preposition_before_it(text: str) -> None:
    assert named(text) == [("institution", "示例市数据局")]


@pytest.mark.parametrize(
    ("words", "value"), [("1日", "2024-04-01"), ("28日至29日", "2024-03-28/2024-03-29")]
)
def test_a_day_named_alone_is_the_last_such_day_before_the_text(words: str, value: str) -> None:
    dates = draft_text(DRAFTER, "case", f"会议{words}在岚溪召开。", issued="2024-04-02").mentions
    assert [mention.value for mention in dates if isinstance(mention, Mention)][:1] == [value]


def test_without_a_day_of_the_document_relative_dates_have_no_value() -> None:
    (mention,) = draft_text(DRAFTER, "case", "去年完成。").mentions
    assert isinstance(mention, Mention)
    assert (mention.type, mention.value) == ("date", None)


@given(
    st.text(
        alphabet="各级党委政府和第三届论坛“”《》中国0123456789年月日%万亿，。省委的行动",
        max_size=60,
    )
)
def test_spans_lie_in_the_text_in_order_and_never_cross(text: str) -> None:
    found = read_recogniser(LEXICON).find(text, DRAFTER.clauses(text), "2024-01-01")
    assert found == read_recogniser(LEXICON).find(text, DRAFTER.clauses(text), "2024-01-01")
    spans = [mention.span for mention in found]
    assert spans == sorted(spans, key=lambda span: (span.start, -span.end))
    for one in spans:
        assert 0 <= one.start < one.end <= len(text)
        for other in spans:
            apart = one.end <= other.start or other.end <= one.start
            inside = (one.start <= other.start and other.end <= one.end) or (
                other.start <= one.start and one.end <= other.end
            )
            assert apart or inside


@pytest.fixture(scope="module")
def known() -> Register:
    registry = read_registry(ROOT / "data" / "registry", [])
    return Register.of(Names.of(registry_things(registry)))


def test_a_mention_is_the_thing_of_the_registry_that_bears_its_name(known: Register) -> None:
    text = "国家数据局推动“数据要素×”行动，在北京发布意见。"
    found = draft_text(DRAFTER, "case", text, issued="2024-04-02", known=known).mentions
    keys = {text[slice(*m.span)]: m.key for m in found if isinstance(m, Mention)}
    assert keys["国家数据局"] == "cn-nda"
    assert keys["“数据要素×”行动"] == "cn-data-elements-x"
    assert keys["北京"] == "CN-BJ"


def test_what_several_things_are_called_stays_open(tmp_path: Path) -> None:
    entry = "{key}:\n  label: {{zh-Hans: 国家数据局, en: one}}\n  source: s\n"
    folder = tmp_path / "registry"
    folder.mkdir()
    text = entry.format(key="one") + entry.format(key="two")
    (folder / "institutions.yaml").write_text(text, encoding="utf-8")
    both = Register.of(Names.of(registry_things(read_registry(folder, []))))
    (mention,) = draft_text(DRAFTER, "case", "国家数据局推动改革。", known=both).mentions
    assert isinstance(mention, Mention)
    assert (mention.key, mention.options) == ("", ("one", "two"))


def test_draft_rows_point_to_what_the_registry_knows(known: Register) -> None:
    text = "2024年工作安排。国家数据局推动“数据要素×”行动。"
    draft = draft_text(DRAFTER, "case", text, issued="2024-04-02", known=known)
    written = statements_yaml(draft)
    assert "actor: [cn-nda]" in written or "actor: cn-nda" in written
    assert "implements" in written


def test_a_row_names_no_body_that_its_own_words_do_not(known: Register) -> None:
    text = "2024年工作安排\n一、完善数据安全管理制度。加强检查。（国家数据局负责）\n"
    draft = draft_text(DRAFTER, "case", text, issued="2024-04-02", known=known)
    actors = [relation for relation in draft.relations if relation.type == "actor"]
    assert actors, "who answers for the item is found"
    assert "cn-nda" not in statements_yaml(draft).split("（国家数据局负责）")[0]


def test_the_paper_that_a_title_is_about_is_named_inside_it() -> None:
    text = "根据《省委关于制定第十六个五年规划的建议》，编制《第十六个五年规划纲要（草案）》。"
    named = [m for m in draft_text(DRAFTER, "case", text).mentions if m.type == "document"]
    assert [text[slice(*m.span)] for m in named] == [
        "《省委关于制定第十六个五年规划的建议》",
        "第十六个五年规划",
        "《第十六个五年规划纲要（草案）》",
    ]


@pytest.mark.parametrize("digits", ["1" * 5000, "1," * 5000, "1." * 5000])
@pytest.mark.parametrize("behind", ["亿元", "%", "个", "年"])
def test_digits_without_end_are_no_figure(digits: str, behind: str) -> None:
    text = f"投资{digits}{behind}，增长8%。"
    draft = draft_text(DRAFTER, "case", text, issued="2024-04-02")
    assert [text[slice(*m.span)] for m in draft.mentions] == ["8%"]
    assert "8" in json.dumps(guide_json(draft, "0"))
