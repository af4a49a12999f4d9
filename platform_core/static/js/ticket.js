// A conversation while it is open: its state and promise are drawn anew at once; new answers wait behind a button, so that
// nothing moves under who reads.
import { start as identity } from "./identity.js";
import { subscribe } from "./live.js";
import { start as once } from "./once.js";

const BURST = 150; // ms that changes are gathered before one request asks for all of them
const MINUTE = 60_000; // ms: what is left of the promise is told by the minute

const page = document.querySelector("[data-ticket]");
const fresh = page.querySelector("[data-fresh]");
const talk = document.getElementById("talk");
let version = Number(page.dataset.version); // what the reader has been shown
let waiting = null;
let timer = 0;
let asking = false;
let again = false;

const form = page.querySelector("form[data-once]");
if (form) {
  once(form);
  identity(form);
}

subscribe(`ticket:${page.dataset.ticket}`, () => later(), { since: Number(page.dataset.cursor) });
document.addEventListener("live:reset", () => later());
setInterval(() => { if (!document.hidden) later(); }, MINUTE);

function later(pause = BURST) {
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
}

async function ask() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  again = false;
  try {
    const answer = await fetch(`${page.dataset.news}?des=${version}`, { redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { // away, or signed out: the banner says so
    later(MINUTE / 12);
  }
  asking = false;
  if (again) later();
}

function show(news) {
  for (const id of ["ticket-head", "ticket-promise"]) {
    const [old, now] = [document.getElementById(id), news.getElementById(id)];
    if (!old || !now || old.contains(document.activeElement)) continue; // never from under somebody's hands
    const wasOpen = old.querySelector("details")?.open;
    if (wasOpen && now.querySelector("details")) now.querySelector("details").open = true;
    old.replaceWith(now);
  }
  const told = news.getElementById("ticket-lines");
  const lines = [...told.children];
  if (!lines.length) return;
  waiting = { version: Number(told.dataset.version), lines };
  const said = Number(told.dataset.said);
  if (!said) return reveal(false); // only what was done: it takes no room from anybody
  const words = said === 1 ? fresh.dataset.one : fresh.dataset.many.replace("%n", said);
  if (fresh.textContent === words) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--s";
  button.textContent = words;
  button.addEventListener("click", () => reveal(true));
  fresh.replaceChildren(button);
}

function reveal(asked) {
  if (!waiting) return;
  const first = waiting.lines.find((line) => "said" in line.dataset) ?? waiting.lines[0];
  talk.append(...waiting.lines);
  version = waiting.version;
  waiting = null;
  fresh.replaceChildren();
  if (!asked) return;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "nearest" });
}
