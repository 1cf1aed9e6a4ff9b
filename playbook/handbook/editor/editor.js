/* The editor of the playbook: a text as it will look, kept as Markdown in the form's own text box. The box stays the
   truth: it is what is sent, kept while typing and shown without script. */

import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, TextSelection } from "prosemirror-state";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { CALLOUTS, read, rewritten, schema, stepsTitle, write } from "./markdown.js";

export { read, rewritten, write };

const { nodes, marks } = schema;
const KEPT = "handbook-view";

function insertTable(state, dispatch) {
  if (isInTable(state)) return false;
  const row = (type) => nodes.table_row.create(null, [type.create(), type.create()]);
  const table = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
  const firstCell = (from) => from + 3; // into the table, its row, its cell
  return insertBelow(table, firstCell, nodes.callout)(state, dispatch);
}

/* Below the block in which one writes, with a line to write on after it; an empty paragraph makes room for it. The block
   is that of the text itself, or of the call-out around it where the node may stand in one. */
function insertBelow(node, cursor, mayBeWithin = null) {
  return (state, dispatch) => {
    const { $from, to: end } = state.selection;
    const around = mayBeWithin && within(state, mayBeWithin);
    let level = 1;
    while (around && $from.node(level) !== around) level += 1;
    if (around) level += 1;
    const isEmpty = $from.depth === level && !$from.parent.content.size;
    const to = $from.depth ? $from.after(level) : end;
    const from = isEmpty ? $from.before(level) : to;
    const after = to === state.doc.content.size ? [nodes.paragraph.create()] : [];
    const tr = state.tr.replaceWith(from, to, [node, ...after]);
    if (dispatch) dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(cursor(from)))).scrollIntoView());
    return true;
  };
}

/* A new line below the outermost block: the way out of a table or a call-out that ends the text. */
const lineBelow = (state, dispatch) => {
  const { $to } = state.selection;
  if (!$to.depth) return false;
  const at = $to.after(1);
  const tr = state.tr.insert(at, nodes.paragraph.create());
  if (dispatch) dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1))).scrollIntoView());
  return true;
};

/* Not within a call-out: the end of the list would end it. */
function insertSteps(slug) {
  const list = nodes.steps.create({ slug, title: stepsTitle(slug) });
  return insertBelow(list, (from) => from + list.nodeSize);
}

function within(state, type) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type === type) return $from.node(depth);
  return null;
}

function toggleList(type) {
  return (state, dispatch) => (within(state, type) ? liftListItem(nodes.list_item)(state, dispatch) : wrapInList(type, { tight: true })(state, dispatch));
}

function toggleWrap(type, attrs) {
  return (state, dispatch) => (within(state, type) ? lift(state, dispatch) : wrapIn(type, attrs)(state, dispatch));
}

