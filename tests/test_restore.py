"""Restoration of damaged text: the cases, the report, and what must hold for every text."""

import hashlib
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from policygraph.assets import asset
from policygraph.errors import UnreadableInput, Where
from policygraph.messages import LANGUAGES
from policygraph.text.restore import (
    Edit,
    Restoration,
    Span,
    decoding,
    lexicon,
    misread,
    pronunciation,
    restore,
    script,
    signs,
)
from policygraph.text.restore.damaging import DamageModel, damage
from policygraph.text.restore.redamage import check, estimate
from policygraph.text.restore.trace import Change, Traced

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
CASES = yaml.safe_load((ROOT / "tests/cases/restore/cases.yaml").read_text(encoding="utf-8"))
REPORT = asset("data", "documents", "cn-ndwc-2024", "source", "conference.txt").read_text("utf-8")
RESTORED_SHA256 = "18f5ebfaaec5a169860cc3827c3d6ef9c44f10c3e43fa2b76b6136eb1215c1d6"

# Pieces that meet in damaged pages, and some that never should.
PIECES = [
    *("會", "國", "重", "著", "着", "著名", "。", "▍", "，", "（", "：", "！", "“", "數(shù)據"),
    *("(huì)", "(huì )", "(hui)", "(qū)", "(chóng)", "?。▍^(qū)、市)", "省（区、市）"),
    *("?", ",", "(", ")", ":", "!", "^", "A", "1", " ", "\n", "\r\n", "𠀀", "\0", "\ue000"),
]
mixtures = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
excerpts = st.tuples(st.integers(0, len(REPORT)), st.integers(0, 400)).map(
    lambda place: REPORT[place[0] : sum(place)]
)
unhurried = settings(deadline=None)
texts = st.one_of(excerpts, mixtures, st.text(max_size=30))


def shared(pattern: str) -> list[Path]:
    files = sorted(SHARED.glob(pattern))
    if not files:
        pytest.skip(f"no development texts beside the checkout: ../shared/{pattern}")
    return files


def read(path: Path) -> str:
    return path.read_bytes().decode()


def undecided(restoration: Restoration) -> list[Edit]:
    return [edit for edit in restoration.edits if edit.status == "undecided"]


@pytest.fixture(scope="module")
def report() -> Restoration:
    return restore(REPORT)


# --- the cases -----------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case_is_restored(case: dict[str, Any]) -> None:
    restoration = restore(case["damaged"])
    assert restoration.text == case["restored"], case["why"]
    assert len(undecided(restoration)) == case.get("undecided", 0), restoration.edits


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_restored_case_needs_no_restoration(case: dict[str, Any]) -> None:
    assert restore(case["restored"]).text == case["restored"]


# --- the report ----------------------------------------------------------------------------------


def test_the_report_is_restored_exactly(report: Restoration) -> None:
    assert len(report.text) == 1024
    assert hashlib.sha256(report.text.encode()).hexdigest() == RESTORED_SHA256


def test_the_report_equals_its_gold(report: Restoration) -> None:
    [gold] = shared("gold/dev/conference_2024.txt")
    assert report.text == read(gold)


def test_the_ledger_of_the_report_counts_what_was_damaged(report: Restoration) -> None:
    kinds = [edit.kind for edit in report.edits]
    counts = {kind: kinds.count(kind) for kind in kinds}
    assert counts == {"reading": 241, "script": 350, "punctuation": 52, "misread-bytes": 2}
    assert not undecided(report)


def test_the_lost_character_is_inferred_and_what_the_bytes_say_is_proved(
    report: Restoration,
) -> None:
    inferred, proved = [edit for edit in report.edits if edit.kind == "misread-bytes"]
    assert [edit for edit in report.edits if edit.status == "inferred"] == [inferred]
    assert (inferred.source_text, inferred.restored_text) == ("?。", "省")
    assert (proved.source_text, proved.restored_text) == ("。▍^", "（区")
    assert inferred.source.end > proved.source.start  # 。 holds a byte of each
    assert "112 GBK characters end in byte A1" in inferred.explain("en")
    assert "省（区、市）" in inferred.explain("zh")
    assert "A3 A8 85 5E" in proved.explain()
    assert "(qū)" in proved.explain("zh")


