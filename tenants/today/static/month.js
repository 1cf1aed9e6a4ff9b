/* The month by keys: arrows go a day or a week on, Home and End to the week's ends, PageUp and PageDown a month. One
   day at a time takes part in the tab order; without this file every day does. */
"use strict";

const month = document.querySelector("[data-month]");
const days = [...month.querySelectorAll("[data-day]")];
const isShown = (link) => link.offsetParent !== null; // on a phone empty days are left out

function stop(link) {
  days.forEach((each) => (each.tabIndex = each === link ? 0 : -1));
}

function go(link) {
  stop(link);
  link.focus();
}

/* Days are reckoned in UTC, where each has twenty-four hours. */
const parse = (text) => new Date(`${text}T00:00:00Z`);
const write = (day) => day.toISOString().slice(0, 10);

function plusDays(text, number) {
  const day = parse(text);
  day.setUTCDate(day.getUTCDate() + number);
  return write(day);
}

function plusMonths(text, number) {
  const day = parse(text);
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + number + 1, 0));
  last.setUTCDate(Math.min(day.getUTCDate(), last.getUTCDate()));
  return write(last);
}

function open(text) {
  location.assign(`${month.dataset.address.replace("0000-00-00", text)}#dag-${text}`);
}

/* To the day itself; where it is left out the next one that is shown in that direction; else to its own month. */
function walk(text, direction) {
  const exact = days.find((link) => link.dataset.day === text);
  if (exact && isShown(exact)) return go(exact);
  const rest = exact
    ? days.filter((link) => isShown(link) && (direction > 0 ? link.dataset.day > text : link.dataset.day < text))
    : [];
  const near = direction > 0 ? rest[0] : rest.at(-1);
  if (near) go(near);
  else open(text);
}

month.addEventListener("keydown", (event) => {
  const link = event.target.closest("[data-day]");
  if (!link || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const day = link.dataset.day;
  const weekday = (parse(day).getUTCDay() + 6) % 7; // Monday is 0
  const moves = {
    ArrowLeft: () => walk(plusDays(day, -1), -1),
    ArrowRight: () => walk(plusDays(day, 1), 1),
    ArrowUp: () => walk(plusDays(day, -7), -1),
    ArrowDown: () => walk(plusDays(day, 7), 1),
    Home: () => walk(plusDays(day, -weekday), 1),
    End: () => walk(plusDays(day, 6 - weekday), -1),
    PageUp: () => open(plusMonths(day, -1)),
    PageDown: () => open(plusMonths(day, 1)),
  };
  if (!moves[event.key]) return;
  event.preventDefault();
  moves[event.key]();
});
month.addEventListener("focusin", (event) => {
  const link = event.target.closest("[data-day]");
  if (link) stop(link);
});

const asked = location.hash.startsWith("#dag-") && document.getElementById(location.hash.slice(1));
const begin = [asked, month.querySelector("[data-begin]"), ...days].find((link) => link && isShown(link));
if (begin) stop(begin);
if (asked && begin === asked) asked.focus();
