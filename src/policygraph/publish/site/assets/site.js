// What the site does beyond reading: search over a prebuilt index where no server answers, showing both sides of a
// document at once. Everything else works without it. Plain script, so that it runs from a folder.
(() => {
  "use strict";
  const MOST = 30;

  // search

  const form = document.querySelector("form.search[data-index]");
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
      event.preventDefault();
      loadIndex(() => show(box.value));
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

  // explore: filters kept in the address, columns stacked again, what is joined shown on hover

  const filters = document.getElementById("filters");
  const plan = document.getElementById("plan");

  // What has no year or topic of its own is shown with what it is joined to.
  function chosenOf(rows, chosen) {
    const visible = new Set();
    const undated = [];
    for (const row of rows) {
      const { node, years, topics } = row.dataset;
      const open = (chosen.year && !years) || (chosen.topic && !topics.trim());
      const fits = (!chosen.year || !years || years.split(" ").includes(chosen.year))
        && (!chosen.topic || !topics.trim() || topics.split(" ").includes(chosen.topic));
      if (fits && open) undated.push(row);
      else if (fits) visible.add(node);
    }
    const joined = undated.filter((row) => {
      const others = [...row.querySelectorAll("[data-other]")].map((other) => other.dataset.other);
      return others.some((other) => visible.has(other));
    });
    for (const row of joined) visible.add(row.dataset.node);
    const wrong = rows.filter((row) => chosen.kind && row.dataset.kind !== chosen.kind);
    for (const row of wrong) visible.delete(row.dataset.node);
    return visible;
  }

  function curve(start, end) {
    const width = 262, half = 23;
    const [a, b] = start.x < end.x || (start.x === end.x && start.y <= end.y) ? [start, end] : [end, start];
    const x = a.x + width, bend = a.x === b.x ? x + 50 : (x + b.x) / 2, stop = a.x === b.x ? x : b.x;
    return `M${x},${a.y + half} C${bend},${a.y + half} ${bend},${b.y + half} ${stop},${b.y + half}`;
  }

  function stack(visible, chosen) {
    const filled = {}, spots = {}, step = Number(plan.dataset.step);
    for (const node of plan.querySelectorAll(".node")) {
      const { id, column } = node.dataset;
      node.toggleAttribute("hidden", !visible.has(id));
      if (!visible.has(id)) continue;
      const x = Number(node.getAttribute("transform").match(/\((\d+)/)[1]);
      const y = 1 + (filled[column] || 0) * step;
      filled[column] = (filled[column] || 0) + 1;
      spots[id] = { x, y };
      node.setAttribute("transform", `translate(${x},${y})`);
    }
    for (const edge of plan.querySelectorAll(".edge")) {
      const [start, end] = [spots[edge.dataset.from], spots[edge.dataset.to]];
      const on = start && end && !(chosen.inferred && edge.matches(".inferred"));
      edge.toggleAttribute("hidden", !on);
      if (on) edge.setAttribute("d", curve(start, end));
    }
    const height = Math.max(1, ...Object.values(filled)) * step + 2;
    plan.setAttribute("height", height);
    plan.setAttribute("viewBox", `0 0 ${plan.getAttribute("width")} ${height}`);
  }

  function choose() {
    const chosen = Object.fromEntries(new FormData(filters));
    const rows = [...document.querySelectorAll("tr[data-node]")];
    const visible = chosenOf(rows, chosen);
    for (const row of rows) row.hidden = !visible.has(row.dataset.node);
    for (const part of document.querySelectorAll("main section")) {
      part.hidden = !part.querySelector("tr[data-node]:not([hidden])");
    }
    if (plan) stack(visible, chosen);
    const shown = document.getElementById("shown");
    shown.textContent = shown.dataset.words.replace("{count}", visible.size).replace("{all}", rows.length);
    const kept = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value)).toString();
    try {
      history.replaceState(null, "", kept ? `?${kept}` : location.pathname);
    } catch { /* some browsers keep no state for a page opened from a folder */ }
  }

  if (filters) {
    filters.hidden = false;
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = filters.elements[name];
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
    filters.addEventListener("change", choose);
    filters.addEventListener("submit", (event) => event.preventDefault());
    filters.addEventListener("reset", () => setTimeout(choose));
    choose();
  }

  function near(event, on) {
    const node = event.target.closest(".node");
    if (!node) return;
    plan.classList.toggle("pointing", on);
    node.classList.toggle("near", on);
    for (const edge of plan.querySelectorAll(".edge")) {
      const { from, to } = edge.dataset;
      if (from !== node.dataset.id && to !== node.dataset.id) continue;
      edge.classList.toggle("near", on);
      const other = from === node.dataset.id ? to : from;
      plan.querySelector(`.node[data-id="${other}"]`).classList.toggle("near", on);
    }
  }

  if (plan) {
    for (const [on, names] of [[true, ["mouseover", "focusin"]], [false, ["mouseout", "focusout"]]]) {
      for (const name of names) plan.addEventListener(name, (event) => near(event, on));
    }
  }
})();
