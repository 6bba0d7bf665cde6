// The card of the current row: what it says, what was decided, where it comes from.
import { at, button, make } from "./dom.js";
import { pairState } from "./adding.js";
import { SIGNS, levelOf } from "./rows.js";

export function drawCard(row, page) {
  const card = at("card");
  if (!row) {
    card.replaceChildren(make("p", { class: "none" }, page.words.none));
    return;
  }
  card.dataset.state = row.state;
  const shown = [heading, problems, acts, kinds, parts, unresolved, carried, details].map((part) => part(row, page));
  card.replaceChildren(...shown.filter(Boolean));
}

function heading(row, { words, kindOf, act }) {
  const state = make("span", { class: "chip", data: { state: row.state } }, `${SIGNS[row.state]} ${words.states[row.state]}`);
  const kind = make("span", { class: "chip kind", data: { kind: row.fields.type || "" } }, kindOf(row));
  const level = levelOf(row) ? make("span", { class: "chip" }, `${words.confidence}: ${trust(row, words)}`) : null;
  const quote = make("p", { class: "quote", lang: "zh-Hans" }, row.fields.quote || "");
  const note = row.fields.note ? make("p", { class: "note" }, `${words.note}: ${row.fields.note}`) : null;
  const steps = make(
    "span",
    { class: "steps" },
    button("‹", () => act("k"), { "aria-label": words.keys.k }),
    button("›", () => act("j"), { "aria-label": words.keys.j }),
  );
  return make("div", { class: "heading" }, make("p", { class: "chips" }, kind, state, level, steps), quote, note);
}