def test_damaging_the_restored_report_again_gives_the_report(report: Restoration) -> None:
    assert check(report).equal
    assert check(report).compared == check(report).agreeing == 2193


def test_the_damage_model_of_the_report_is_general(report: Restoration) -> None:
    model = estimate(report)
    assert len(model.keys) == 44
    assert model.keys["會"] == "(huì)"
    assert model.splits
    assert set("，：（）") <= set(model.folds)
    assert damage("各省（区、市）召开会议。", model) == "各?。▍^(qū)、市)召開會(huì)議。"


def test_the_self_test_says_where_a_wrong_restoration_differs() -> None:
    wrong = Restoration("數據", "数字", restore("數據").edits, Traced.of("數據"))
    result = check(wrong)
    assert (result.equal, result.first_difference, result.agreeing) == (False, 1, 1)
    assert (result.expected, result.found) == ("據", "字")


def test_the_model_drops_and_eats_bytes_as_sites_do() -> None:
    model = DamageModel(script={}, keys={}, splits=True, folds={"！": "!", "？": "?"})
    # A2D0 ⒖ A3A1 ！: what follows a sign found too early is read one byte late
    assert damage("高校、科研", model).startswith("高?!⒖蒲")
    # 果就 holds FBBE, which nobody defined: it vanishes
    assert damage("高校科技成果就地轉化", model) == "高??萍汲晒偷剞D化"


# --- single rules --------------------------------------------------------------------------------


@pytest.mark.parametrize("bracket", ["(hui)", "(huì )", "( hui )"])
def test_a_form_that_proves_nothing_is_removed_where_the_document_is_full_of_it(
    bracket: str,
) -> None:
    few, many = f"开会{bracket}，" * 19, f"开会{bracket}，" * 20
    assert restore(few).text == few
    assert len(undecided(restore(few))) == 19
    assert restore(many).text == "开会，" * 20


def test_a_form_is_kept_where_too_many_brackets_disagree() -> None:
    text = "开会(hui)，" * 20 + "开会(app)，" * 3
    assert restore(text).text == text


def test_a_space_behind_readings_goes_with_them_where_it_is_habit() -> None:
    assert restore("開會(huì) 時，" * 20).text == "开会时，" * 20
    assert restore("開會(huì)時，" * 20 + "開會(huì) 時，").text == "开会时，" * 20 + "开会 时，"


def test_a_sign_is_unfolded_only_if_the_document_folds_that_sign() -> None:
    assert restore("数据,数据,数据(一)").text == "数据，数据，数据（一）"
    assert restore("数据,数据,数据(一)（二）").text == "数据，数据，数据(一)（二）"
    assert restore("数据，数据,数据").text == "数据，数据,数据"


def test_two_phrases_that_disagree_decide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    phrases = {"省(区、市)": "省（区、市）", "浮(区、市)": "浮（区、市）"}
    monkeypatch.setattr(misread, "_phrases", lambda: phrases)
    [edit] = undecided(restore("共有?。▍^、市）"))
    assert edit.source_text == edit.restored_text == "?。▍^"
    assert "省" in edit.explain()
    assert "浮" in edit.explain("zh")
    assert edit.mend()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_words_decide_gives_the_damaged_text_again(case: dict[str, Any]) -> None:
    restoration = restore(case["damaged"])
    by_words = [e for e in restoration.edits if e.reason.startswith("restore/misread-words")]
    assert all(edit.status == "inferred" for edit in by_words)
    if by_words:
        assert check(restoration).equal, case["why"]


def test_a_run_that_words_decide_says_which_words() -> None:
    [edit] = [e for e in restore("高等院?!半p高計劃”，推動發展").edits if e.status == "inferred"]
    assert "校“雙" in edit.explain("en")
    assert "院校" in edit.explain("en")
    assert "院校" in edit.explain("zh")


def test_words_that_allow_several_readings_change_nothing() -> None:
    damaged = "提升高?？萍汲晒偷剞D化效能，會議討論問題。"
    [edit] = undecided(restore(damaged))
    assert edit.source_text == edit.restored_text == "?？萍汲晒偷剞D"
    assert edit.reason == "restore/misread-several"
    for lang in LANGUAGES:
        assert "校科技成果就地轉" in edit.explain(lang)
        assert "校科技成果和地轉" in edit.explain(lang)


