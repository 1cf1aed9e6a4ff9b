/* Between the Markdown that is stored and the document that is edited. What nobody touched is written back word for
   word: every block remembers the source it was read from, and a block that is edited becomes another one. */

import MarkdownIt from "markdown-it";
import container from "markdown-it-container";
import { MarkdownParser, MarkdownSerializer, defaultMarkdownParser, defaultMarkdownSerializer, schema as plain } from "prosemirror-markdown";
import { Schema } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";

/* The same as CALLOUTS in markdown.py. */
export const CALLOUTS = { tip: "good", "let-op": "soon", wet: "info", voorbeeld: "info", afspraak: "info" };
const ALIGNED = { left: null, right: "text-end", center: "text-center" };

const callout = {
  content: "block+",
  group: "block",
  defining: true,
  attrs: { kind: { default: "tip" }, info: { default: "tip" }, title: { default: "" } },
  parseDOM: [{ tag: "div[data-callout]", getAttrs: (dom) => ({ kind: dom.dataset.callout, info: dom.dataset.callout }) }],
  toDOM: (node) => [
    "div",
    { class: `notice notice-${CALLOUTS[node.attrs.kind]}`, "data-callout": node.attrs.kind, "data-title": node.attrs.title },
    0,
  ],
};
/* The steps of a scenario: one line that stands for a list; STEPS in markdown.py is the same. */
const STEPS = /^ {0,3}:{3,} *stappen +([a-z0-9-]+) *$/;
const STEPS_END = /^ {0,3}:{3,} *$/;
const steps = {
  group: "block",
  atom: true,
  attrs: { slug: {}, title: { default: "" } },
  parseDOM: [{ tag: "div[data-steps]", getAttrs: (dom) => ({ slug: dom.dataset.steps, title: dom.dataset.title }) }],
  toDOM: (node) => ["div", { class: "steps", "data-steps": node.attrs.slug, "data-title": node.attrs.title }, ["p", ["b", node.attrs.title]]],
};
const tables = tableNodes({
  tableGroup: "block",
  cellContent: "inline*",
  cellAttributes: {
    align: {
      default: null,
      getFromDOM: (dom) => Object.keys(ALIGNED).find((name) => ALIGNED[name] && dom.classList.contains(ALIGNED[name])) || null,
      setDOMAttr: (value, attrs) => {
        if (ALIGNED[value]) attrs.class = ALIGNED[value];
      },
    },
  },
});
export const schema = new Schema({
  nodes: plain.spec.nodes.append(tables).append({ callout, steps }),
  marks: plain.spec.marks.append({ strike: { parseDOM: [{ tag: "s" }, { tag: "del" }], toDOM: () => ["s"] } }),
});

const tokenizer = new MarkdownIt("commonmark", { html: false }).enable(["table", "strikethrough"]);
for (const kind of Object.keys(CALLOUTS)) tokenizer.use(container, kind);
tokenizer.block.ruler.before("fence", "steps", (state, line, last, silent) => {
  const words = (number) => state.src.slice(state.bMarks[number] + state.tShift[number], state.eMarks[number]);
  const isCode = (number) => state.sCount[number] - state.blkIndent >= 4;
  const found = isCode(line) ? null : STEPS.exec(words(line));
  if (!found || silent) return Boolean(found);
  state.line = line + 1;
  if (state.line < last && !isCode(state.line) && STEPS_END.test(words(state.line))) state.line += 1;
  const token = state.push("steps", "", 0);
  token.info = found[1];
  token.map = [line, state.line];
  token.block = true;
  return true;
}, { alt: ["paragraph", "reference", "blockquote", "list"] });

