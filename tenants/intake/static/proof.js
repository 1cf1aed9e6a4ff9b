/* Finds the number that makes the hash of "token:number" begin with enough zero bits, so that a person has nothing
   to solve and a robot has to work for every report. Without this file the form asks for a small sum. */
"use strict";

const form = document.querySelector("form[data-proof]");
if (form && window.crypto && window.crypto.subtle) {
  const sum = form.querySelector("[data-without-proof]");
  const field = form.querySelector("input[name=proof]");
  const bits = Number(form.dataset.bits);
  const encoder = new TextEncoder();
  let waiting = null;

  const zeros = (digest) => {
    const view = new DataView(digest);
    return Math.clz32(view.getUint32(0)) >= bits;
  };
  const hash = (number) => crypto.subtle.digest("SHA-256", encoder.encode(`${form.dataset.proof}:${number}`));
  const search = async () => {
    for (let from = 0; ; from += 256) {
      const digests = await Promise.all(Array.from({ length: 256 }, (_, at) => hash(from + at)));
      const hit = digests.findIndex(zeros);
      if (hit >= 0) return from + hit;
    }
  };
  const ready = () => {
    if (!waiting) return;
    form.removeAttribute("data-sent");
    form.requestSubmit(waiting);
  };

  sum.hidden = true;
  form.addEventListener("submit", (event) => {
    if (field.value || sum.hidden === false || !event.submitter || event.submitter.value !== "send") return;
    event.preventDefault();
    waiting = event.submitter;
  });
  search().then((number) => {
    field.value = String(number);
    ready();
  }).catch(() => {
    sum.hidden = false;
  });
}
