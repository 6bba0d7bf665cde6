"""What names mean, proposals for the registry, the glossary, and ``policygraph names``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from policygraph.errors import Where
from policygraph.identifiers import KEY
from policygraph.report import Finding
from policygraph.text.draft.write import Draft
from policygraph.text.names import Names, Thing, registry_things
from policygraph.text.naming.entries import entries_of
from policygraph.text.naming.folding import folded, slug
from policygraph.text.naming.glossary import lint_glossary, read_glossary
from policygraph.text.naming.meaning import Meaning, Register, lint_short_names, short_names
from policygraph.text.naming.proposal_file import Row, proposals_yaml, read_proposals
from policygraph.text.naming.proposals import Gathering
from policygraph.text.registry import read_registry
from policygraph.text.restore import Span

Run = Callable[..., Result]
LEXICON = ROOT / "data" / "lexicon" / "zh"
PLAN = ROOT / "tests" / "cases" / "draft" / "plan.txt"


@dataclass(frozen=True)
class Mention:
    """A mention as the recogniser gives it."""

    span: Span
    type: str
    rule: str = "list"
    generic: bool = False


def drafted(text: str, *named: tuple[str, str], document: str = "plan") -> Draft:
    """A draft whose mentions are the first places of some words."""
    mentions = [Mention(Span(at := text.index(w), at + len(w)), type_) for w, type_ in named]
    return Draft(document, text, (), sorted(mentions, key=lambda m: (m.span.start, -m.span.end)))


def thing(kind: str, key: str, *names: str) -> Thing:
    """A thing of the registry, its label first."""
    return Thing(kind, key, kind.title(), Where(), (("zh-Hans", names),))


def register(*things: Thing) -> Register:
    """The names of some things."""
    return Register.of(Names.of(things))


def gathered(*drafts: Draft, known: Register | None = None, year: int = 0) -> Gathering:
    """The names of some drafts."""
    gathering = Gathering(known or Register(), read_glossary())
    for draft in drafts:
        gathering.add(draft, year)
    return gathering


def read(text: str) -> list[Row]:
    """The rows of a file of proposals, which must be in order."""
    findings: list[Finding] = []
    rows = read_proposals(text, "names.yaml", findings)
    assert findings == []
    return rows


# what a name means


def test_a_label_counts_before_an_alias() -> None:
    known = register(thing("place", "CN-XX", "示例"), thing("place", "CN-YY", "示例市", "示例"))
    assert known.meaning("示例", "place") == Meaning("CN-XX", (), "label")
    assert known.meaning("示例市", "place").key == "CN-YY"


def test_a_name_that_two_things_bear_stays_undecided_with_both_named() -> None:
    known = register(thing("event", "a", "年会"), thing("event", "b", "年会"))
    assert known.meaning("年会", "event") == Meaning("", ("a", "b"), "")


def test_a_name_means_only_things_of_its_own_type() -> None:
    known = register(thing("place", "CN-XX", "示例"))
    assert known.meaning("示例", "institution") == Meaning()


def test_marks_and_widths_change_no_name_but_words_do() -> None:
    known = register(thing("initiative", "br", "“一带一路”"))
    assert known.meaning("一带一路", "initiative").key == "br"
    assert known.meaning("一带一路倡议", "initiative") == Meaning()


def test_a_meeting_without_its_year_is_that_of_the_documents_year() -> None:
    known = register(
        thing("event", "c24", "2024年示例会议"), thing("event", "c23", "2023年示例会议")
    )
    assert known.meaning("示例会议", "event", 2024) == Meaning("c24", (), "context")
    assert known.meaning("示例会议", "event") == Meaning()
    assert known.meaning("例会议", "event", 2024) == Meaning()


def test_the_registry_of_the_example_knows_its_own_names() -> None:
    registry = read_registry(ROOT / "data" / "registry", [])
    known = Register.of(Names.of(registry_things(registry)))
    assert known.meaning("国家发展改革委", "institution") == Meaning("cn-ndrc", (), "alias")
    assert known.meaning("全国数据工作会议", "event", 2024).key == "cn-ndwc-2024"


def test_a_short_name_means_what_the_text_says_it_is_short_for() -> None:
    text = "印发《关于示例工作的意见》（以下简称《意见》）。《意见》提出要求。"
    draft = drafted(text, ("《关于示例工作的意见》", "document"))
    again = Mention(Span(at := text.rindex("《意见》"), at + 4), "document")
    short = short_names(text, draft.mentions)
    assert short == {("document", "意见"): "《关于示例工作的意见》"}
    gathering = gathered(Draft("plan", text, (), (*draft.mentions, again)))
    (proposal,) = gathering.proposals()
    assert (proposal.found.times, proposal.found.short) == (2, ["《意见》"])


# keys


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("国家能源局", "guo-jia-neng-yuan-ju"),
        ("重庆市", "chong-qing-shi"),
        ("“互联网+”行动", "hu-lian-wang-xing-dong"),
        ("IPv6规模部署", "ipv6-gui-mo-bu-shu"),
    ],
)
def test_a_key_is_the_name_in_latin_letters(name: str, key: str) -> None:
    assert slug(name) == key


@given(st.text(max_size=60))
def test_any_name_has_a_key_that_is_one_and_stays(name: str) -> None:
    assert KEY.fullmatch(slug(name))
    assert slug(name) == slug(folded(name))


def test_long_names_that_begin_alike_have_different_keys() -> None:
    long = "《关于进一步做好新时代示例地区示例工作的实施意见》"
    assert slug(long) != slug(long.replace("意见", "方案"))


def test_names_that_sound_alike_get_keys_that_differ_whatever_their_order() -> None:
    names = (("示例局", "institution"), ("试立局", "institution"))
    text = "示例局、试立局"
    one = {p.found.name: p.key for p in gathered(drafted(text, *names)).proposals()}
    text = "试立局、示例局"
    other = {p.found.name: p.key for p in gathered(drafted(text, *names)).proposals()}
    assert one == other
    assert len(set(one.values())) == 2


# the glossary


def test_every_row_of_the_glossary_is_vouched_for() -> None:
    assert list(lint_glossary(LEXICON)) == []


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("示例局\tExample Office\tinstitution\tsure\tx\ty\t2026-11-27", "status"),
        ("示例局\t示例\tbody\tofficial\tx\ty\t2026-11-27", "en, type"),
        ("示例局\tExample Office\tinstitution\tofficial\t\t\t2026", "source, reviewer, date"),
    ],
)
def test_a_row_that_nobody_vouches_for_is_a_finding(tmp_path: Path, row: str, columns: str) -> None:
    head = (LEXICON / "glossary.tsv").read_text("utf-8").splitlines()[0]
    (tmp_path / "glossary.tsv").write_text(f"{head}\n{row}\n", "utf-8")
    (finding,) = lint_glossary(tmp_path)
    assert (finding.name, finding.facts["columns"]) == ("names/glossary-row", columns)


def test_patterns_of_short_names_find_their_examples_and_no_others() -> None:
    assert list(lint_short_names(LEXICON)) == []


# the file of proposals


def test_a_proposal_has_a_key_its_places_and_english_only_from_the_glossary() -> None:
    text = "国家能源局和示例局发布通知。"
    draft = drafted(text, ("国家能源局", "institution"), ("示例局", "institution"))
    top = yaml.safe_load(proposals_yaml(gathered(draft)))
    energy, example = top["names"]
    assert energy["label"] == {"zh-Hans": "国家能源局", "en": "National Energy Administration"}
    assert energy["english"] == "official"
    assert example["label"] == {"zh-Hans": "示例局"}
    assert "english" not in example
    for row in top["names"]:
        (place,) = row["mentions"]
        assert text[int(place["start"]) : int(place["end"])] == place["quote"]


def test_bodies_in_general_and_papers_without_a_title_are_not_proposed() -> None:
    text = "各地区要落实实施意见。"
    mentions = (
        Mention(Span(0, 3), "institution", generic=True),
        Mention(Span(6, 10), "document", rule="paper"),
    )
    assert gathered(Draft("plan", text, (), mentions)).found == {}


def test_what_the_registry_knows_is_not_proposed_and_what_is_undecided_lists_its_options() -> None:
    known = register(
        thing("event", "a", "年会"), thing("event", "b", "年会"), thing("place", "CN-XX", "示例")
    )
    draft = drafted("示例举办年会", ("示例", "place"), ("年会", "event"))
    top = yaml.safe_load(proposals_yaml(gathered(draft, known=known)))
    assert top["names"] == []
    (row,) = top["undecided"]
    assert (row["name"], row["options"]) == ("年会", ["a", "b"])


def test_decided_rows_stay_as_they_are_written_and_are_not_offered_again() -> None:
    draft = drafted("示例局、另一局", ("示例局", "institution"), ("另一局", "institution"))
    before = proposals_yaml(gathered(draft))
    edited = before.replace("review: draft", "review: rejected  # no such body\n    note: 误识", 1)
    after = proposals_yaml(gathered(draft), read(edited))
    assert "review: rejected  # no such body\n    note: 误识\n" in after
    assert [row.review for row in read(after)] == ["rejected", "draft"]
    assert proposals_yaml(gathered(draft), read(after)) == after


def test_a_key_once_given_stays_when_a_name_that_sounds_alike_comes() -> None:
    one = drafted("示例局", ("示例局", "institution"))
    before = read(proposals_yaml(gathered(one)))
    two = drafted("试立局、示例局", ("试立局", "institution"), ("示例局", "institution"))
    after = read(proposals_yaml(gathered(two), before))
    keys = {row.labels["zh-Hans"]: row.key for row in after}
    assert keys["示例局"] == before[0].key
    assert keys["试立局"] != before[0].key


def test_accepted_rows_go_once_the_registry_has_them() -> None:
    draft = drafted("示例局", ("示例局", "institution"))
    accepted = proposals_yaml(gathered(draft)).replace("review: draft", "review: accepted")
    known = register(thing("institution", "shi-li-ju", "示例局"))
    assert read(proposals_yaml(gathered(draft, known=known), read(accepted))) == []


@given(st.lists(st.text(alphabet="甲乙“”《》:#-、’no 1", min_size=1, max_size=6), min_size=1))
def test_any_names_come_back_from_the_file(names: list[str]) -> None:
    text = "。".join(names)
    draft = drafted(text, *((name, "institution") for name in names))
    rows = read(proposals_yaml(gathered(draft)))
    assert {row.name for row in rows} == {("institution", folded(name)) for name in names}
    assert len({row.key for row in rows}) == len(rows)


# into the registry


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the example's data."""
    root = tmp_path / "workspace"
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("lexicon"))
    return root