def test_a_sign_is_never_chosen_for_a_lost_character() -> None:
    [edit] = undecided(restore("發改委印發《計劃》?！缎袆佑媱潯诽岢?，要改善空氣質量。"))
    assert edit.reason == "restore/misread-likely"
    for lang in LANGUAGES:
        assert "。《行動計劃》提出" in edit.explain(lang)


def test_a_reading_that_closes_what_is_not_open_is_none() -> None:
    line = "擴大{}高校“雙高計劃”推動發展"
    damaged = damage(line.format("院"), DamageModel({}, {}, True, {}))
    assert restore(damaged).text == "扩大院高校“双高计划”推动发展"
    assert not decoding._closes("擴大", "校”雙")
    assert decoding._closes("擴大“院", "校”雙")


def test_a_run_of_any_length_ends_in_time() -> None:
    for length in (0, 1, 23, 24, 25, 400):
        damaged = f"會議指出，高等院?！{'半' * length}p高計劃”，推動發展"
        assert len(restore(damaged).text) <= len(damaged)


COMMON = "高校省院科技成果就地轉化區發展住海福雙計劃會議數據經濟穩進取環保的和在。，、“”"


@st.composite
def annotated(draw: st.DrawFn) -> tuple[str, DamageModel]:
    """Draw a text without sense, and a site that puts readings in and splits its bytes."""
    words = st.sampled_from(
        ["高校", "科技", "成果", "環保", "進取", "發展", "數據", "，", "。", "會議"]
    )
    drawn = draw(st.lists(st.one_of(words, st.sampled_from(COMMON)), max_size=14))
    text = f"會議指出{''.join(drawn)}會議"  # far from any Chinese word a question mark is one
    keys = draw(st.sets(st.sampled_from("會議數據經濟轉發環動"), max_size=6))
    brackets = {key: f"({pronunciation.usual(key)})" for key in sorted(keys)}
    folds = dict(signs.foldable()) if draw(st.booleans()) else {}
    return text, DamageModel({}, brackets, True, folds, aligned=True)


def test_a_run_with_a_sign_right_behind_a_sign_is_left_whole() -> None:
    damaged = damage("會議指出高校。科技會議", DamageModel({}, {}, True, dict(signs.foldable())))
    restoration = restore(damaged)
    assert [edit.source_text for edit in undecided(restoration)] == ["?!?萍紩h"]


def test_a_run_that_nothing_ends_is_left_whole_behind_a_folded_sign_too() -> None:
    text = "會議指出高校科技高校科技會議"
    damaged = damage(text, DamageModel({}, {}, True, dict(signs.foldable())))
    assert [edit.source_text for edit in undecided(restore(damaged))] == ["??萍几咝?萍紩h"]


@settings(deadline=None, max_examples=30)
@given(annotated())
def test_no_character_is_wrong_without_a_remark_on_it_or_on_a_lost_byte_before_it(
    drawn: tuple[str, DamageModel],
) -> None:
    text, model = drawn
    restoration = restore(damage(text, model))
    doubtful = [edit for edit in restoration.edits if edit.status != "proved"]
    wanted, at, done = signs.fold(script.simplified(text), signs.foldable()), 0, 0
    for edit in [*doubtful, None]:
        until = edit.restored.start if edit else len(restoration.text)
        piece = script.simplified(restoration.text[done:until])
        found = wanted.find(signs.fold(piece, signs.foldable()), at)
        assert found >= 0, f"not of the clean text, and not in the ledger: {piece!r}"
        if edit and edit.reason == "restore/lost-byte":
            return  # where what it began to misread ends is not always told
        at, done = found + len(piece), max(done, edit.restored.end if edit else 0)
    if not doubtful:
        assert script.simplified(restoration.text) == script.simplified(text) or model.folds


def test_a_line_whose_length_would_change_is_left_and_flagged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stretching(text: str) -> str:
        return text.replace("國", "国家").replace("會", "会").replace("議", "议")

    monkeypatch.setattr(script, "_converter", lambda: stretching)
    restoration = restore("會議\n中國\n會議")
    assert restoration.text == "会议\n中國\n会议"
    assert [edit.source_text for edit in undecided(restoration)] == ["中國\n"]


