// The review page: shows the rows of a document and sends what is decided, one request after another.
import { askAddition, askPair, askSection } from "./adding.js";
import { drawCard } from "./card.js";
import { askReason, askValue, openLink, showHelp } from "./dialogs.js";
import { at, make } from "./dom.js";
import { drawFilters, drawRows, fits } from "./rows.js";
import { choose, chooseByKey, drawText, isChoosing, selected, selectSpan, showRow, stopChoosing, wordsAt } from "./text.js";
import { WORDS, firstLanguage, rememberLanguage } from "./words.js";

let lang = firstLanguage();
let shown = null; // what the file says
let context = { kinds: [], words: [], days: [], values: [], links: [], things: {}, periods: [], mentions: [] };
let pairs = []; // what rows may carry on
let here = ""; // key of the current row
let singleKeys = localStorage.getItem("single-keys") !== "off";
const trail = []; // rows of the decisions of this sitting, for undo

const words = () => WORDS[lang];
const rowAt = (key) => shown?.rows.find((row) => row.key === key);
const visible = () => shown.rows.filter(fits);

// requests

let last = Promise.resolve();
function inTurn(work) {
  last = last.then(work).catch((error) => tell(String(error)));
  return last;
}

async function answerOf(path, asked) {
  const answer = await fetch(path, asked || {});
  const said = await answer.json();
  if (answer.ok) return said;
  tell((said[lang] || []).join(" "));
  return null;
}

let underWay = 0; // decisions that the server has not answered
function send(path, body, then = () => {}) {
  underWay += 1;
  return inTurn(async () => {
    const asked = { method: "POST", body: JSON.stringify({ ...body, version: shown.version }) };
    const said = await answerOf(path, asked).finally(() => {
      underWay -= 1;
    });
    if (!said) return;
    tell("");
    then();
    take(said);
  });
}

function take(said) {
  shown = said;
  for (const row of shown.rows) {
    row.state = stateOf(row);
    row.problems = shown.problems[row.key] || [];
  }
  const broken = shown.problems[""]?.[0]; // nothing of the document can be built
  if (broken) tell(broken[lang]);
  draw();
}

function stateOf(row) {
  const above = rowAt(row.above);
  const review = row.fields.review || (above ? stateOf(above) : "accepted");
  if (review === "draft") return "open";
  return review === "accepted" && row.fields.drafted ? "corrected" : review;
}

const tell = (said) => {
  at("told").textContent = said;
};

// drawing

const kindOf = (row) => context.kinds.find((kind) => kind.key === row.fields.type)?.[lang] || row.fields.type || row.fields.of || "";
const kindOfThing = (kind) => context.things[kind]?.[lang] || "";
const letterOf = (row) => words().letters[row.fields.type] || "·";

function page() {
  const text = Array.from(shown.text);
  const { things, sections } = shown;
  return { words: words(), lang, context, pairs, things, sections, text, kindOf, kindOfThing, act, unlink, setValue, linkMention };
}

function draw() {
  const rows = visible();
  if (!rowAt(here) || !(atWork() || rows.some((row) => row.key === here))) go(rows[0]?.key || "", false);
  drawHead();
  const seen = new Set([...rows.map((row) => row.key), here]);
  const chosen = selected(); // words selected while an answer was on its way stay selected
  drawText(shown.text, shown.rows.filter((row) => seen.has(row.key)), letterOf);
  if (chosen) selectSpan(chosen);
  drawFiltersAgain();
  drawHere();
}

function drawHere(scroll = true) {
  drawCard(rowAt(here), page());
  drawRows(visible(), here, words(), kindOf, go);
  showRow(here, { scroll });
}

function drawFiltersAgain() {
  const focused = document.activeElement?.id === "filter-words";
  const kinds = context.kinds.map((kind) => [kind.key, kind[lang]]);
  drawFilters(shown.rows, kinds, words(), draw);
  if (focused) at("filter-words").focus();
}

