/* Keeps what an editor types, so that a crash costs at most two seconds. The page works without it. */
"use strict";

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const kept = form.querySelector(".kept");
  const { title = "title", body = "body" } = form.dataset; // the fields whose words are kept
  let timer = 0;
  let sent = "";

  const typed = () => {
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    data.set("place", form.dataset.place);
    data.set("title", form.elements[title].value);
    data.set("body", form.elements[body].value.replace(/\r\n/g, "\n"));
    data.set("base", form.elements[form.dataset.counted]?.value ?? "");
    return data;
  };
  const keep = async (leaving) => {
    clearTimeout(timer);
    timer = 0;
    const data = typed();
    const text = data.get("title") + "\n" + data.get("body");
    if (text === sent) return;
    try {
      // A request that outlives its page may carry 64 KB; a longer text was kept while it was typed.
      const keepalive = leaving && text.length < 20_000;
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: data, keepalive });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
        kept.textContent = (await answer.json()).message;
        if (answer.ok) sent = text;
        return;
      }
    } catch {
      /* the network is away; said below */
    }
    kept.textContent = form.dataset.offline;
    timer = setTimeout(keep, 10_000);
  };
  form.addEventListener("input", (event) => {
    if (event.target.name !== title && event.target.name !== body) return;
    clearTimeout(timer);
    timer = setTimeout(keep, 2_000);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = 0; // or leaving the page would keep what is being saved
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) keep(true);
  });
}