def test_a_malformed_table_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "short.tsv").write_text("a\tb\n1\t2\n3\n", encoding="utf-8")
    monkeypatch.setattr(lexicon, "asset", lambda *parts: tmp_path / parts[-1])
    with pytest.raises(UnreadableInput) as caught:
        lexicon.rows("short")
    assert (caught.value.name, caught.value.where.line) == ("restore/lexicon-row", 3)


def test_every_table_has_a_comment_column() -> None:
    folder = asset("data", "lexicon", "zh", "restoration")
    names = sorted(path.stem for path in folder.glob("*.tsv"))
    assert len(names) >= 6
    for name in names:
        assert all("comment" in row for row in lexicon.rows(name)), name


def test_no_listed_word_changes_length() -> None:
    for row in lexicon.rows("script_words"):
        assert len(row["written"]) == len(row["simplified"]), row


def test_every_kind_of_edit_explains_itself_in_both_languages() -> None:
    reasons: set[str] = set()
    for case in CASES:
        for edit in restore(case["damaged"]).edits:
            reasons.add(edit.reason)
            assert len({edit.explain(lang) for lang in LANGUAGES}) == 2, edit
            assert bool(edit.mend()) == (edit.status == "undecided"), edit
    assert len(reasons) >= 9


# --- what must hold for every text ---------------------------------------------------------------


def test_only_a_change_with_origins_may_change_a_length() -> None:
    with pytest.raises(ValueError, match="without origins"):
        Traced.of("省（区").apply([Change(0, 1, "两个")])


@pytest.mark.parametrize("span", [(-1, 1), (2, 1), (0, 4)])
def test_a_span_outside_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="does not lie in"):
        Traced.of("区、市").to_source(*span)
    with pytest.raises(ValueError, match="does not lie in"):
        Traced.of("区、市").to_restored(*span)


def test_a_removed_reading_maps_to_an_empty_span_where_it_stood() -> None:
    restoration = restore("數(shù)據")
    assert restoration.to_restored(1, 6) == restoration.to_restored(3, 4) == (1, 1)
    assert restoration.to_source(0, 2) == (0, 7)
    assert restoration.to_source(1, 2) == (6, 7)
    assert restoration.to_source(1, 1) == (6, 6)
    assert restoration.to_source(2, 2) == (7, 7)


def test_a_source_character_with_bytes_of_two_originals_maps_to_both(report: Restoration) -> None:
    start = REPORT.index("。▍")
    restored = report.to_restored(start, start + 1)
    assert report.text[slice(*restored)] == "省（"
    assert report.to_source(*restored) == (start - 1, start + 2)


@unhurried
@given(texts)
def test_the_ledger_explains_every_difference(text: str) -> None:
    restoration = restore(text)
    characters = list(restoration.text)
    covered = {at for edit in restoration.edits for at in range(*edit.restored)}
    for at, character in enumerate(characters):
        source = text[slice(*restoration.to_source(at, at + 1))]
        assert at in covered or source == character
    gone = {at for edit in restoration.edits for at in range(*edit.source)}
    for at, character in enumerate(text):
        restored = restoration.text[slice(*restoration.to_restored(at, at + 1))]
        assert at in gone or restored == character


@unhurried
@given(texts)
def test_applying_the_ledger_to_the_source_gives_the_restored_text(text: str) -> None:
    restoration = restore(text)
    replaced: dict[int, str] = {}
    removed: set[int] = set()
    for edit in restoration.edits:
        replaced |= dict(enumerate(edit.restored_text, start=edit.restored.start))
        removed |= set(range(*edit.source))
    kept = iter([character for at, character in enumerate(text) if at not in removed])
    rebuilt = [
        replaced[at] if at in replaced else next(kept) for at in range(len(restoration.text))
    ]
    assert "".join(rebuilt) == restoration.text
    assert next(kept, None) is None


@unhurried
@given(texts)
def test_edits_quote_both_texts_and_stand_in_source_order(text: str) -> None:
    restoration = restore(text)
    for edit in restoration.edits:
        assert edit.source_text == text[slice(*edit.source)] != ""
        assert edit.restored_text == restoration.text[slice(*edit.restored)]
        assert (edit.source_text == edit.restored_text) or edit.status != "undecided"
    assert all(one.source <= next_one.source for one, next_one in pairwise(restoration.edits))