function drawHead() {
  const said = words();
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = `${said.title} · ${shown.document}`;
  at("document").textContent = shown.document;
  const decided = shown.rows.filter((row) => row.state !== "open").length;
  at("count").textContent = said.count(decided, shown.rows.length);
  at("progress").max = shown.rows.length || 1;
  at("progress").value = decided;
  const labels = { "add-row": [said.add, "i"], filter: [said.filter, "f"], undo: [said.undo, "u"], language: [said.other, "g"], ask: [said.help, "?"] };
  for (const [id, [name, key]] of Object.entries(labels)) at(id).replaceChildren(name, " ", make("kbd", { "aria-hidden": "true" }, key));
  at("undo").disabled = !shown.undo;
  at("text").setAttribute("aria-label", said.text);
  at("text").lang = "zh-Hans";
  at("rows").setAttribute("aria-label", said.rows);
  at("filters").setAttribute("aria-label", said.filter);
  at("unfold").textContent = said.list(visible().length);
  at("choosing-save").textContent = said.save;
  at("choosing-leave").textContent = said.leave;
  at("legend").setAttribute("aria-label", said.legend);
  at("legend").replaceChildren(...context.kinds.map((kind) => make("li", {}, make("mark", { data: { kind: kind.key, state: "open", letter: said.letters[kind.key], depth: 0 } }, kind[lang]))));
}

// moving

// Words being chosen belong to the row they were begun for: with it they are left.
function go(key, show = true) {
  if (isChoosing() && key !== here) stopChoosing(false);
  here = key;
  if (show) drawHere();
}

// Whether the reviewer is in the middle of something about the row they see.
const isAsked = () => isChoosing() || Boolean(document.querySelector("dialog[open]"));
const atWork = () => isAsked() || Boolean(selected());

function beyond(by, wanted = () => true) {
  const rows = visible();
  const place = rows.findIndex((row) => row.key === here);
  const way = by > 0 ? rows.slice(place + 1) : rows.slice(0, Math.max(place, 0)).reverse();
  return way.find(wanted)?.key;
}

function move(by, wanted) {
  const next = beyond(by, wanted);
  if (next) go(next);
}

const isOpen = (row) => row.state === "open";

// deciding

// What is decided is about the row as the reviewer saw it when they began, whatever the page shows by
// then: its key and its words go along, and the server refuses what is about other words.
function about(row) {
  const seen = row.fields.quote || "";
  return (action, more = {}, then = () => {}) =>
    send("decide", { row: row.key, seen, action, ...more }, () => {
      trail.push(row.key);
      then();
    });
}

const decide = (action, more, then) => about(rowAt(here))(action, more, then);

// After a verdict the next open row is what a reviewer wants to see, unless they went on already or
// began something about this one.
function verdict(action, more, row = rowAt(here)) {
  const next = here === row.key && beyond(1, isOpen);
  getSelection().removeAllRanges(); // a verdict is about the row, not about words of it
  about(row)(action, more, () => {
    if (here === row.key && next && !atWork()) here = next;
  });
}

function reject() {
  const row = rowAt(here);
  askReason(words(), (value) => verdict("reject", { value }, row));
}

function byWords(what, span, done) {
  const chosen = selected();
  if (chosen) {
    getSelection().removeAllRanges();
    done(chosen);
  } else if (span) choose(span, words().choose(what), done);
}

function correct() {
  const row = rowAt(here);
  const save = about(row);
  byWords(words().words, row.span, (span) => save("correct", { span }));
}

function setWords(field) {
  const row = rowAt(here);
  const save = about(row);
  const name = context.words.find((each) => each.key === field)?.[lang] || field;
  byWords(name, placeOf(row, row.fields[field]), (span) => save("fill", { field, span }));
}

