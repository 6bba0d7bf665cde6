// The text with its statements: highlighted by kind, nested ones inside each other, and selected by
// mouse, finger or keys. Offsets are code points, not the browser's units.
import { at, make } from "./dom.js";

let points = [];

export function drawText(text, rows, letterOf) {
  points = Array.from(text);
  const standing = rows.filter((row) => row.span).sort(outerFirst);
  const cuts = new Set([0, points.length, ...standing.flatMap((row) => row.span)]);
  const ends = [...cuts].sort((a, b) => a - b);
  const pieces = ends.slice(0, -1).map((start, place) => {
    const end = ends[place + 1];
    const around = standing.filter(({ span }) => span[0] <= start && end <= span[1]);
    return wrapped(points.slice(start, end).join(""), around, start, letterOf);
  });
  at("text").replaceChildren(...pieces);
}

const outerFirst = (a, b) => a.span[0] - b.span[0] || b.span[1] - a.span[1];

// A piece in the marks of all rows around it, the shortest innermost; each outer underline lower.
function wrapped(words, around, start, letterOf) {
  const inner = [...around].sort((a, b) => (a.span[1] - a.span[0]) - (b.span[1] - b.span[0]));
  let node = document.createTextNode(words);
  inner.forEach((row, depth) => {
    const about = { kind: row.fields.type || "", state: row.state, row: row.key, depth: Math.min(depth, 3) };
    if (row.span[0] === start) about.letter = letterOf(row);
    node = make("mark", { data: about }, node);
  });
  return node;
}

export function showRow(key, { scroll = true } = {}) {
  const text = at("text");
  for (const mark of text.querySelectorAll("mark")) {
    mark.classList.toggle("here", mark.dataset.row === key);
  }
  const first = text.querySelector("mark.here");
  if (scroll) first?.scrollIntoView({ block: "center" });
}

export function selected() {
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

export const wordsAt = ([start, end]) => points.slice(start, end).join("");

export function selectSpan([start, end]) {
  const range = document.createRange();
  range.setStart(...nodeAt(start, false));
  range.setEnd(...nodeAt(end, true));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

// The text node and unit of a code point; at a border, the end of the node before or the next one.
function nodeAt(offset, ending) {
  const walker = document.createTreeWalker(at("text"), NodeFilter.SHOW_TEXT);
  let left = offset;
  let node = walker.nextNode();
  for (; node; node = walker.nextNode()) {
    const here = Array.from(node.data);
    if (left < here.length || (ending && left === here.length)) {
      return [node, here.slice(0, left).join("").length];
    }
    left -= here.length;
  }
  return [at("text"), at("text").childNodes.length];
}

// Choose words by keys: arrows move the end, with Shift the beginning. `done` gets the span.
let choosing = null;
export const isChoosing = () => choosing !== null;

export function choose(span, words, done) {
  choosing = { done };
  selectSpan(span);
  at("choosing-words").textContent = words;
  at("choosing").hidden = false;
  at("text").focus({ preventScroll: true });
}

export function stopChoosing(save) {
  const { done } = choosing;
  const span = selected();
  choosing = null;
  at("choosing").hidden = true;
  getSelection().removeAllRanges();
  if (save) done(span);
}

export function chooseByKey(event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (event.key === "Enter") stopChoosing(true);
  else if (event.key === "Escape") stopChoosing(false);
  else if (by) {
    const span = selected() || [0, 1];
    if (event.shiftKey) span[0] = Math.max(0, Math.min(span[1] - 1, span[0] + by));
    else span[1] = Math.min(points.length, Math.max(span[0] + 1, span[1] + by));
    selectSpan(span);
  } else return;
  event.preventDefault();
}