@unhurried
@given(texts)
def test_every_character_maps_in_both_directions_and_in_order(text: str) -> None:
    restoration = restore(text)
    to_source = [restoration.to_source(at, at + 1) for at in range(len(restoration.text))]
    to_restored = [restoration.to_restored(at, at + 1) for at in range(len(text))]
    for spans in (to_source, to_restored):
        assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(spans))
    for at, span in enumerate(to_source):
        back = restoration.to_restored(*span)
        assert back.start <= at < back.end
        assert len(span) == 2
    assert restoration.to_source(0, len(restoration.text)).end <= len(text)


@unhurried
@given(texts)
def test_unedited_characters_make_the_round_trip(text: str) -> None:
    restoration = restore(text)
    edited = {at for edit in restoration.edits for at in range(*edit.source)}
    for at in set(range(len(text))) - edited:
        there = restoration.to_restored(at, at + 1)
        assert there.end - there.start == 1
        assert restoration.to_source(*there) == Span(at, at + 1)


@unhurried
@given(texts)
def test_restoring_twice_changes_nothing_more(text: str) -> None:
    once = restore(text).text
    assert restore(once).text == once


@unhurried
@given(texts)
def test_restoring_is_deterministic(text: str) -> None:
    assert restore(text) == restore(text)


@settings(deadline=None, max_examples=30)
@given(
    st.sets(st.sampled_from(sorted(set("據國數會議開個產設團機構還將納範圍職環節"))), min_size=1)
)
def test_any_set_of_annotated_characters_is_undone(keys: set[str]) -> None:
    from pypinyin.constants import PINYIN_DICT

    clean = restore(REPORT).text
    model = estimate(restore(REPORT))
    brackets = {key: f"({PINYIN_DICT[ord(key)].split(',')[0]})" for key in keys}
    damaged = damage(clean, DamageModel(model.script, brackets, splits=False, folds=model.folds))
    restoration = restore(damaged)
    assert restoration.text == clean
    assert check(restoration).equal


def test_a_long_text_is_restored_like_its_parts(report: Restoration) -> None:
    restoration = restore(REPORT * 40)
    assert restoration.text == report.text * 40
    assert check(restoration).compared == check(restoration).agreeing == 40 * 2193


# --- damage drawn at random ----------------------------------------------------------------------

SENTENCES = (ROOT / "tests/cases/restore/sentences.txt").read_text("utf-8").splitlines()
clean_texts = st.lists(st.sampled_from(SENTENCES), min_size=6, max_size=14, unique=True).map(
    "\n".join
)


