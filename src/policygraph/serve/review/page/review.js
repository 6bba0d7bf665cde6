// The review page: shows rows and sends decisions. All that comes from a file is set as text.
"use strict";

const at = (id) => document.getElementById(id);
const WORDS = {
  en: { j: "next", k: "previous", a: "accept", r: "reject", e: "correct by the selected words", u: "undo", reason: "Reason", draft: "draft", accepted: "accepted", rejected: "rejected" },
  zh: { j: "下一条", k: "上一条", a: "接受", r: "拒绝", e: "以所选文字更正", u: "撤销", reason: "理由", draft: "草稿", accepted: "已接受", rejected: "已拒绝" },
};
const wanted = new URLSearchParams(location.search).get("lang") || navigator.language;
const lang = wanted.startsWith("zh") ? "zh" : "en";
const words = WORDS[lang];
document.documentElement.lang = lang;
let shown = null;
let points = [];
let here = 0;

// One request after the other: a key pressed meanwhile decides about the file as it is by then.
let last = Promise.resolve();
function ask(path, body) {
  last = last.then(() => send(path, body)).catch((error) => {
    at("told").textContent = String(error);
  });
}

async function send(path, body) {
  const asked = body && { method: "POST", body: JSON.stringify({ ...body, version: shown.version }) };
  const answer = await fetch(path, asked || {});
  const said = await answer.json();
  if (!answer.ok) {
    at("told").textContent = (said[lang] || []).join(" ");
    return;
  }
  at("told").textContent = "";
  shown = said;
  points = Array.from(said.text); // offsets are code points, not the browser's units
  draw();
}

function state(row) {
  const above = shown.rows.find((other) => other.key === row.above);
  return row.fields.review || (above ? state(above) : "accepted");
}

function draw() {
  at("document").textContent = shown.document;
  const decided = shown.rows.filter((row) => state(row) !== "draft").length;
  at("count").textContent = `${decided} / ${shown.rows.length}`;
  at("progress").max = shown.rows.length || 1;
  at("progress").value = decided;
  drawText();
  at("rows").replaceChildren(...shown.rows.map(drawRow));
  move(0);
}

// Cut the text wherever a span begins or ends; a piece wears the innermost span around it.
function drawText() {
  const spans = shown.rows.map((row, number) => ({ row, number })).filter(({ row }) => row.span);
  const cuts = new Set([0, points.length, ...spans.flatMap(({ row }) => row.span)]);
  const ends = [...cuts].sort((a, b) => a - b);
  const pieces = ends.slice(0, -1).map((start, place) => {
    const end = ends[place + 1];
    const around = spans.filter(({ row }) => row.span[0] <= start && end <= row.span[1]);
    around.sort((a, b) => (a.row.span[1] - a.row.span[0]) - (b.row.span[1] - b.row.span[0]));
    const piece = document.createElement(around.length ? "mark" : "span");
    piece.textContent = points.slice(start, end).join("");
    if (around.length) {
      piece.dataset.kind = around[0].row.fields.type || "";
      piece.dataset.rows = around.map(({ number }) => number).join(" ");
    }
    return piece;
  });
  at("text").replaceChildren(...pieces);
}

function drawRow(row) {
  const item = document.createElement("li");
  const { type, rule, confidence, quote } = row.fields;
  item.textContent = [words[state(row)] || state(row), type, quote, rule, confidence].filter(Boolean).join(" · ");
  return item;
}

function move(by) {
  here = Math.max(0, Math.min(shown.rows.length - 1, here + by));
  document.querySelectorAll(".here").forEach((node) => node.classList.remove("here"));
  at("rows").children[here]?.classList.add("here");
  for (const piece of document.querySelectorAll("mark")) {
    piece.classList.toggle("here", piece.dataset.rows.split(" ").includes(String(here)));
  }
  document.querySelector("mark.here")?.scrollIntoView({ block: "center" });
}

function selected() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0);
  if (!at("text").contains(range.commonAncestorContainer)) return null;
  const before = document.createRange();
  before.setStart(at("text"), 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = Array.from(before.toString()).length;
  return [start, start + Array.from(range.toString()).length];
}

const decide = (action, more) => ask("decide", { row: shown.rows[here].key, action, ...more });
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => decide("accept"),
  r: () => {
    const reason = prompt(words.reason);
    if (reason !== null) decide("reject", { value: reason });
  },
  e: () => decide("correct", { span: selected() }),
  u: () => ask("undo", {}),
};

// A button for each key: for phones, and to say what the keys do.
for (const key of Object.keys(KEYS)) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `${key} · ${words[key]}`;
  button.addEventListener("click", () => shown?.rows.length && KEYS[key]());
  at("keys").append(button);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !shown?.rows.length) return;
  if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});
ask("rows");
