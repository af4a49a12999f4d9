// The workbench while it is open: two tabs to write in (r: answer, n: internal note), who asks beside it, and what others
// do meanwhile. Who has the ticket and its promise are drawn anew at once; new messages wait behind "1 new message".
import { subscribe } from "./live.js";

const BURST = 150; // ms that changes are gathered before one request asks for all of them
const MINUTE = 60_000; // ms: what is left of the promise is told by the minute

const bench = document.querySelector("[data-bench]");
const fresh = bench.querySelector("[data-fresh]");
const talk = document.getElementById("talk");
let version = Number(bench.dataset.version); // what the reader has been shown
let waiting = null; // { version, lines } that wait to be shown
let timer = 0;
let asking = false;
let again = false;

// ---- what happens elsewhere ----

subscribe("desk", ({ data }) => {
  if (data.reference === bench.dataset.bench || bench.querySelector(`#bench-queue [data-ref="${CSS.escape(data.reference)}"]`)) later();
}, { since: Number(bench.dataset.cursor) });
document.addEventListener("live:reset", () => later());
setInterval(() => { if (!document.hidden) later(); }, MINUTE);
document.addEventListener("visibilitychange", () => { if (!document.hidden) later(); });

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
  let html = "";
  try {
    const answer = await fetch(`${bench.dataset.news}?des=${version}`, { redirect: "error" });
    if (answer.ok) html = await answer.text();
  } catch { /* away: the banner says so */ }
  asking = false;
  if (!html) return later(MINUTE / 12);
  if (again) later();
  show(new DOMParser().parseFromString(html, "text/html"));
}

function show(news) {
  const assignee = document.getElementById("assignee");
  if (assignee && assignee !== document.activeElement) {
    assignee.value = news.getElementById("bench-head").dataset.assignee;
  }
  for (const id of ["bench-head", "bench-queue", "bench-promise"]) {
    const [old, now] = [document.getElementById(id), news.getElementById(id)];
    if (!old || !now || old.contains(document.activeElement)) continue; // never from under somebody's hands
    for (const each of old.querySelectorAll("details[open]")) {
      const same = now.querySelector(`details.${[...each.classList].join(".")}`);
      if (same) same.open = true;
    }
    old.replaceWith(now);
  }
  const told = news.getElementById("bench-version");
  const lines = [...news.getElementById("bench-lines").children];
  if (!lines.length) return;
  waiting = { version: Number(told.dataset.version), lines };
  const words = told.textContent.trim();
  if (fresh.textContent === words) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--s";
  button.textContent = words;
  button.addEventListener("click", reveal);
  fresh.replaceChildren(button);
}

function reveal() {
  if (!waiting) return;
  waiting.lines.forEach((line) => line.classList.add("arriving"));
  talk.append(...waiting.lines);
  version = waiting.version;
  // What is sent from now on was written knowing this.
  for (const field of bench.querySelectorAll("input[name=version]")) field.value = version;
  const first = waiting.lines.find((line) => "said" in line.dataset) ?? waiting.lines[0];
  waiting = null;
  fresh.replaceChildren();
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "nearest" });
  loadBeside();
}

// ---- the tabs to write in ----

const compose = bench.querySelector("[data-compose]");
const list = compose.querySelector("[data-compose-tabs]");
const tabs = [...list.querySelectorAll("[role=tab]")];
const pane = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

function choose(chosen, focus = false) {
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
    pane(tab).hidden = tab !== chosen;
  }
  if (focus) pane(chosen).querySelector("textarea").focus();
}

list.hidden = false;
for (const tab of tabs) {
  pane(tab).setAttribute("role", "tabpanel");
  pane(tab).setAttribute("aria-labelledby", tab.id);
  tab.addEventListener("click", () => choose(tab, true));
}
list.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const other = tabs[1 - tabs.indexOf(event.target)];
  choose(other);
  other.focus();
});
choose(tabs[compose.dataset.open === "note" ? 1 : 0]);

const typing = (target) => target.matches?.("input, textarea, select") || target.closest?.("dialog[open]");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || typing(event.target)) return;
  const tab = { r: tabs[0], n: tabs[1] }[event.key];
  if (!tab) return;
  event.preventDefault();
  choose(tab, true);
});

// ---- who asks ----

async function loadBeside() {
  const place = bench.querySelector("[data-beside]");
  if (!place || place.contains(document.activeElement)) return;
  try {
    const answer = await fetch(place.dataset.beside, { headers: { "X-Fragment": "1" }, redirect: "error" });
    if (answer.ok) place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  } catch { /* the link to it stays */ }
}
loadBeside();
