/* Home visits without a network. The list and what is logged are kept encrypted (AES-256-GCM) in IndexedDB, under a
   key of the day that the portal gives to this person only. Signing out, or the end of the day, throws key and list
   away; what was logged stays, unreadable, until the same person is back and it has arrived. app.js does the
   throwing away on every page for strangers. */
"use strict";

const page = document.body.dataset;
const say = (key) => document.getElementById("texts").content.querySelector(`[data-text=${key}]`).textContent;
// 2026-11-24, in Belgium, as the portal counts
const day = () => new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Brussels" });

/* ---- the store ---- */
const opened = new Promise((done, fail) => {
  const asked = indexedDB.open("woonvast-offline", 1);
  asked.onupgradeneeded = () => ["keys", "lists", "entries"].forEach((s) => asked.result.createObjectStore(s, { keyPath: "id" }));
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});
async function store(name, act) {
  const database = await opened;
  return new Promise((done, fail) => {
    const change = database.transaction(name, "readwrite");
    const asked = act(change.objectStore(name));
    change.oncomplete = () => done(asked.result);
    change.onerror = change.onabort = () => fail(change.error);
  });
}
const put = (name, value) => store(name, (s) => s.put(value));
const get = (name, id) => store(name, (s) => s.get(id));
const all = (name) => store(name, (s) => s.getAll());
const remove = (name, id) => store(name, (s) => s.delete(id));

/* ---- locking ---- */
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const keyOf = (hex) => crypto.subtle.importKey("raw", bytes(hex), "AES-GCM", false, ["encrypt", "decrypt"]);
async function lock(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(value)));
  return { iv, data };
}
async function unlock(key, { iv, data }) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data)));
}

async function forget() {
  await Promise.all(["keys", "lists"].map((name) => store(name, (s) => s.clear())));
}
async function forgetOtherDays() {
  const key = await get("keys", "now");
  if (key && key.day !== day()) await forget();
}

/* ---- the portal ---- */
async function fetchRoute() {
  const answer = await fetch(page.data, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json") || !answer.ok) return null;
  const told = await answer.json();
  const key = await keyOf(told.keys[told.day]);
  await put("keys", { id: "now", owner: told.owner, day: told.day, key });
  await put("lists", { id: "now", owner: told.owner, day: told.day, ...(await lock(key, told.visits)) });
  return told;
}

async function handIn(told) {
  const mine = (await all("entries")).filter((entry) => entry.owner === told.owner && told.keys[entry.day]);
  if (!mine.length) return;
  const visits = await Promise.all(mine.map(async (entry) => unlock(await keyOf(told.keys[entry.day]), entry)));
  const answer = await fetch(page.handIn, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": told.csrf },
    body: JSON.stringify({ visits: visits.slice(0, 100) }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  for (const result of (await answer.json()).results) {
    if (result.state !== "refused") await remove("entries", result.id);
    if (result.state === "kept") continue;
    const sent = visits.find((visit) => visit.id === result.id);
    const door = sent && told.visits.find((visit) => visit.step_id === sent.step_id);  // whose door it is about
    const text = door ? `${door.name}: ${result.message}` : result.message;
    message(text, result.state === "refused" ? "late" : "soon", result.id);
  }
}

/* What the page needs without a network: itself and its files. */
async function keepPage() {
  const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=preload], link[rel=icon], script[src]")];
  const addresses = [location.href.split("#")[0], ...files.map((each) => each.href || each.src)];
  const cache = await caches.open("woonvast-offline");
  await cache.addAll(addresses);
  const old = (await cache.keys()).filter((request) => !addresses.includes(request.url));
  await Promise.all(old.map((request) => cache.delete(request)));
  pageKept = true;
}
let pageKept = false;

let busy = null;
let again = false;
function meet() {
  if (busy) { again = true; return busy; }
  busy = talk().finally(() => { busy = null; if (again) { again = false; meet(); } });
  return busy;
}
async function talk() {
  await forgetOtherDays();
  let state = "arrived";
  try {
    let told = await fetchRoute();
    if (!told) state = "signed_out";
    else {
      await handIn(told);
      told = (await fetchRoute()) || told;
      if (navigator.serviceWorker && !pageKept) await keepPage();
    }
  } catch (error) {
    state = navigator.onLine && !(error instanceof TypeError) ? "failed" : "offline";
  }
  await show(state);
}

/* ---- the page ---- */
function message(text, kind, id) {
  const known = document.getElementById(`m-${id}`) || document.createElement("div");
  known.id = `m-${id}`;
  known.className = `notice notice-${kind}`;
  known.textContent = text;
  document.getElementById("messages").append(known);
}

async function show(state) {
  const kept = await get("keys", "now");
  const list = await get("lists", "now");
  const entries = await all("entries");
  const mine = kept ? entries.filter((entry) => entry.owner === kept.owner) : entries;
  const visits = kept && list ? await unlock(kept.key, list) : [];
  const logged = new Set(mine.map((entry) => entry.step));
  const words = [];
  if (state !== "arrived") words.push(say(state));
  if (mine.length) words.push(say("waiting").replace("{n}", mine.length));
  else if (state === "arrived") words.push(say(visits.length ? "arrived" : "empty"));
  if (mine.length < entries.length) words.push(say("others").replace("{n}", entries.length - mine.length));
  const line = document.getElementById("state");
  const paragraph = document.createElement("p");
  paragraph.textContent = words.join(" ");
  line.className = `notice notice-${mine.length || state !== "arrived" ? "soon" : "good"}`;
  line.dataset.waiting = mine.length;
  line.replaceChildren(paragraph);
  if (state === "signed_out") line.append(link("/login/?next=" + encodeURIComponent(location.pathname), say("sign_in")));
  else if (!visits.length && state === "arrived") line.append(link(document.querySelector(".brand").href, say("choose")));
  draw(visits, logged);
}
function link(href, text) {
  const made = document.createElement("a");
  made.className = "btn";
  made.href = href;
  made.textContent = text;
  return made;
}

/* A card stays as it is while somebody types in it. */
function draw(visits, logged) {
  const room = document.getElementById("visits");
  const cards = new Map([...room.children].map((card) => [card.dataset.step, card]));
  visits.forEach((visit) => {
    const card = cards.get(visit.step_id) || make(visit);
    cards.delete(visit.step_id);
    card.querySelector(".why").textContent = `${visit.why} · ${visit.attempts}`;
    const tag = card.querySelector(".tag");
    const over = visit.done || logged.has(visit.step_id);
    tag.hidden = !over;
    tag.textContent = visit.done ? say("done") : say("logged");
    card.querySelector("details").hidden = over;
    if (!card.isConnected) room.append(card);
  });
  cards.forEach((card) => card.remove());
}
function make(visit) {
  const card = document.getElementById("visit").content.cloneNode(true).firstElementChild;
  card.dataset.step = visit.step_id;
  card.querySelector("h2").textContent = visit.name;
  card.querySelector(".where").textContent = visit.address;
  card.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    keep(visit, form.get("result"), form.get("note"));
  });
  return card;
}