@st.composite
def sites(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what one site does: script, share of annotated characters, bytes, folding."""
    return {
        "share": draw(st.sampled_from([0.0, 0.2, 0.45, 0.88])),
        "form": draw(st.sampled_from(["({})", "({} )", "( {})", "({}) "])),
        "splits": draw(st.booleans()),
        "aligned": draw(st.booleans()),
        "folds": draw(st.booleans()),
        "choice": draw(st.integers(0, 2)),
        "seed": draw(st.integers(0, 10_000)),
    }


def alternatives() -> dict[str, list[str]]:
    """Map simplified characters to all traditional ones, in code order."""
    import opencc

    convert = opencc.OpenCC("t2s").convert
    found: dict[str, list[str]] = {}
    for traditional in map(chr, range(0x4E00, 0x9FA6)):
        plain = convert(traditional)
        if plain != traditional:
            found.setdefault(plain, []).append(traditional)
    return found


ALTERNATIVES = alternatives()


def damaged_by(text: str, site: dict[str, Any]) -> str:
    import random

    from pypinyin.constants import PINYIN_DICT

    script = {
        c: ALTERNATIVES[c][min(site["choice"], len(ALTERNATIVES[c]) - 1)]
        for c in sorted(set(text))
        if c in ALTERNATIVES
    }
    forms = sorted(set(script.values()))
    drawn = random.Random(site["seed"]).sample(forms, int(site["share"] * len(forms)))
    keys = {c: site["form"].format(PINYIN_DICT[ord(c)].split(",")[0]) for c in drawn}
    folds = dict(signs.foldable()) if site["folds"] else {}
    return damage(text, DamageModel(script, keys, site["splits"], folds, site["aligned"]))


def test_a_line_that_is_removed_is_told(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("加微信免费注册送棋牌\n各部门推进数据工作。\n", "utf-8")
    restored = run("restore", file)
    assert restored.stdout == "各部门推进数据工作。\n"
    assert "listed words: 棋牌" in restored.stderr


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_draft_tells_of_a_line_that_is_removed_as_well(
    run: Callable[..., Result], tmp_path: Path, lang: str
) -> None:
    file = tmp_path / "page.txt"
    file.write_text("加微信免费注册送棋牌\n各部门推进数据工作。\n", "utf-8")
    word = {"en": "listed words: 棋牌", "zh": "所含列表词：棋牌"}[lang]
    drafted = run("draft", file, "--lang", lang)
    assert drafted.exit_code == 0
    assert "棋牌" not in drafted.stdout
    assert f"{file}:1" in drafted.stderr
    assert word in drafted.stderr
    folder = run("draft", tmp_path, "-o", tmp_path / "drafts", "--lang", lang)
    assert folder.exit_code == 0
    assert word in folder.stderr


@settings(deadline=None, max_examples=60)
@given(clean_texts, sites())
def test_what_differs_from_the_clean_text_is_called_undecided(
    clean: str, site: dict[str, Any]
) -> None:
    restoration = restore(damaged_by(clean, site))
    text, doubtful = restoration.text, [e.restored for e in undecided(restoration)]
    folded, wanted = (signs.fold(t, signs.foldable()) for t in (text, clean))
    if site["form"] == "({}) " and site["share"]:  # whose space it is, is no byte's question
        folded, wanted = folded.replace(" ", ""), wanted.replace(" ", "")
    if not doubtful:
        assert folded == wanted
        return
    kept, done = [], 0
    for start, end in doubtful:
        kept.append(signs.fold(text[done:start], signs.foldable()))
        done = max(done, end)
    kept.append(signs.fold(text[done:], signs.foldable()))
    at = 0
    for piece in (p.replace(" ", "") if " " in site["form"] else p for p in kept):
        found = wanted.find(piece, at)
        assert found >= 0, f"not of the clean text, and not called undecided: {piece!r}"
        at = found + len(piece)


def test_genuine_brackets_survive_every_site() -> None:
    genuine = ["(AI)", "(GDP)", "(IPv6)", "(km)", "(app)", "(5G)", "(e)", "（区、市）"]
    text = "\n".join(f"{s}{genuine[at % 8]}。" for at, s in enumerate(SENTENCES))
    for number, form in enumerate(("({})", "({} )", "({}) ")):
        for splits in (False, True):
            site = {"share": 0.6, "form": form, "splits": splits, "aligned": True}
            site |= {"folds": True, "choice": 0, "seed": number}
            restored = restore(damaged_by(text, site)).text
            for bracket in genuine:
                folded = signs.fold(restored, signs.foldable())
                wanted = signs.fold(bracket, signs.foldable())
                assert folded.count(wanted) == text.count(bracket), (bracket, site)


def test_a_bracket_that_names_something_survives_in_a_document_full_of_toneless_readings() -> None:
    text = "数(shu)据(ju)工(gong)作(zuo)会(hui)议(yi)，" * 10 + "圆周率写作派(pai)，见下文。"
    assert restore(text).text == "数据工作会议，" * 10 + "圆周率写作派(pai)，见下文。"


def test_a_character_that_mostly_stands_without_a_reading_keeps_the_one_it_has() -> None:
    text = (
        "数(shu)据(ju)工(gong)作(zuo)会(hui)议(yi)，" * 10 + "单位为里(li)。" + "十里外，百里外。"
    )
    assert "里(li)" in restore(text).text


FULL_OF_READINGS = {
    "full-width, tones": "会（huì）议（yì）指出，要加快发（fā）展（zhǎn）。",
    "full-width, no tones": "会（hui）议（yi）指出，要加快发（fa）展（zhan）。",
    "full-width, spaces": "会（huì ）议（yì ）指出，要加快发（fā ）展（zhǎn ）。",
    "full-width, traditional": "會（huì）議（yì）指出，要加快發（fā）展。",
    "words": "会议(huìyì)指出，要加快发展(fāzhǎn)，重庆(chóngqìng)市。",
    "words, full-width": "会议（huìyì）指出，发展（fāzhǎn），重庆（chóngqìng）市。",
    "words, spaces": "会议（huì yì）指出，发展（fā zhǎn），制度（zhì dù）。",
    "words, no tones": "会议（huiyi）指出，要加快发展（fazhan），西安（xi'an）市。",
}


@pytest.mark.parametrize("form", FULL_OF_READINGS)
def test_a_page_full_of_readings_that_are_given_again_and_again_loses_them(form: str) -> None:
    line = FULL_OF_READINGS[form]
    wanted = re.sub("[(（].*?[)）]", "", script.simplified(line))
    restoration = restore(line * 10)
    assert restoration.text == wanted * 10
    assert not undecided(restoration)
    assert check(restoration).equal


def test_brackets_that_an_author_sets_once_each_stay_and_are_told() -> None:
    places = ["北京（beijing）", "上海（shanghai）", "西安（xi'an）", "长沙（changsha）"]
    places += ["亳（bó）州", "涪（fú）陵", "会（huì）议", "发（fā）展", "单（shàn）县"]
    genuine = ["（区、市）", "（GDP）", "（app）", "（一）"]
    text = "、".join(f"{place}{genuine[at % 4]}" for at, place in enumerate(places))
    restoration = restore(text + "。工作顺利，成效明显。")
    assert restoration.text == restoration.source
    assert [e.source_text for e in undecided(restoration)] == re.findall(
        "（[a-zà-ǜ']{2,}）", text.replace("（app）", "")
    )


def test_genuine_full_width_brackets_survive_in_a_page_full_of_full_width_readings() -> None:
    line = FULL_OF_READINGS["full-width, tones"]
    genuine = "各省（区、市）国内生产总值（GDP）、应用（app）、重（chóng）庆、亳（bó）州。"
    restored = restore(line * 10 + genuine).text
    assert restored.endswith(genuine)


def test_a_neutral_tone_is_toneless_in_a_toneless_document() -> None:
    text = "我们(men)的(de)数(shu)据(ju)工(gong)作(zuo)会(hui)议(yi)，" * 10
    assert restore(text).text == "我们的数据工作会议，" * 10


def test_a_rare_character_may_be_glossed_once_in_a_traditional_text() -> None:
    assert restore("亳州與龑(yǎn)的時代，國家圖書館藏書。").text.count("(yǎn)") == 1


# --- pages respelt with synonyms -----------------------------------------------------------------


def test_a_page_respelt_with_synonyms_is_refused_with_the_words_that_show_it() -> None:
    page = "国度数据局印发数据成分三年步履有经营，生长改造委等部门参加。"
    with pytest.raises(UnreadableInput) as caught:
        restore(page, Where("page.txt"))
    assert caught.value.name == "restore/spun"
    for lang in LANGUAGES:
        message = caught.value.message(lang)
        assert message.startswith("page.txt: ")
        assert "数据成分 (数据要素)" in message
        assert "生长改造委 (发展改革委)" in message


def test_such_words_are_known_in_traditional_characters_too() -> None:
    with pytest.raises(UnreadableInput):
        restore("國度數據局與生長改造委發佈數據成分計劃")


def test_one_strange_word_refuses_nothing() -> None:
    assert restore("数据成分一词不规范。").text == "数据成分一词不规范。"


# --- development texts beside the checkout -------------------------------------------------------


def test_clean_texts_come_out_unchanged_and_without_a_remark() -> None:
    for path in [*shared("corpus/dev/b_*.txt"), *shared("gold/dev/*.txt")]:
        restoration = restore(read(path))
        assert restoration.text == restoration.source, path.name
        assert restoration.edits == (), path.name
        assert check(restoration).equal, path.name


def test_every_damaged_text_is_explained_by_its_damage_model() -> None:
    for path in shared("corpus/dev/**/damaged/*.txt"):
        restoration = restore(read(path))
        assert check(restoration).equal, path.name


def test_damaged_texts_without_byte_damage_are_restored_exactly() -> None:
    for path in shared("corpus/dev/**/damaged/*.txt"):
        gold = path.with_suffix(".gold.txt")
        if gold.exists() and "?" not in read(path):
            assert restore(read(path)).text == read(gold), path.name
