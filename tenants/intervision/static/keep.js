/* Keeps what somebody types about a case, so that nothing is lost. The page works without it. */
"use strict";

for (const form of document.querySelectorAll("form[data-keep]")) {
  const told = document.getElementById("kept");
  let timer = 0;
  let sending = false;

  const keep = async () => {
    clearTimeout(timer);
    timer = 0;
    if (sending) {
      timer = setTimeout(keep, 1_000); // the answer brings the revision that the next one needs
      return;
    }
    sending = true;
    const data = new FormData(form);
    data.set("autosave", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
        const said = await answer.json();
        told.textContent = said.message;
        if (said.revision) form.elements.revision.value = said.revision;
        return;
      }
      told.textContent = form.dataset.offline;
    } catch {
      told.textContent = form.dataset.offline;
      timer = setTimeout(keep, 10_000);
    } finally {
      sending = false;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 2_000);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) return;
    event.preventDefault(); // wait for the revision, then send what the button said
    const button = event.submitter;
    const wait = setInterval(() => {
      if (sending) return;
      clearInterval(wait);
      form.removeAttribute("data-sent");
      form.requestSubmit(button);
    }, 50);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) keep();
  });
}
