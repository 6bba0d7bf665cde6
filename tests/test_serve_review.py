"""The review page's requests: who may come in, and what is saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from policygraph.errors import Where
from policygraph.graph.vocabulary import Vocabulary
from policygraph.serve.review.app import review_app
from policygraph.serve.review.desk import Desk
from policygraph.serve.review.library import Library
from policygraph.text.names import Names, Thing
from policygraph.text.review.decisions import Signature
from test_review import PLAN, drafted

TOKEN = "a-secret-of-this-sitting"
HERE = "http://127.0.0.1:8765"
OURS = {"origin": HERE}
DEEP, LONG = b"[" * 60000, b'"' + b"x" * 70000


def thing(kind: str, key: str, zh: str, en: str) -> Thing:
    return Thing(kind, key, kind.title(), Where(), (("zh-Hans", (zh,)), ("en", (en,))))


THINGS = (
    thing("institution", "departments", "各部门", "All departments"),
    thing("initiative", "one-station", "“一村一站”工程", "One Village, One Station"),
    thing("topic", "data-security", "数据安全", "Data security"),
    thing("place", "lanxi", "岚溪", "Lanxi"),
    thing("topic", "lanxi", "岚溪", "Lanxi"),
)


@pytest.fixture
def desk(tmp_path: Path, vocabulary: Vocabulary) -> Desk:
    (tmp_path / "restored.txt").write_bytes(PLAN.encode())
    (tmp_path / "statements.yaml").write_bytes(drafted().encode())
    sign = Signature("审核员", "2026-11-27")
    library = Library(vocabulary, lambda: Names.of(THINGS))
    files = tmp_path / "restored.txt", tmp_path / "statements.yaml"
    return Desk("plan", *files, lambda: sign, library)


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return TestClient(review_app(desk, TOKEN, 8765), base_url=HERE)


def rows(client: TestClient) -> dict[str, Any]:
    answer = client.get(f"/{TOKEN}/rows")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def accept(shown: dict[str, Any], number: int = 0) -> dict[str, Any]:
    row = shown["rows"][number]["key"]
    return {"row": row, "action": "accept", "version": shown["version"]}


@pytest.mark.parametrize("path", ["/rows", "/wrong/rows", f"/{TOKEN}", f"/{TOKEN}x/rows", "/"])
def test_without_the_token_nothing_is_shown(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (404, "")


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "evil.example:8765", ""])
def test_a_foreign_name_for_this_machine_is_refused(client: TestClient, host: str) -> None:
    assert client.get(f"/{TOKEN}/rows", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1"])
def test_another_page_cannot_decide(client: TestClient, desk: Desk, origin: str | None) -> None:
    before, asked = desk.statements.read_bytes(), accept(rows(client))
    headers = {"origin": origin} if origin else {}
    answer = client.post(f"/{TOKEN}/decide", json=asked, headers=headers)
    assert answer.status_code == 403
    assert desk.statements.read_bytes() == before


@pytest.mark.parametrize("path", ["../statements.yaml", "%2e%2e/statements.yaml", "/etc/passwd"])
def test_no_path_leads_to_a_file(client: TestClient, path: str) -> None:
    assert client.get(f"/{TOKEN}/{path}").status_code == 404


def test_every_answer_forbids_scripts_from_elsewhere(client: TestClient) -> None:
    for path in (f"/{TOKEN}/rows", "/wrong/rows"):
        policy = client.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy


def test_a_script_in_the_text_is_only_data(client: TestClient, desk: Desk) -> None:
    text = PLAN + "<script>alert(1)</script>"
    desk.restored.write_bytes(text.encode())
    desk.statements.write_bytes(drafted(text).encode())
    answer = client.get(f"/{TOKEN}/rows")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["text"].endswith("<script>alert(1)</script>")


def test_spans_are_those_of_the_quotes(client: TestClient) -> None:
    shown = rows(client)
    spans = [(row["span"], row["fields"]["quote"]) for row in shown["rows"]]
    assert spans
    assert all(shown["text"][start:end] == quote for (start, end), quote in spans)


def test_a_decision_is_in_the_file_at_once_and_undo_brings_every_byte_back(
    client: TestClient, desk: Desk
) -> None:
    before = desk.statements.read_bytes()
    done = client.post(f"/{TOKEN}/decide", json=accept(rows(client)), headers=OURS)
    assert done.status_code == 200, done.text
    assert done.json()["rows"][0]["fields"]["review"] == "accepted"
    assert "审核员" in desk.statements.read_text("utf-8")
    undone = client.post(
        f"/{TOKEN}/undo", json={"version": done.json()["version"]}, headers=OURS
    ).json()
    assert desk.statements.read_bytes() == before
    assert not undone["undo"]


def row_of(shown: dict[str, Any], quote: str) -> str:
    return next(row["key"] for row in shown["rows"] if row["fields"]["quote"] == quote)


def decide(client: TestClient, quote: str, action: str, **more: Any) -> Any:
    shown = rows(client)
    asked = {"row": row_of(shown, quote), "action": action, "version": shown["version"], **more}
    return client.post(f"/{TOKEN}/decide", json=asked, headers=OURS)


def search(client: TestClient, **asked: str) -> list[dict[str, Any]]:
    return list(client.get(f"/{TOKEN}/search", params=asked).json())


def test_the_registry_is_searched_for_what_a_field_may_point_to(client: TestClient) -> None:
    row = row_of(rows(client), "持续实施“一村一站”工程")
    [found] = search(client, q="yicun", field="implements", row=row)
    assert (found["reference"], found["kind"], found["named"]) == (
        "one-station",
        "initiative",
        True,
    )
    assert search(client, q="岚溪", field="actor", row=row) == []


def test_things_of_one_key_are_told_apart_by_their_kind(client: TestClient) -> None:
    found = search(client, q="岚溪", field="", row="")
    assert {each["reference"] for each in found} == {"place/lanxi", "topic/lanxi"}


def test_a_link_is_saved_and_says_what_it_means(client: TestClient, desk: Desk) -> None:
    link = {"field": "implements", "value": "one-station"}
    done = decide(client, "持续实施“一村一站”工程", "link", **link).json()
    assert "implements: [one-station]" in desk.statements.read_text("utf-8")
    assert done["things"]["one-station"][0]["en"] == "One Village, One Station"


@pytest.mark.parametrize(
    ("field", "value"),
    [("implements", "nothing"), ("actor", "one-station"), ("actor", "departments")],
)
def test_a_link_that_the_words_do_not_state_is_refused(
    client: TestClient, desk: Desk, field: str, value: str
) -> None:
    before = desk.statements.read_bytes()
    answer = decide(client, "持续实施“一村一站”工程", "link", field=field, value=value)
    assert answer.status_code == 422
    assert desk.statements.read_bytes() == before


def test_an_open_row_whose_verb_no_build_knows_says_so(client: TestClient) -> None:
    shown = rows(client)
    told = shown["problems"][row_of(shown, "明确部门职责")]
    assert [each["severity"] for each in told] == ["error"]
    assert "明确" in told[0]["zh"]
    assert row_of(shown, "健全数据归集制度") not in shown["problems"]


def test_kinds_and_fields_are_called_as_the_ontology_calls_them(client: TestClient) -> None:
    context = client.get(f"/{TOKEN}/context").json()
    kinds = {kind["key"]: (kind["en"], kind["zh"]) for kind in context["kinds"]}
    assert kinds["Achievement"] == ("achievement", "成绩")
    fields = {link["key"]: link["kinds"] for link in context["links"]}
    assert fields["implements"] == ["initiative"]
    named = [each for part in ("words", "days", "links") for each in context[part]]
    assert all(each["en"] and each["zh"] for each in named)


@pytest.mark.parametrize("action", ["decide", "undo"])
def test_a_file_that_changed_meanwhile_is_left_alone(
    client: TestClient, desk: Desk, action: str
) -> None:
    done = client.post(f"/{TOKEN}/decide", json=accept(rows(client)), headers=OURS).json()
    theirs = desk.statements.read_bytes() + b"# theirs\n"
    desk.statements.write_bytes(theirs)
    answer = client.post(f"/{TOKEN}/{action}", json=accept(done, 1), headers=OURS)
    assert answer.status_code == 409
    assert set(answer.json()) == {"en", "zh"}
    assert desk.statements.read_bytes() == theirs


def test_without_a_decision_there_is_nothing_to_undo(client: TestClient) -> None:
    asked = {"version": rows(client)["version"]}
    assert client.post(f"/{TOKEN}/undo", json=asked, headers=OURS).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"row": 1}',
        b'{"span": [1]}',
        b'{"span": [true, 2]}',
        DEEP,
        LONG,
    ],
)
def test_what_is_no_decision_is_refused(client: TestClient, desk: Desk, body: bytes) -> None:
    before = desk.statements.read_bytes()
    answer = client.post(f"/{TOKEN}/decide", content=body, headers=OURS)
    assert answer.status_code == 422
    assert desk.statements.read_bytes() == before