def proposals(workspace: Path, text: str) -> Path:
    """A file of proposals in a workspace."""
    path = workspace / "names.yaml"
    path.write_text(text, "utf-8")
    return path


ENERGY = """\
names:
  - key: guo-jia-neng-yuan-ju
    type: institution
    label: {zh-Hans: 国家能源局, en: National Energy Administration}
    review: accepted
  - key: shi-li-ju
    type: institution
    label: {zh-Hans: 示例局}
    review: draft
"""


def test_an_accepted_name_becomes_an_entry_and_its_english_a_claim_of_the_glossary(
    workspace: Path, run: Run
) -> None:
    path = proposals(workspace, ENERGY)
    before = (workspace / "data/registry/institutions.yaml").read_text("utf-8")
    result = run("names", "--accept", path, "--source", "nda-profile", "-C", workspace)
    assert result.exit_code == 0, result.stderr
    after = (workspace / "data/registry/institutions.yaml").read_text("utf-8")
    assert after.startswith(before)
    findings: list[Finding] = []
    registry = read_registry(workspace / "data/registry", findings)
    assert findings == []
    (entry,) = (entry for entry in registry.entries if entry.key == "guo-jia-neng-yuan-ju")
    said = {(claim.source, fact.lang): fact.value for claim in entry.claims for fact in claim.facts}
    assert said == {
        ("nda-profile", "zh-Hans"): "国家能源局",
        ("glossary-official", "en"): "National Energy Administration",
    }
    assert run("validate", "-C", workspace).exit_code == 0


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (("key: guo-jia-neng-yuan-ju", "key: cn-nda"), "names/key-taken"),
        (("key: guo-jia-neng-yuan-ju", "key: 能源局"), "statements/bad-id"),
        (("type: institution", "type: person"), "names/no-file"),
        ((", en: National Energy Administration", ""), "names/no-label"),
        (("review: accepted", "review: accepted\n    source: nowhere"), "registry/unknown-source"),
        (("review: accepted", "review: accepted\n    source: ''"), "names/no-source"),
    ],
)
def test_a_row_that_cannot_be_an_entry_says_why(change: tuple[str, str], name: str) -> None:
    registry = read_registry(ROOT / "data" / "registry", [])
    rows = read(ENERGY.replace(*change, 1))
    made = entries_of(
        rows, registry, read_glossary(), "" if name == "names/no-source" else "nda-profile"
    )
    assert [finding.name for finding in made.findings] == [name]
    assert made.lines == {}


