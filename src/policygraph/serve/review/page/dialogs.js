// The dialogs: help, the reason of a rejection, a value, a link to the registry.
import { at, button, make, select } from "./dom.js";
import { referencesOf } from "./card.js";

export function open(id, title, ...inside) {
  const dialog = at(id);
  dialog.setAttribute("aria-label", title);
  dialog.replaceChildren(make("h2", {}, title), ...inside.filter(Boolean));
  if (!dialog.open) dialog.showModal();
  return dialog;
}

export const closing = (id, words) => button(words.close, () => at(id).close());

export function showHelp(words, single, toggle) {
  const rows = Object.entries(words.keys).map(([key, said]) => make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, said)));
  const state = `${words.plainKeys}: ${single() ? words.plainKeysOn : words.plainKeysOff}`;
  const change = button(state, () => {
    toggle();
    showHelp(words, single, toggle);
  }, { "aria-pressed": String(single()) });
  open("help", words.help, make("table", {}, make("tbody", {}, ...rows)), make("p", { class: "acts" }, change, closing("help", words)));
}

export function asking(id, title, field, words, done, ...more) {
  const form = make("form", { method: "dialog" }, ...more, field, make("p", { class: "acts" }, make("button", { class: "strong" }, words.save), button(words.leave, () => at(id).close())));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    at(id).close();
    done();
  });
  open(id, title, form);
}

export function askReason(words, done) {
  const typed = make("input", { id: "reason-words", "aria-label": words.note, autocomplete: "off", autofocus: true });
  const quick = words.reasons.map((said) => button(said, () => {
    typed.value = said;
    typed.focus();
  }));
  asking("reason", words.reasonOf, typed, words, () => done(typed.value), make("p", { class: "quick" }, ...quick));
}

export function askValue({ fields, chosen, valueOf, words, done }) {
  let field = chosen;
  const typed = make("input", { id: "value-words", "aria-label": words.value, autocomplete: "off", autofocus: true });
  const hint = make("small", {});
  const fill = () => {
    typed.value = valueOf(field) || "";
    hint.textContent = field === "label" ? words.free : words.day;
  };
  const which = select(words.field, fields, field, (value) => {
    field = value;
    fill();
  });
  fill();
  asking("value", words.valueOf, make("label", {}, make("span", {}, words.value), typed, hint), words, () => done(field, typed.value.trim()), which);
}

// The search box follows the combobox pattern: arrows move, Enter links, Esc closes.
export function openLink({ row, page, asked, span, spanWords, search, done }) {
  const { words, context, lang, things } = page;
  let field = openLink.field || "implements";
  let hits = [];
  let active = 0;
  const typed = make("input", {
    id: "link-search", role: "combobox", "aria-label": words.search, placeholder: words.search, "aria-controls": "link-hits",
    "aria-expanded": "true", "aria-autocomplete": "list", autocomplete: "off", autofocus: true, value: asked,
  });
  const list = make("ul", { id: "link-hits", role: "listbox", "aria-label": words.linkTo });
  const told = make("p", { role: "status", class: "note" });

  const draw = () => {
    const shown = hits.map((hit, place) => make(
      "li",
      { id: `link-hit-${place}`, role: "option", "aria-selected": String(place === active), class: hit.named ? "" : "unnamed", on: { click: () => take(place) } },
      make("span", { class: "name" }, hit[lang]),
      make("small", {}, [hit[lang === "zh" ? "en" : "zh"], page.kindOfThing(hit.kind), hit.reference].join(" · ")),
      make("small", { class: "fits" }, hit.named ? `✓ ${words.named}` : words.unnamed),
    ));
    list.replaceChildren(...shown);
    if (hits.length) typed.setAttribute("aria-activedescendant", `link-hit-${active}`);
    else typed.removeAttribute("aria-activedescendant");
    list.children[active]?.scrollIntoView({ block: "nearest" });
    told.textContent = hits.length ? words.hits(hits.length) : words.noHit;
  };
  const look = async () => {
    const wanted = typed.value;
    const found = await search(wanted, field);
    if (wanted !== typed.value) return; // typed on meanwhile
    [hits, active] = [found, 0];
    draw();
  };
  const take = (place) => {
    const hit = hits[place];
    if (!hit) return;
    at("link").close();
    done(field, hit.reference, span);
  };
  typed.addEventListener("input", look);
  typed.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && hits.length) {
      active = (active + by + hits.length) % hits.length;
      draw();
    } else if (event.key === "Enter") take(active);
    else return;
    event.preventDefault();
  });
  const which = select(words.field, context.links.map((each) => [each.key, each[lang]]), field, (value) => {
    openLink.field = field = value;
    look();
  });
  const there = context.links.flatMap((each) => referencesOf(row.fields[each.key]).map((reference) => {
    const name = things[reference]?.[0]?.[lang] || reference;
    return make("li", {}, `${each[lang]}: ${name} `, button("×", () => {
      at("link").close();
      page.unlink(each.key, reference);
    }, { "aria-label": `${words.unlink}: ${name}` }));
  }));
  open(
    "link",
    words.linkTo,
    there.length ? make("ul", { class: "there" }, ...there) : null,
    which,
    typed,
    spanWords ? make("p", { class: "note" }, words.statedBy(spanWords)) : null,
    list,
    told,
    make("p", { class: "acts" }, closing("link", words)),
  );
  typed.focus();
  typed.select();
  look();
}