const alignment = (token) => ({ align: /text-align:(\w+)/.exec(token.attrGet("style") || "")?.[1] || null });
let titles = {};
let scenarios = {};
export const stepsTitle = (slug) => `${scenarios[""] || "stappen"}: ${scenarios[slug] || slug}`;
const callouts = Object.fromEntries(
  Object.keys(CALLOUTS).map((kind) => [
    `container_${kind}`,
    { block: "callout", getAttrs: (token) => ({ kind, info: token.info.trim(), title: titles[kind] || kind }) },
  ]),
);
const parser = new MarkdownParser(schema, tokenizer, {
  ...defaultMarkdownParser.tokens,
  s: { mark: "strike" },
  table: { block: "table" },
  thead: { ignore: true },
  tbody: { ignore: true },
  tr: { block: "table_row" },
  th: { block: "table_header", getAttrs: alignment },
  td: { block: "table_cell", getAttrs: alignment },
  ...callouts,
  steps: { node: "steps", getAttrs: (token) => ({ slug: token.info, title: stepsTitle(token.info) }) },
});

const sources = new WeakMap();

/* The lines at which the blocks that stand in no other one begin. */
function starts(tokens) {
  return tokens.filter((token) => token.level === 0 && token.nesting >= 0 && token.type !== "inline").map((token) => token.map?.[0] ?? 0);
}

/* A document of `text`; `named` gives the call-outs' titles, `shown` those of scenarios (under "": what a list is). */
export function read(text, named = {}, shown = {}) {
  titles = named;
  scenarios = shown;
  const environment = {};
  const begun = starts(tokenizer.parse(text, environment));
  const doc = parser.parse(text);
  // An address that stands apart from its link belongs to no block: then every link is written out in full.
  if (begun.length === doc.childCount && !Object.keys(environment.references || {}).length) {
    const lines = text.split("\n");
    doc.forEach((block, _offset, index) => {
      sources.set(block, lines.slice(begun[index], begun[index + 1]).join("\n").replace(/^\n+|\n+$/g, ""));
    });
  }
  return doc;
}

function inCell(state, cell) {
  const { out, delim, closed } = state;
  Object.assign(state, { out: "", delim: "", closed: null });
  state.renderInline(cell, false);
  const text = state.out.replace(/\\?\n/g, " ").replace(/\\\|/g, "|").replace(/\|/g, "\\|").trim();
  Object.assign(state, { out, delim, closed });
  return text;
}

const RULES = { left: ":--", right: "--:", center: ":-:" };
const { nodes, marks } = defaultMarkdownSerializer;
const serializer = new MarkdownSerializer(
  {
    ...nodes,
    bullet_list: (state, node) => state.renderList(node, "  ", () => "- "),
    paragraph(state, node) {
      state.write();
      const at = state.out.length;
      state.renderInline(node);
      const written = state.out.slice(at);
      // Signs that would open something else at the start of a line.
      state.out = state.out.slice(0, at) + written.replace(/^(:{3,})/gm, "\\$1").replace(/^(=+|\|)/gm, "\\$1");
      state.closeBlock(node);
    },
    callout(state, node) {
      state.write(`::: ${node.attrs.info}\n`);
      state.renderContent(node);
      state.flushClose(1);
      state.write(":::");
      state.closeBlock(node);
    },
    steps(state, node) {
      state.write(`::: stappen ${node.attrs.slug}\n:::`);
      state.closeBlock(node);
    },
    table(state, node) {
      node.forEach((row, _offset, index) => {
        const cells = [];
        row.forEach((cell) => cells.push(inCell(state, cell)));
        state.write(`| ${cells.join(" | ")} |\n`);
        if (index) return;
        const rules = [];
        row.forEach((cell) => rules.push(RULES[cell.attrs.align] || "---"));
        state.write(`| ${rules.join(" | ")} |\n`);
      });
      state.out = state.out.replace(/\n$/, "");
      state.closeBlock(node);
    },
  },
  { ...marks, strike: { open: "~~", close: "~~", mixable: true, expelEnclosingWhitespace: true } },
);

/* The Markdown of a document. */
export function write(doc) {
  const written = [];
  doc.forEach((block) => {
    if (!sources.has(block)) {
      const alone = doc.type.create(null, block);
      sources.set(block, serializer.serialize(alone, { tightLists: false }));
    }
    const source = sources.get(block);
    if (source.trim()) written.push(source);
  });
  return written.join("\n\n");
}

/* The Markdown of `text` as if every block had been edited. */
export function rewritten(text) {
  return serializer.serialize(parser.parse(text), { tightLists: false });
}
