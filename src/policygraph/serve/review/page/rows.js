// The rows as a list, and the filter over them.
import { at, make, select } from "./dom.js";

const EMPTY = { kind: "", state: "", confidence: "", rule: "", words: "" };
export const filter = { ...EMPTY };

export const levelOf = (row) => (row.fields.confidence || "").split(" ")[0];
const corrected = (row) => Boolean(row.fields.drafted) && row.state !== "rejected";

export function fits(row) {
  const { type = "", rule = "", quote = "" } = row.fields;
  return (
    (!filter.kind || type === filter.kind) &&
    (!filter.state || row.state === filter.state || (filter.state === "corrected" && corrected(row))) &&
    (!filter.confidence || levelOf(row) === filter.confidence) &&
    (!filter.rule || rule === (filter.rule === "-" ? "" : filter.rule)) &&
    (!filter.words || quote.includes(filter.words))
  );
}

export const filtering = () => Object.values(filter).some(Boolean);

export function drawFilters(rows, kinds, words, changed) {
  const count = (test) => rows.filter(test).length;
  const options = (pairs, test) => [
    ["", words.any],
    ...pairs.map(([key, said]) => [key, `${said} (${count((row) => test(row, key))})`]),
  ];
  const rules = [...new Set(rows.map((row) => row.fields.rule || ""))].sort();
  const set = (name) => (value) => {
    filter[name] = value;
    changed();
  };
  const typed = make("input", { type: "search", value: filter.words, id: "filter-words" });
  typed.addEventListener("input", () => set("words")(typed.value.trim()));
  const states = ["open", "accepted", "corrected", "rejected", "lost"].map((key) => [key, words.states[key]]);
  const fields = [
    select(words.kind, options(kinds, (row, key) => row.fields.type === key), filter.kind, set("kind")),
    select(words.state, options(states, (row, key) => (key === "corrected" ? corrected(row) : row.state === key)), filter.state, set("state")),
    select(words.confidence, options(Object.entries(words.levels), (row, key) => levelOf(row) === key), filter.confidence, set("confidence")),
    select(
      words.rule,
      options(rules.map((rule) => [rule || "-", rule || words.byHand]), (row, key) => (row.fields.rule || "-") === key),
      filter.rule,
      set("rule"),
    ),
    make("label", {}, make("span", {}, words.holding), typed),
  ];
  const all = make("button", { type: "button", on: { click: () => clearFilter(changed) } }, words.clear);
  const shown = make("output", {}, words.shown(count(fits), rows.length));
  at("filters").replaceChildren(...fields, all, shown);
}

export function clearFilter(changed) {
  Object.assign(filter, EMPTY);
  changed();
}

export function drawRows(rows, here, words, kindOf, go) {
  const list = at("rows").firstElementChild;
  const shown = rows.map((row) => {
    const about = { type: "button", data: { kind: row.fields.type || "", state: row.state } };
    about["aria-current"] = row.key === here ? "true" : null;
    about.on = { click: () => go(row.key) };
    return make(
      "li",
      {},
      make(
        "button",
        about,
        make("span", { class: "state", title: words.states[row.state] }, SIGNS[row.state]),
        make("span", { class: "letter", "aria-hidden": "true" }, words.letters[row.fields.type] || "·"),
        make("span", { class: "quote" }, row.fields.quote || row.fields.of || row.key),
        make("span", { class: "unseen" }, `${words.states[row.state]}, ${kindOf(row)}`),
      ),
    );
  });
  list.replaceChildren(...shown);
  if (!rows.length) list.append(make("li", { class: "none" }, words.none));
  const current = list.querySelector("[aria-current]");
  const [box, item] = [at("rows"), current];
  if (item && (item.offsetTop < box.scrollTop || item.offsetTop + item.offsetHeight > box.scrollTop + box.clientHeight)) {
    box.scrollTop = item.offsetTop - box.clientHeight / 2;
  }
}

export const SIGNS = { open: "○", accepted: "✓", corrected: "✎", rejected: "✕", lost: "?" };