function hasMark(state, type) {
  const { from, $from, to, empty } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

const lineBreak = chainCommands(exitCode, (state, dispatch) => {
  if (isInTable(state)) return false;
  if (dispatch) dispatch(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

const rules = inputRules({
  rules: [
    textblockTypeInputRule(/^(#{1,3})\s$/, nodes.heading, (match) => ({ level: match[1].length })),
    wrappingInputRule(/^\s*([-*])\s$/, nodes.bullet_list, { tight: true }),
    wrappingInputRule(/^(\d+)\.\s$/, nodes.ordered_list, (match) => ({ order: Number(match[1]), tight: true })),
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
    new InputRule(/^---$/, (state, _match, start, end) => state.tr.replaceRangeWith(start - 1, end, nodes.horizontal_rule.create())),
  ],
});

/* A press of Alt-F10 goes to the buttons, Escape back to the text. Tab goes from cell to cell in a table and leaves the
   editor after the last one, as it does anywhere else in a form. */
function keys(toolbar, ask) {
  return keymap({
    "Mod-z": undo, "Mod-y": redo, "Mod-Shift-z": redo,
    "Mod-b": toggleMark(marks.strong), "Mod-i": toggleMark(marks.em), "Mod-`": toggleMark(marks.code),
    "Mod-k": () => ask("link"),
    "Mod-Alt-0": setBlockType(nodes.paragraph),
    "Mod-Alt-1": setBlockType(nodes.heading, { level: 1 }),
    "Mod-Alt-2": setBlockType(nodes.heading, { level: 2 }),
    "Mod-Alt-3": setBlockType(nodes.heading, { level: 3 }),
    "Mod-]": sinkListItem(nodes.list_item), "Mod-[": liftListItem(nodes.list_item),
    "Shift-Enter": lineBreak, Enter: splitListItem(nodes.list_item),
    Tab: goToNextCell(1), "Shift-Tab": goToNextCell(-1), "Mod-Enter": lineBelow,
    "Alt-F10": () => toolbar.focusFirst(),
  });
}

function button(label, run, isOn, text) {
  return { label, run, isOn, text };
}

class Toolbar {
  constructor(words, ask) {
    this.dom = document.createElement("div");
    this.dom.className = "toolbar";
    this.dom.setAttribute("role", "toolbar");
    this.dom.setAttribute("aria-label", words.toolbar);
    this.items = [];
    const kinds = this.choice(words.kind, [["0", words.text], ["1", words.heading1], ["2", words.heading2], ["3", words.heading3]]);
    kinds.addEventListener("change", () => {
      const level = Number(kinds.value);
      this.run(level ? setBlockType(nodes.heading, { level }) : setBlockType(nodes.paragraph));
    });
    this.kinds = kinds;
    const list = [
      button(words.bold, toggleMark(marks.strong), (state) => hasMark(state, marks.strong), "B"),
      button(words.italic, toggleMark(marks.em), (state) => hasMark(state, marks.em), "I"),
      button(words.bullets, toggleList(nodes.bullet_list), (state) => within(state, nodes.bullet_list)),
      button(words.numbers, toggleList(nodes.ordered_list), (state) => within(state, nodes.ordered_list)),
      button(words.quote, toggleWrap(nodes.blockquote), (state) => within(state, nodes.blockquote)),
      button(words.link, () => ask("link"), (state) => hasMark(state, marks.link)),
      ...(document.getElementById("editor-file") ? [button(words.file, () => ask("file"))] : []),
      button(words.table, insertTable, isInTable),
    ];
    this.buttons = list.map((each) => this.button(each));
    const boxes = this.choice(words.callout, [["", words.callout], ...Object.keys(CALLOUTS).map((kind) => [kind, words.callouts[kind]]), ["-", words.nocallout]]);
    boxes.addEventListener("change", () => {
      const kind = boxes.value;
      this.run((state, dispatch) => {
        const attrs = { kind, info: kind, title: words.callouts[kind] };
        const now = within(state, nodes.callout);
        if (!now) return kind && kind !== "-" ? wrapIn(nodes.callout, attrs)(state, dispatch) : false;
        if (kind === "-") return lift(state, dispatch);
        const { $from } = state.selection;
        for (let depth = $from.depth; depth > 0; depth -= 1) {
          if ($from.node(depth) === now && dispatch) dispatch(state.tr.setNodeMarkup($from.before(depth), null, attrs));
        }
        return true;
      });
    });
    this.boxes = boxes;
    if (Object.keys(words.scenarios || {}).length) {
      const lists = this.choice(words.steps, [["", words.steps], ...Object.entries(words.scenarios)]);
      lists.addEventListener("change", () => {
        const slug = lists.value;
        lists.value = "";
        if (slug) this.run(insertSteps(slug));
      });
    }
    this.inTable = [
      button(words.rowAfter, addRowAfter), button(words.columnAfter, addColumnAfter), button(words.rowGone, deleteRow),
      button(words.columnGone, deleteColumn), button(words.tableGone, deleteTable),
    ].map((each) => this.button(each));
    this.buttons.push(this.button(button(words.undo, undo)), this.button(button(words.redo, redo)));
    this.dom.addEventListener("keydown", (event) => this.move(event));
  }

  choice(label, options) {
    const select = document.createElement("select");
    select.className = "form-select";
    select.setAttribute("aria-label", label);
    for (const [value, text] of options) select.append(new Option(text, value));
    return this.add(select);
  }

  button(each) {
    const dom = document.createElement("button");
    dom.type = "button";
    dom.className = "btn btn-quiet";
    dom.textContent = each.text || each.label;
    if (each.text) {
      dom.setAttribute("aria-label", each.label);
      dom.classList.add(each.text === "B" ? "is-bold" : "is-italic");
    }
    dom.title = each.label;
    dom.addEventListener("mousedown", (event) => event.preventDefault());
    dom.addEventListener("click", () => this.run(each.run));
    this.add(dom);
    return { dom, isOn: each.isOn, run: each.run };
  }

  add(dom) {
    dom.tabIndex = this.items.length ? -1 : 0;
    this.items.push(dom);
    this.dom.append(dom);
    return dom;
  }

  run(command) {
    command(this.view.state, this.view.dispatch, this.view);
    if (!document.querySelector("dialog[open]")) this.view.focus();
  }

  focusFirst() {
    this.items.find((item) => item.tabIndex === 0).focus();
    return true;
  }

  /* One stop for Tab; the arrows go from button to button (the toolbar pattern of ARIA). */
  move(event) {
    if (event.key === "Escape") {
      this.view.focus();
      return;
    }
    if (["ArrowUp", "ArrowDown"].includes(event.key) && event.target.matches("select") && event.target.showPicker) {
      event.preventDefault(); // or the first choice would be made at once; now one goes through the list, and Enter chooses
      event.target.showPicker();
      return;
    }
    const shown = this.items.filter((item) => !item.hidden && !item.disabled);
    const at = shown.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.items.forEach((item) => { item.tabIndex = -1; });
    const next = shown[(to + shown.length) % shown.length];
    next.tabIndex = 0;
    next.focus();
  }

  update(state) {
    for (const { dom, isOn } of this.buttons) if (isOn) dom.setAttribute("aria-pressed", String(Boolean(isOn(state))));
    const { parent } = state.selection.$from;
    this.kinds.value = parent.type === nodes.heading ? String(Math.min(parent.attrs.level, 3)) : "0";
    this.boxes.value = within(state, nodes.callout)?.attrs.kind || "";
    const shown = isInTable(state);
    for (const { dom } of this.inTable) {
      dom.hidden = !shown;
      if (!shown && dom.tabIndex === 0) {
        dom.tabIndex = -1;
        this.items[0].tabIndex = 0;
      }
    }
  }
}

/* The dialogs ask for a link's address or send a file; they are in the page (editor.html), in the reader's language, once
   for all its editors. `writer`: the editor that asked. */
let writer = null;

function ask(which, editor) {
  const dialog = document.getElementById(`editor-${which}`);
  writer = editor;
  if (which === "link") {
    const { $from } = editor.view.state.selection;
    const there = $from.marks().find((mark) => mark.type === marks.link) || $from.nodeAfter?.marks.find((mark) => mark.type === marks.link);
    dialog.querySelector("input").value = there ? there.attrs.href : "";
  }
  dialog.showModal();
  return true;
}

function listenToDialogs() {
  const link = document.getElementById("editor-link");
  const file = document.getElementById("editor-file");
  link.addEventListener("close", () => writer.view.focus());
  file?.addEventListener("close", () => writer.view.focus());
  link.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { view } = writer;
    const href = link.querySelector("input").value.trim();
    const { from, to, empty } = view.state.selection;
    const tr = view.state.tr;
    if (empty && href) tr.insertText(href, from);
    const end = empty ? from + href.length : to;
    tr.removeMark(from, end, marks.link);
    if (href) tr.addMark(from, end, marks.link.create({ href }));
    view.dispatch(tr);
    link.close();
  });
  file?.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = file.querySelector(".wrong");
    const said = new FormData(event.target);
    said.set("csrf_token", writer.form.elements.csrf_token.value);
    wrong.textContent = "";
    const input = event.target.elements.file;
    const size = input.files[0]?.size ?? 0;
    if (size > Number(input.dataset.most)) { // said at once, and not after it was sent
      wrong.textContent = input.dataset.tooLarge.replace("{size}", Math.ceil(size / 1_000_000));
      return;
    }
    try {
      const answer = await fetch(event.target.action, { method: "POST", body: said, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.message);
      const { view } = writer;
      const node = told.is_picture
        ? nodes.image.create({ src: told.address, alt: told.title })
        : schema.text(told.title, [marks.link.create({ href: told.address })]);
      view.dispatch(view.state.tr.replaceSelectionWith(node, false).scrollIntoView());
      event.target.reset();
      file.close();
    } catch (error) {
      wrong.textContent = error instanceof TypeError || error instanceof SyntaxError ? event.target.dataset.offline : error.message;
    }
  });
}

function start(area) {
  const words = JSON.parse(area.closest("[data-words]").dataset.words);
  const label = document.querySelector(`label[for="${area.id}"]`);
  const frame = document.createElement("div");
  frame.className = "editor";
  const editor = { view: null, form: area.form };
  const open = (which) => ask(which, editor);
  const toolbar = new Toolbar(words, open);
  const plugins = [rules, keys(toolbar, open), keymap(baseKeymap), history(), tableEditing()];
  const fresh = () => EditorState.create({ doc: read(area.value.replace(/\r\n/g, "\n"), words.callouts, { ...words.scenarios, "": words.steps }), plugins });
  frame.append(toolbar.dom);
  const view = new EditorView(frame, {
    state: fresh(),
    attributes: {
      class: "prose", role: "textbox", "aria-multiline": "true", "aria-label": label.textContent, lang: "nl", spellcheck: "true",
      ...Object.fromEntries(["aria-invalid", "aria-describedby"].filter((name) => area.hasAttribute(name)).map((name) => [name, area.getAttribute(name)])),
    },
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      toolbar.update(view.state);
      if (!transaction.docChanged) return;
      area.value = write(view.state.doc);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  toolbar.view = editor.view = view;
  toolbar.update(view.state);

  const switcher = document.createElement("button");
  switcher.type = "button";
  switcher.className = "btn btn-quiet";
  const show = (formatted) => {
    if (formatted) view.updateState(fresh());
    frame.hidden = !formatted;
    area.hidden = formatted;
    for (const help of area.form.querySelectorAll(".signs")) help.hidden = formatted; // how the signs are written
    for (const help of area.form.querySelectorAll(".keys")) help.hidden = !formatted;
    switcher.textContent = formatted ? words.asSigns : words.asText;
  };
  switcher.addEventListener("click", () => {
    const formatted = frame.hidden;
    localStorage.setItem(KEPT, formatted ? "text" : "signs");
    show(formatted);
    if (formatted) view.focus();
    else area.focus();
  });
  label.addEventListener("click", () => { if (!frame.hidden) view.focus(); });
  area.before(switcher, frame);
  show(localStorage.getItem(KEPT) !== "signs");
}

/* One that stands in a part that is folded starts when that is opened: a page has one for each of its blocks. */
const areas = document.querySelectorAll("[data-words] textarea[data-editor]");
if (areas.length) listenToDialogs();
for (const area of areas) {
  const folded = area.closest("details:not([open])");
  if (folded) folded.addEventListener("toggle", () => start(area), { once: true });
  else start(area);
}
