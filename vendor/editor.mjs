// The SPARQL editor: CodeMirror over the text area that works without it.
// It lives in a shadow root, so that its styles are constructed there and the page's policy, which
// allows no inline styles, need not be widened.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.number], color: "var(--achievement)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--goal)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { border: "1px solid var(--soft)", borderRadius: "4px", background: "var(--card)", color: "var(--ink)" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-content": { minHeight: "14rem", caretColor: "var(--ink)", fontSize: ".9rem" },
  ".cm-gutters": { background: "var(--wash)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "var(--wash)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--mark)" },
  ".cm-tooltip": { background: "var(--card)", color: "var(--ink)", border: "1px solid var(--soft)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--paper)" },
});

const terms = () => (window.policygraphTerms || []).map(([label, detail]) => ({ label, detail, type: "keyword" }));

function complete(context) {
  const word = context.matchBefore(/[\w-]*:?[\w-]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  return { from: word.from, options: terms(), validFor: /^[\w-]*:?[\w-]*$/ };
}

const form = document.getElementById("editor");
const area = form.elements.query;
const host = document.createElement("div");
host.className = "code";
area.before(host);
const root = host.attachShadow({ mode: "open" });
const run = () => { form.requestSubmit(); return true; };
const view = new EditorView({
  parent: root,
  root,
  state: EditorState.create({
    doc: area.value,
    extensions: [
      lineNumbers(), history(), drawSelection(), bracketMatching(), highlightActiveLine(),
      StreamLanguage.define(sparql), syntaxHighlighting(colours), look,
      autocompletion({ override: [complete], icons: false }), EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": form.dataset.label }),
      keymap.of([{ key: "Mod-Enter", run }, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.updateListener.of((update) => { if (update.docChanged) area.value = update.state.doc.toString(); }),
    ],
  }),
});
area.hidden = true;
form.querySelector("label").addEventListener("click", () => view.focus());
const script = document.createElement("script");
script.src = form.dataset.terms;
document.head.append(script);