def test_nothing_is_written_while_one_accepted_row_cannot_be_an_entry(
    workspace: Path, run: Run
) -> None:
    path = proposals(workspace, ENERGY.replace("review: draft", "review: accepted"))
    before = {file: file.read_bytes() for file in (workspace / "data/registry").iterdir()}
    result = run("names", "--accept", path, "--source", "nda-profile", "-C", workspace)
    assert result.exit_code == 1
    assert "names.yaml:6" in result.stderr
    assert {file: file.read_bytes() for file in (workspace / "data/registry").iterdir()} == before


def test_a_file_without_accepted_rows_and_a_call_without_a_text_say_so(
    workspace: Path, run: Run
) -> None:
    path = proposals(workspace, ENERGY.replace("accepted", "rejected"))
    assert run("names", "--accept", path, "-C", workspace).exit_code == 1
    assert run("names").exit_code == 2
    assert run("names", "no-such-document").exit_code == 3


def test_an_unknown_key_of_a_row_is_named_with_its_line(workspace: Path, run: Run) -> None:
    path = proposals(
        workspace, ENERGY.replace("    review: accepted\n", "    reviewed: yes-it-is\n", 1)
    )
    result = run("names", "--accept", path, "-C", workspace)
    assert result.exit_code == 1
    assert "names.yaml:2" in result.stderr