// «high (70 of 74 accepted)» as the file has it: the class, and the decisions behind it.
function trust(row, words) {
  const level = levelOf(row);
  const [, accepted, decided] = /\((\d+) of (\d+)/.exec(row.fields.confidence) || [];
  const said = words.levels[level] || level;
  return decided ? `${said} · ${words.rated(accepted, decided)}` : said;
}

function problems(row, { words, lang }) {
  if (!row.problems.length) return null;
  const told = row.problems.map((each) => make("li", {}, each[lang]));
  return make("div", { class: "problems" }, make("p", {}, words.problems), make("ul", {}, ...told));
}

function acts(row, { words, act }) {
  const one = (name, key, about = {}) => button(words.acts[name], () => act(key), about, key);
  return make(
    "div",
    { class: "acts" },
    one("accept", "a", { class: "strong" }),
    one("reject", "r"),
    one("correct", "e"),
    one("link", "l"),
    row.state === "open" && !row.fields.drafted ? null : one("reopen", "d"),
  );
}

function kinds(row, { words, context, lang, act }) {
  const all = context.kinds.map((kind, place) => {
    const about = { "aria-pressed": String(row.fields.type === kind.key), data: { kind: kind.key } };
    return button(kind[lang], () => act(String(place + 1)), about, String(place + 1));
  });
  return make("div", { class: "kinds", role: "group", "aria-label": words.kind }, ...all);
}

function parts(row, page) {
  const { words, context, lang } = page;
  const list = make("dl", { class: "parts" });
  const keys = { verb: "v", object: "o", subject: "s" };
  for (const field of context.words) list.append(...wordsField(row, field, keys[field.key], page));
  for (const field of context.days) list.append(...valueField(row, field[lang], field.key, "", page));
  for (const field of context.values) list.append(...given(row.fields[field.key], field[lang]));
  list.append(...valueField(row, words.english, "label", "en", page));
  for (const field of context.links) {
    for (const reference of referencesOf(row.fields[field.key])) list.append(...link(row, field, reference, page));
  }
  return make("section", { "aria-label": words.fields }, list, named(row, page));
}

function wordsField(row, field, key, { words, lang, act }) {
  const value = row.fields[field.key];
  const clear = value && button("×", () => act(key.toUpperCase()), { "aria-label": `${words.unset}: ${field[lang]}` });
  const set = button(words.set, () => act(key), { "aria-label": `${words.set}: ${field[lang]}` }, key);
  return pair(field[lang], value, [set, clear], "zh-Hans");
}

function valueField(row, name, key, of, { words, setValue }) {
  const given = row.fields[key];
  const value = of ? given?.[of] : typeof given === "object" ? given.value : given;
  const set = button(words.set, () => setValue(key, of), { "aria-label": `${words.set}: ${name}` }, of ? "t" : "y");
  if (!value && !of) return []; // days are few: offered by their key, shown where there is one
  return pair(name, value, [set], of || null);
}

// What a figure or an event is said to be: told, not set.
function given(value, name) {
  if (value == null) return [];
  const said = value.value ?? value["zh-Hans"] ?? value.zh ?? value;
  return pair(name, [said].flat().join(", "), [], "zh-Hans");
}

function pair(name, value, buttons, language) {
  const shown = value ? make("span", { lang: language }, value) : make("span", { class: "none" }, "–");
  return [make("dt", {}, name), make("dd", {}, shown, make("span", { class: "small" }, ...buttons.filter(Boolean)))];
}

export function referencesOf(value) {
  if (value == null) return [];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(String) : [value.value].filter(Boolean);
}

function link(row, field, reference, page) {
  const { words, lang, things, unlink } = page;
  const [thing] = things[reference] || [];
  const name = thing ? `${thing[lang]}` : reference;
  const own = row.fields[field.key]?.quote;
  const gone = button("×", () => unlink(field.key, reference), { "aria-label": `${words.unlink}: ${name}` });
  const kind = thing ? make("small", {}, ` ${page.kindOfThing(thing.kind)} · ${reference}`) : null;
  const said = own ? make("small", {}, ` ${words.statedBy(own)}`) : null;
  const shown = make("span", {}, name, kind, said);
  return [make("dt", {}, field[lang]), make("dd", {}, shown, make("span", { class: "small" }, gone))];
}

// What the words of the row name, and what each name may mean.
function named(row, { words, context, text, things, kindOfThing, linkMention }) {
  if (!row.span) return null;
  const [start, end] = row.span;
  const inside = context.mentions.filter(({ span, type }) => start <= span[0] && span[1] <= end && kindOfThing(kindOfMention(type)));
  if (!inside.length) return null;
  const items = inside.map((mention) => {
    const said = text.slice(...mention.span).join("");
    const means = mention.key || (mention.options.length ? `${words.several}: ${mention.options.join(", ")}` : words.unknown);
    const known = mention.key || mention.options.length;
    const open = known ? button(words.acts.link, () => linkMention(said), { "aria-label": `${words.acts.link}: ${said}` }) : null;
    return make("li", {}, make("span", { lang: "zh-Hans" }, said), make("small", {}, ` ${kindOfThing(kindOfMention(mention.type))} · ${means} `), open);
  });
  return make("div", { class: "named" }, make("h3", {}, words.names), make("ul", {}, ...items));
}

// What was found in the words of the row and no property holds.
function unresolved(row, { words }) {
  const found = Object.entries(row.fields.unresolved || {});
  if (!found.length) return null;
  const items = found.flatMap(([name, those]) => those.map((said) => make(
    "li",
    {},
    make("span", { lang: "zh-Hans" }, said.quote || said),
    make("small", {}, ` ${words.found[name] || name}`),
  )));
  return make("div", { class: "named unresolved" }, make("h3", {}, words.unresolved), make("ul", {}, ...items));
}

// What the row may carry on: candidates until a person says so.
function carried(row, { words, lang, pairs, act }) {
  const found = pairs.filter((pair) => pair.row === row.key);
  if (!found.length) return null;
  const items = found.map((pair) => make(
    "li",
    {},
    make("span", { lang: "zh-Hans" }, pair.earlier),
    make("small", {}, ` ${[pair.earlier_in[lang] || words.sameDocument, words.likeness(pair.score), pairState(pair, words)].filter(Boolean).join(" · ")}`),
  ));
  const decide = button(words.decidePair, () => act("c"), {}, "c");
  return make("div", { class: "named carried" }, make("h3", {}, words.pairs), make("ul", {}, ...items), decide);
}

const kindOfMention = (type) => (type === "document" ? "instrument" : type);

function details(row, { words, sections, act }) {
  const { rule, reason, by, on, drafted } = row.fields;
  const section = sections[row.section];
  const about = [
    [words.rule, rule || words.byHand],
    [words.confidence, row.fields.confidence ? (levelOf(row) === "unrated" ? words.unratedWhy : trust(row, words)) : ""],
    [words.why, reason],
    [words.place, row.span ? `${row.span[0]} – ${row.span[1]}` : ""],
    [words.section, section ? [section.id, words.statuses[section.status], section.period].filter(Boolean).join(" · ") : ""],
    [words.line, String(row.line)],
    [words.row, row.key],
    [words.by, by ? `${by}, ${on}` : ""],
    [words.drafted, drafted ? Object.entries(drafted).map(([key, value]) => `${key}: ${[value].flat().join(", ") || words.nothing}`).join("; ") : ""],
  ].filter(([, value]) => value);
  const list = make("dl", {}, ...about.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  const open = at("card").querySelector("details")?.open ?? matchMedia("(min-width: 48rem)").matches;
  const mend = section?.id ? button(words.mendSection, () => act("m"), {}, "m") : null;
  return make("details", { open }, make("summary", {}, words.details), list, mend);
}
