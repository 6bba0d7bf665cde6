// The dialogs of what a reviewer adds: a statement that was missed, a section mended, a continuation.
import { at, button, make, select } from "./dom.js";
import { asking, closing, open } from "./dialogs.js";

const labelled = (said, field) => make("label", {}, make("span", {}, said), field);
const typing = (id, value, about = {}) => make("input", { id, value, autocomplete: "off", ...about });

// A statement: its kind, its parts as the drafter would find them, and the row it stands under.
export function askAddition({ quote, guessed, kind, above, rows, page, done }) {
  const { words, context, lang } = page;
  const asked = { kind, above };
  const kinds = select(words.kind, context.kinds.map((each) => [each.key, each[lang]]), kind, (value) => {
    asked.kind = value;
  });
  const parts = context.words.map((field) => {
    const typed = typing(`add-${field.key}`, guessed[field.key] || "", { lang: "zh-Hans", autofocus: field.key === "verb" });
    return [field.key, typed, labelled(field[lang], typed)];
  });
  const under = select(words.under, [["", words.underNone], ...rows], above, (value) => {
    asked.above = value;
  });
  const save = () => done({ ...asked, ...Object.fromEntries(parts.map(([key, typed]) => [key, typed.value.trim()])) });
  asking("add", words.addOf, under, words, save, make("p", { class: "quote", lang: "zh-Hans" }, quote), kinds, ...parts.map(([, , label]) => label));
}

export function askSection({ section, page, done }) {
  const { words, context } = page;
  const asked = { status: section.status, period: section.period };
  const statuses = select(words.status, Object.entries(words.statuses), asked.status, (value) => {
    asked.status = value;
  });
  const known = [...new Set([section.period, ...context.periods])].filter(Boolean);
  const periods = select(words.period, [["", words.nothing], ...known.map((key) => [key, key])], asked.period || "", (value) => {
    asked.period = value;
  });
  asking("section", `${words.sectionOf} ${section.id}`, periods, words, () => done(asked), statuses);
}

// One candidate at a time: both sentences, why they seem alike, and what the reviewer says of it.
export function askPair({ pairs, page, done }) {
  const { words, lang } = page;
  let place = 0;
  const draw = () => {
    const pair = pairs[place];
    const grounds = ["zh", "en"].map((of) => [of, typing(`pair-${of}`, pair.grounds[of] || "", { lang: of === "zh" ? "zh-Hans" : "en" })]);
    const said = (accepted) => () => {
      at("pair").close();
      done(pair, accepted, Object.fromEntries(grounds.map(([of, typed]) => [of, typed.value.trim()])));
    };
    const sentence = (name, quote) => [make("dt", {}, name), make("dd", { lang: "zh-Hans" }, quote)];
    open(
      "pair",
      words.pairOf,
      make("dl", { class: "pair" }, ...sentence(pair.earlier_in[lang] || words.sameDocument, pair.earlier), ...sentence(words.now, pair.later)),
      make("p", { class: "note" }, [words.likeness(pair.score), pairState(pair, words)].filter(Boolean).join(" · ")),
      ...(pair.judged ? [] : grounds.map(([of, typed]) => labelled(words.groundsIn[of], typed))),
      make("p", { class: "note" }, words.pairHow),
      make(
        "p",
        { class: "acts" },
        pair.judged ? null : button(words.continues, said(true), { class: "strong", id: "pair-yes", autofocus: true }),
        pair.judged ? null : button(words.continuesNot, said(false), { id: "pair-no" }),
        pairs.length > 1 ? button(words.otherPair(place + 1, pairs.length), () => {
          place = (place + 1) % pairs.length;
          draw();
        }) : null,
        closing("pair", words),
      ),
    );
    at("pair-yes")?.focus();
  };
  draw();
}

export const pairState = (pair, words) => (pair.judged ? words.pairStates.judged : words.pairStates[pair.review] || "");
