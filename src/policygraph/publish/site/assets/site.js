// What the site does beyond reading: search over a prebuilt index, showing both sides of a
// document at once. Everything else works without it. Plain script, so that it runs from a folder.
(() => {
  "use strict";
  const MOST = 30;

  // search

  const form = document.querySelector("form.search");
  const fold = (text) => text.toLowerCase().replace(/[“”"《》\s]/g, "");

  function loadIndex(then) {
    if (window.policygraphIndex) return then();
    const script = document.createElement("script");
    script.src = form.dataset.index;
    script.addEventListener("load", then);
    document.head.append(script);
  }

  function rank(entry, wanted) {
    const [, , en, zh, others] = entry;
    const names = [fold(zh), fold(en)];
    if (names.includes(wanted)) return 0;
    const words = others.split(" ").map(fold);
    if (words.includes(wanted)) return 1;
    if (names.some((name) => name.startsWith(wanted))) return 2;
    if (names.some((name) => name.includes(wanted))) return 3;
    return words.some((word) => word.startsWith(wanted)) || fold(others).includes(wanted) ? 4 : -1;
  }

  function find(wanted) {
    const hits = [];
    window.policygraphIndex.things.forEach((entry, place) => {
      const how = rank(entry, wanted);
      if (how >= 0) hits.push([how, place, entry]);
    });
    return hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((hit) => hit[2]);
  }

  function entryOf([path, kind, en, zh]) {
    const { lang, base } = form.dataset;
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `${base}${path}.html`;
    link.textContent = lang === "zh" ? zh : en;
    const also = document.createElement("span");
    also.className = "also";
    const other = lang === "zh" ? en : zh;
    const name = window.policygraphIndex.classes[kind][lang];
    also.textContent = other === link.textContent ? name : `${name} · ${other}`;
    item.append(link, " ", also);
    return item;
  }

  function show(text) {
    const list = document.getElementById("found");
    const count = document.getElementById("found-count");
    const wanted = fold(text);
    list.replaceChildren();
    list.hidden = !wanted;
    count.textContent = "";
    if (!wanted) return;
    const hits = find(wanted);
    list.append(...hits.slice(0, MOST).map(entryOf));
    count.textContent = hits.length
      ? form.dataset.many.replace("{count}", hits.length) : form.dataset.none;
  }

  if (form) {
    const box = form.elements.q;
    box.addEventListener("input", () => loadIndex(() => show(box.value)));
    form.addEventListener("submit", (event) => {
      if (form.getAttribute("action").endsWith("things.html")) {
        event.preventDefault();
        loadIndex(() => show(box.value));
      }
    });
    const asked = new URLSearchParams(location.search).get("q");
    if (asked) {
      box.value = asked;
      loadIndex(() => show(asked));
    }
  }

  // a document: what a pointer or the focus is on is shown on the other side, too

  function point(event, on) {
    const link = event.target.closest("a.s, .statements a.up");
    if (!link) return;
    const other = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const back = link.matches(".up") ? link.closest("li").id : "";
    const marks = back ? document.querySelectorAll(`a.s[href="#${CSS.escape(back)}"]`) : [];
    for (const each of [other, ...marks]) each?.classList.toggle("pointed", on);
  }

  const text = document.getElementById("text");
  if (text) {
    for (const [on, names] of [[true, ["mouseover", "focusin"]], [false, ["mouseout", "focusout"]]]) {
      for (const name of names) text.addEventListener(name, (event) => point(event, on));
    }
  }
})();