async function keep(visit, result, note) {
  const kept = await get("keys", "now");
  if (!kept) return show("signed_out");
  const id = crypto.randomUUID();
  const entry = { id, case_id: visit.case_id, step_id: visit.step_id, at: new Date().toISOString(), result, note };
  await put("entries", { id, owner: kept.owner, day: kept.day, step: visit.step_id, ...(await lock(kept.key, entry)) });
  await show(navigator.onLine ? "arrived" : "offline");
  goOn(visit.step_id);
  return meet();
}
/* The form that had the focus is gone: on to the next door, or to the line that says how far everything is. Who went
   on already keeps their place. */
function goOn(step) {
  const cards = [...document.getElementById("visits").children];
  const at = cards.findIndex((card) => card.dataset.step === step);
  const now = document.activeElement;
  if (now !== document.body && !cards[at]?.contains(now)) return;
  const others = [...cards.slice(at + 1), ...cards.slice(0, Math.max(at, 0))];
  const next = others.map((card) => card.querySelector("details:not([hidden]) > summary")).find(Boolean);
  (next || document.getElementById("state")).focus();
}

async function start() {
  if (!window.isSecureContext || !crypto.subtle) {
    document.querySelector("#state p").textContent = say("no_crypto");
    return;
  }
  document.getElementById("forget").addEventListener("click", async () => { await forget(); await show("empty"); });
  window.addEventListener("online", meet);
  window.addEventListener("offline", () => show("offline"));
  setInterval(async () => {
    if ((await all("entries")).length) await meet();
    else await forgetOtherDays();
  }, 30_000);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  if (navigator.serviceWorker) {
    await navigator.serviceWorker.register(page.worker, { scope: location.pathname }).catch(() => null);
  }
  await forgetOtherDays();
  // On a first visit nothing is known yet: the page says that it is fetching, until the answer is there.
  if (!navigator.onLine || (await get("lists", "now"))) await show(navigator.onLine ? "arrived" : "offline");
  await meet();
}
start();