# the command


def test_the_names_of_a_document_are_known_undecided_or_proposed(workspace: Path, run: Run) -> None:
    result = run("names", "cn-ndwc-2024", "-C", workspace, "-f", "json")
    top = json.loads(result.stdout)
    known = {row["name"]: (row["key"], row["by"]) for row in top["known"]}
    assert known["国家数据局"] == ("cn-nda", "label")
    assert known["北京"] == ("CN-BJ", "alias")
    text = (workspace / "data/documents/cn-ndwc-2024/restored.txt").read_text("utf-8")
    for row in (*top["known"], *top["undecided"], *top["unknown"]):
        for place in row["mentions"]:
            assert text[place["start"] : place["end"]] == place["quote"]


def test_a_draft_has_no_english_but_that_of_the_glossary_or_the_registry(
    workspace: Path, run: Run
) -> None:
    shutil.rmtree(workspace / "data" / "registry")
    (workspace / "data" / "registry").mkdir()
    sources = [workspace / "data/documents/cn-ndwc-2024/source", PLAN]
    vouched = {term.en for term in read_glossary().terms.values()}
    for source in sources:
        top = yaml.safe_load(run("names", source, "-C", workspace, "-f", "yaml").stdout)
        english = {row["label"]["en"] for row in top["names"] if "en" in row["label"]}
        assert english <= vouched
        assert top["names"]
    draft = yaml.safe_load(run("draft", PLAN, "-q").stdout)
    rows = [row for section in draft["sections"] for row in section["statements"]]
    assert rows
    assert not any("label" in row or "en" in row for row in rows)


def test_the_file_is_written_whole_and_again_with_what_a_person_decided(
    workspace: Path, run: Run
) -> None:
    target = workspace / "names.yaml"
    assert run("names", PLAN, "-o", target, "-C", workspace).exit_code == 0
    first = target.read_text("utf-8")
    assert "review: draft" in first
    target.write_text(first.replace("review: draft", "review: rejected", 1), "utf-8")
    assert run("names", PLAN, "-o", target, "-C", workspace).exit_code == 0
    assert target.read_text("utf-8").count("review: rejected") == 1
    broken = "names:\n  - key: a\n    kind: institution\n"
    target.write_text(broken, "utf-8")
    assert run("names", PLAN, "-o", target, "-C", workspace).exit_code == 1
    assert target.read_text("utf-8") == broken


def test_the_names_are_the_same_bytes_every_time(run: Run) -> None:
    first, second = (run("names", PLAN, "-f", "yaml").stdout for _ in range(2))
    assert first == second


def test_a_table_has_headings_in_both_languages(run: Run) -> None:
    assert "拟用标识" in run("names", PLAN, "--lang", "zh").stdout
    assert "proposed key" in run("names", PLAN, "--lang", "en").stdout
