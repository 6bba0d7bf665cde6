// Small words for making elements. All that comes from a file is set as text, never as markup.

export const at = (id) => document.getElementById(id);

export function make(name, about = {}, ...inside) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(about)) {
    if (key === "on") Object.entries(value).forEach(([event, act]) => node.addEventListener(event, act));
    else if (key === "data") Object.assign(node.dataset, value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...inside.flat().filter((each) => each != null && each !== false));
  return node;
}

export function button(words, act, about = {}, key = "") {
  const inside = key ? [words, " ", make("kbd", { "aria-hidden": "true" }, key)] : [words];
  return make("button", { type: "button", ...about, on: { click: act } }, ...inside);
}

export function select(label, options, value, act) {
  const chosen = make("select", { on: { change: (event) => act(event.target.value) } });
  for (const [key, words] of options) {
    chosen.append(make("option", { value: key, selected: key === value }, words));
  }
  return make("label", {}, make("span", {}, label), chosen);
}