// Where words of a row stand in the text: inside the row; the whole row where they are not set.
function placeOf(row, said) {
  if (!row.span || !said) return row.span;
  const start = row.fields.quote.indexOf(said);
  const before = row.span[0] + Array.from(row.fields.quote.slice(0, start)).length;
  return start < 0 ? row.span : [before, before + Array.from(said).length];
}

const clear = (field) => rowAt(here).fields[field] && decide("fill", { field, value: "" });

function setValue(key, of) {
  const row = rowAt(here);
  const save = about(row);
  const span = selected();
  const fields = [...context.days.map((each) => [each.key, each[lang]]), ["label", words().english]];
  const valueOf = (field) => (field === "label" ? row.fields.label?.en : row.fields[field]?.value || row.fields[field]);
  const done = (field, value) => save("fill", { field, value, ...(field === "label" ? { lang: "en" } : { span }) });
  askValue({ fields, chosen: key, valueOf, words: words(), done, of });
}

const unlink = (field, value) => decide("unlink", { field, value });

function link(asked = "") {
  const row = rowAt(here);
  const save = about(row);
  const chosen = selected();
  const outside = chosen && row.span && (chosen[0] < row.span[0] || chosen[1] > row.span[1]) ? chosen : null;
  openLink({
    row,
    page: page(),
    asked: asked || (chosen ? wordsAt(chosen) : ""),
    span: outside,
    spanWords: outside ? wordsAt(outside) : "",
    search: (q, field) => answerOf(`search?${new URLSearchParams({ q, field, row: row.key })}`).then((hits) => hits || []),
    done: (field, value, span) => {
      getSelection().removeAllRanges();
      save("link", { field, value, span });
    },
  });
}

const linkMention = (said) => link(said);

function undo() {
  send("undo", {}, () => {
    here = trail.pop() || here;
  });
  lookForPairs();
}

// adding

// The words selected; else those that follow the current row, up to the next mark, to be chosen.
function addRow() {
  byWords(words().newRow, freeWords(), async (span) => {
    const guessed = (await answerOf(`guess?${new URLSearchParams({ start: span[0], end: span[1] })}`)) || {};
    const number = shown.sections.findIndex((section) => section.span[0] <= span[0] && span[1] <= section.span[1]);
    const kind = { achieved: "Achievement", planned: "Action" }[shown.sections[number]?.status] || "Statement";
    const { above, rows } = placeFor(span, number);
    askAddition({ quote: wordsAt(span), guessed, kind, above, rows, page: page(), done: (asked) => saveRow({ ...asked, span }) });
  });
}

function saveRow(asked) {
  const before = new Set(shown.rows.map((row) => row.key));
  send("add", asked, () => {
    trail.push(here);
  }).then(() => {
    const added = shown.rows.find((row) => !before.has(row.key));
    if (added) go(added.key);
    lookForPairs();
  });
}

// A row stands beside the one before it in the text, or under one of those above it.
function placeFor(span, section) {
  const rows = shown.rows.filter((row) => row.section === section && row.span && row.span[0] <= span[0]);
  const before = rows.reduce((last, row) => (!last || row.span[0] >= last.span[0] ? row : last), null);
  const chain = [];
  for (let row = before; row; row = rowAt(row.above)) chain.push([row.key, row.fields.quote || row.key]);
  return { above: before?.above || "", rows: chain };
}

function freeWords() {
  const text = Array.from(shown.text);
  let start = rowAt(here)?.span?.[1] || 0;
  while (start < text.length - 1 && /[\s\p{P}]/u.test(text[start])) start += 1;
  let end = start + 1;
  while (end < text.length && !/[\n\p{P}]/u.test(text[end])) end += 1;
  return [start, end];
}

function mendSection() {
  const section = shown.sections[rowAt(here).section];
  askSection({ section, page: page(), done: (asked) => send("section", { section: section.id, ...asked }, () => trail.push(here)) });
}

// what a row carries on

function lookForPairs() {
  return inTurn(async () => {
    pairs = (await answerOf("pairs")) || [];
    if (shown) drawHere(false);
  });
}

