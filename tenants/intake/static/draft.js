/* Keeps what is being filled in before Next is pressed, so that Back, Forward, reloading and another language find it
   too. Without this file it is kept at every Next. */
"use strict";

const writing = document.querySelector("form[data-draft]");
if (writing) {
  const told = () => {
    const fields = new FormData(writing);
    fields.set("go", "keep");
    return new URLSearchParams(fields).toString();
  };
  let kept = told();
  let leaves = false;
  let timer;
  let underWay = Promise.resolve();
  let goesOn = false;
  const keep = () => {
    clearTimeout(timer);
    const now = told();
    if (leaves || now === kept) return underWay;
    kept = now;
    const sent = { method: "POST", body: new URLSearchParams(now), keepalive: true };
    underWay = fetch(location.pathname, sent).catch(() => {});
    return underWay;
  };
  writing.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  });
  writing.addEventListener("change", keep);
  window.addEventListener("beforeunload", keep);
  window.addEventListener("pagehide", keep);
  writing.addEventListener("submit", () => { leaves = true; });
  /* Another form of the page (the language) leads back here: first what was typed has to have arrived. */
  window.addEventListener("submit", (event) => {
    if (event.target === writing || goesOn) return;
    event.preventDefault();
    event.stopPropagation();
    keep().then(() => {
      goesOn = true;
      event.target.requestSubmit(event.submitter);
    });
  }, true);
  window.addEventListener("pageshow", (event) => {
    leaves = false;
    const [arrival] = performance.getEntriesByType("navigation");
    if (event.persisted || !arrival || arrival.type !== "back_forward") return;
    writing.reset();  // a browser puts back what stood here on an earlier visit; what the page came with is newer
    kept = told();
  });
}
