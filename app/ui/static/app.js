/* Small comforts. Every page works without this file. */
"use strict";

/* A form with data-guard asks before its changes are lost; data-guard="changed" says that it came back with some.
   A form is sent once, however often its button is hit: a second try within five seconds is the same hand, after
   that it is a new wish (data-download: always). */
const changed = new Set(document.querySelectorAll("form[data-guard='changed']"));
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  changed.delete(form);
  /* A link to what is wrong leaves its #place in the address. The answer would jump there again, away from what it
     has to say. */
  if (location.hash && !form.getAttribute("action")) {
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  if (form.method !== "post" || form.matches("[data-download], [hx-post]")) return;
  if (form.hasAttribute("data-sent")) event.preventDefault();
  form.setAttribute("data-sent", "");
  setTimeout(() => form.removeAttribute("data-sent"), 5000);
});
window.addEventListener("beforeunload", (event) => {
  changed.forEach((form) => form.isConnected || changed.delete(form));
  if (changed.size) event.preventDefault();
});

/* The skip link without a #main in the address: a browser goes back there, from whatever has the focus, for as long as
   the page loads, and once more in the answer to a form. */
document.addEventListener("click", (event) => {
  if (!event.target.closest(".skip")) return;
  event.preventDefault();
  document.getElementById("main").focus();
});

/* Menus (details) close on Escape, on a click elsewhere, and when another one opens. */
function closeMenus(except) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  });
}
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement.closest("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));

/* Browsers that do not know command buttons open and close dialogs here. */
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close();
  });
}

/* A shared desk: two minutes before a silent session ends, ask. Any answer is a sign of life. */
const stillThere = document.getElementById("still-there");
if (stillThere) {
  const silence = (Number(document.body.dataset.idleMinutes) - 2) * 60_000;
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stillThere.showModal(), Math.max(silence, 0));
  };
  stillThere.addEventListener("close", () => fetch(stillThere.dataset.href).then(wait));
  document.addEventListener("htmx:afterRequest", wait);
  wait();
}

/* Tick boxes: data-check-all ticks every box of the form that has the name it gives. */
document.addEventListener("change", (event) => {
  const name = event.target.getAttribute("data-check-all");
  if (!name) return;
  event.target.form.querySelectorAll(`input[type=checkbox][name="${name}"]`).forEach((box) => {
    box.checked = event.target.checked;
  });
});

/* After a load or a partial update: put the focus where the news is, and tell a screen reader what changed.
   data-then="[data-first]": go on to the next such element of the page. */
function attend(root) {
  if (root.dataset.then) {
    const after = [...document.querySelectorAll(root.dataset.then)];
    const next = after.find((each) => root.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (next) next.focus();
  }
  const focus = root.matches("[data-focus]") ? root : root.querySelector("[data-focus]");
  if (focus) focus.focus();
  const news = root.querySelector("[data-announce]");
  if (news) document.getElementById("live").textContent = news.textContent;
}
document.addEventListener("htmx:afterSwap", (event) => attend(event.detail.elt));
/* Who signed in anew in another tab: the forms that stand here get a token that counts (see app/ui/errors.py). */
document.addEventListener("fresh-token", (event) => {
  const token = event.detail.value;
  document.querySelectorAll("input[name$=csrf_token]").forEach((field) => { field.value = token; });
  if (document.body.hasAttribute("hx-headers")) document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
});
/* What stood in the way of the last save is old news when the next one leaves. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb === "get") return;
  document.querySelectorAll("#messages > .notice-late").forEach((old) => old.remove());
});
document.addEventListener("htmx:sendError", (event) => {
  const messages = document.getElementById("messages");
  messages.textContent = "";
  const note = document.createElement("div");
  note.className = "notice notice-late";
  const saves = event.detail.requestConfig.verb !== "get";
  note.textContent = saves ? messages.dataset.notSaved : messages.dataset.offline;
  note.tabIndex = -1;
  messages.append(note);
  note.focus();  // who saved at the bottom of a long page sees it
});
const focus = document.querySelector("[data-focus]");
if (focus) focus.focus();

/* What a page keeps on the device to work without a network (see outreach/static/away.js) ends with the session:
   whoever is not signed in finds neither its list nor its key. What was logged and not yet sent stays, unreadable. */
if (document.body.classList.contains("stranger") && window.indexedDB && indexedDB.databases) {
  indexedDB.databases().then((found) => {
    if (!found.some((each) => each.name === "woonvast-offline")) return;
    const asked = indexedDB.open("woonvast-offline");
    asked.onsuccess = () => {
      const kept = ["keys", "lists"].filter((name) => asked.result.objectStoreNames.contains(name));
      if (kept.length) {
        const change = asked.result.transaction(kept, "readwrite");
        kept.forEach((name) => change.objectStore(name).clear());
        change.oncomplete = () => asked.result.close();
      }
    };
  });
}
