"""The review page in a browser, by keyboard."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from policygraph.serve.review.app import review_app
from policygraph.serve.review.desk import Desk
from policygraph.text.review.decisions import Signature
from test_review import PLAN, drafted

CHROMIUM = Path("/usr/bin/chromium")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    (tmp_path / "restored.txt").write_bytes(PLAN.encode())
    file = tmp_path / "statements.yaml"
    file.write_bytes(drafted().encode())
    sign = Signature("审核员", "2026-11-27")
    desk = Desk("plan", tmp_path / "restored.txt", file, lambda: sign)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(review_app(desk, "t", port), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/t/", file
        server.should_exit = True
        thread.join()


def test_accept_reject_and_undo_by_keyboard(served: tuple[str, Path]) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
    from playwright.sync_api import expect, sync_playwright

    url, file = served
    before = file.read_bytes()
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        page = browser.new_page()
        page.on("dialog", lambda dialog: dialog.accept("only a heading"))
        page.goto(url)
        count = page.locator("#count")
        page.locator("#rows li").first.wait_for()
        for key, decided in (("a", 1), ("j", 1), ("r", 2)):
            page.keyboard.press(key)
            expect(count).to_have_text(f"{decided} / {page.locator('#rows li').count()}")
        written = file.read_text("utf-8")
        assert "only a heading" in written
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
        assert found.response["violations"] == []
        for decided in (1, 0):
            page.keyboard.press("u")
            expect(count).to_have_text(f"{decided} / {page.locator('#rows li').count()}")
        browser.close()
    assert file.read_bytes() == before