function decidePair() {
  const of = pairs.filter((pair) => pair.row === here);
  const done = (pair, accepted, grounds) => {
    send("pair", { key: pair.key, accepted, ...grounds }, () => trail.push(here));
    lookForPairs();
  };
  if (of.length) askPair({ pairs: of, page: page(), done });
  else tell(words().noPair);
}

// the page

function switchLanguage() {
  lang = lang === "zh" ? "en" : "zh";
  rememberLanguage(lang);
  tell("");
  draw();
}

function openFilters(open = at("filters").hidden) {
  at("filters").hidden = !open;
  at("filter").setAttribute("aria-expanded", String(open));
  if (open) at("filters").querySelector("select").focus();
}

function unfold() {
  const open = document.body.classList.toggle("unfolded");
  at("unfold").setAttribute("aria-expanded", String(open));
}

function help() {
  const toggle = () => {
    singleKeys = !singleKeys;
    localStorage.setItem("single-keys", singleKeys ? "on" : "off");
  };
  showHelp(words(), () => singleKeys, toggle);
}

const MOVES = {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  n: () => move(1, isOpen),
  p: () => move(-1, isOpen),
};
const KEYS = {
  a: () => verdict("accept"),
  r: reject,
  d: () => decide("reopen"),
  e: correct,
  l: () => link(),
  t: () => setValue("label"),
  y: () => setValue("deadline"),
  c: decidePair,
  m: mendSection,
  v: () => setWords("verb"),
  o: () => setWords("object"),
  s: () => setWords("subject"),
  V: () => clear("verb"),
  O: () => clear("object"),
  S: () => clear("subject"),
};
const ALWAYS = {
  f: () => openFilters(),
  "/": () => {
    openFilters(true);
    at("filter-words").focus();
  },
  i: addRow,
  u: undo,
  g: switchLanguage,
  "?": help,
};

function act(key) {
  const kind = context.kinds[Number(key) - 1];
  const deciding = kind ? () => decide("kind", { value: kind.key }) : KEYS[key];
  const todo = ALWAYS[key] || (rowAt(here) && (MOVES[key] || (deciding && (() => whenAnswered(deciding)))));
  todo?.();
  return Boolean(todo);
}

// A key waits while a decision is under way, then acts on the row that it was pressed for.
function whenAnswered(todo) {
  const row = here;
  const late = () => {
    if (!rowAt(row) || isAsked()) return;
    go(row);
    todo(); // not returned: it takes its own turn
  };
  if (underWay) inTurn(late);
  else todo();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || !shown) return;
  if (isChoosing()) {
    chooseByKey(event);
    return;
  }
  if (event.target.closest("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "Escape") getSelection().removeAllRanges();
  if (singleKeys && act(event.key)) event.preventDefault();
});

at("text").addEventListener("click", (event) => {
  const mark = event.target.closest("mark");
  if (!mark || selected() || isChoosing()) return;
  here = mark.dataset.row;
  drawHere(false);
});
at("filter").addEventListener("click", () => openFilters());
at("filters").addEventListener("submit", (event) => event.preventDefault());
at("undo").addEventListener("click", undo);
at("add-row").addEventListener("click", addRow);
at("language").addEventListener("click", switchLanguage);
at("ask").addEventListener("click", help);
at("unfold").addEventListener("click", unfold);
at("choosing-save").addEventListener("click", () => stopChoosing(true));
at("choosing-leave").addEventListener("click", () => stopChoosing(false));
// A button must not take the selection away that it is to act on.
document.addEventListener("pointerdown", (event) => event.target.closest("button") && selected() && event.preventDefault());

inTurn(async () => {
  const said = await answerOf("rows");
  if (said) take(said);
}).then(() => inTurn(async () => {
  const said = await answerOf("context");
  if (!said) return;
  context = said;
  if (shown) draw();
})).then(lookForPairs);
