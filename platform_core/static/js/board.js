// The triage board while it is open: every change of a ticket on show is drawn in its row, where it stands; new tickets
// and those that belong elsewhere wait behind "2 changes: put in order again". Keyboard: j k a x / and Enter.
import { subscribe } from "./live.js";

const BURST = 150; // ms that changes are gathered before one request asks for all of them
const MOST = 50; // rows in one request, as the server has it
const MINUTE = 60_000; // ms: what is left of each promise is told by the minute

const board = document.querySelector("[data-board]");
const fresh = board.querySelector("[data-fresh]");
const row = (reference) => board.querySelector(`tr[data-ref="${CSS.escape(reference)}"]`);
const rows = () => [...board.querySelectorAll("tr[data-ref]")];
const places = new Map(rows().map((each) => [each.dataset.ref, each.dataset.place])); // as the page was made
const elsewhere = new Set(); // references that stand, or stood, somewhere else
const waiting = new Set();
let timer = 0;
let asking = false;

// ---- what happens elsewhere ----

subscribe("desk", ({ data }) => hear(data.reference), { since: Number(board.dataset.board) });
document.addEventListener("live:reset", () => offer(true));
setInterval(() => { if (!document.hidden) refresh(); }, MINUTE);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });

function refresh() {
  for (const each of rows()) waiting.add(each.dataset.ref);
  later();
}

function hear(reference) {
  waiting.add(reference);
  later();
}

function later(pause = BURST) {
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
}

async function ask() {
  if (asking) return later();
  const wanted = [...waiting].slice(0, MOST);
  wanted.forEach((reference) => waiting.delete(reference));
  asking = true;
  let html = "";
  try {
    const answer = await fetch(`${board.dataset.rows}&rows=${wanted.join(",")}`, { redirect: "error" });
    if (answer.ok) html = await answer.text();
  } catch { /* away: the banner says so */ }
  asking = false;
  if (!html) { // ask again when we may be back
    wanted.forEach((reference) => waiting.add(reference));
    return later(MINUTE / 12);
  }
  if (waiting.size) later();
  show(html);
}

function show(html) {
  const news = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["board-sum", "board-day", "board-tabs"]) {
    const [old, now] = [document.getElementById(id), news.getElementById(id)];
    if (!old || !now || old.contains(document.activeElement) && document.activeElement !== old) continue;
    const left = old.scrollLeft;
    const focused = old === document.activeElement;
    old.replaceWith(now);
    now.scrollLeft = left;
    if (focused) now.focus({ preventScroll: true });
  }
  for (const now of news.querySelectorAll("tr[data-ref]")) draw(now);
  offer();
  return news.querySelector("[data-said]")?.textContent ?? "";
}

function draw(now) {
  const { ref, place, here } = now.dataset;
  const old = row(ref);
  if (!old) {
    // On a later page we cannot know whether it would be here; on the first one, a new ticket is news.
    if (here === "1" && board.dataset.first && !places.has(ref)) elsewhere.add(ref);
    else if (here === "0") elsewhere.delete(ref);
    return;
  }
  if (here === "0" || place !== places.get(ref)) elsewhere.add(ref);
  else elsewhere.delete(ref);
  const focused = old.contains(document.activeElement) && document.activeElement;
  now.querySelector("input").checked = old.querySelector("input").checked;
  now.classList.toggle("board__row--sel", old.classList.contains("board__row--sel"));
  old.replaceWith(now);
  if (focused) (now.querySelector(focused.localName) ?? now.querySelector("a")).focus({ preventScroll: true });
}

function offer(whole = false) {
  const count = elsewhere.size || Number(whole);
  if (!count) return fresh.replaceChildren();
  const words = count === 1 ? fresh.dataset.one : fresh.dataset.many.replace("%n", count);
  if (fresh.textContent === words) return; // told already
  const link = document.createElement("a");
  link.className = "btn btn--s";
  link.href = location.pathname + location.search;
  link.textContent = words;
  fresh.replaceChildren(link);
}

// ---- taking a ticket without leaving the page ----

const take = document.getElementById("take");
take.addEventListener("submit", async (event) => {
  if (!event.submitter) return;
  event.preventDefault();
  const { value } = event.submitter;
  event.submitter.disabled = true;
  try {
    const sent = new FormData(take, event.submitter);
    sent.set(event.submitter.name, value);
    const answer = await fetch(take.action, { method: "POST", body: sent, headers: { "X-Fragment": "1" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const said = show(await answer.text());
    row(value)?.querySelector("a").focus({ preventScroll: true });
    if (said) tell(said);
  } catch { // let the browser say what is wrong
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "agafa", value });
    take.append(field);
    take.submit();
  }
});

function tell(words) {
  const line = document.createElement("p");
  line.className = "banner banner--risk";
  line.textContent = words;
  fresh.replaceChildren(line);
}

// ---- several at once ----

const bulk = document.querySelector("[data-bulk]");
const chosen = bulk?.querySelector("[data-chosen]");
function count() {
  const many = board.querySelectorAll("tr input:checked").length;
  bulk.hidden = !many;
  chosen.textContent = many === 1 ? chosen.dataset.one : many ? chosen.dataset.many.replace("%n", many) : chosen.dataset.none;
}
if (bulk) {
  board.addEventListener("change", (event) => { if (event.target.name === "tria") count(); });
  count();
}

// ---- keyboard ----

const typing = (target) => target.matches?.("input:not([type=checkbox]), textarea, select") || target.closest?.("dialog[open]");

function select(next) {
  if (!next) return;
  rows().forEach((each) => each.classList.toggle("board__row--sel", each === next));
  next.querySelector("a").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", ({ target }) => {
  const now = target.closest?.("tr[data-ref]");
  if (now) rows().forEach((each) => each.classList.toggle("board__row--sel", each === now));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || typing(event.target)) return;
  const all = rows();
  const at = all.findIndex((each) => each.classList.contains("board__row--sel"));
  const keys = {
    j: () => select(all[Math.min(at + 1, all.length - 1)]),
    k: () => select(all[Math.max(at - 1, 0)]),
    a: () => all[at]?.querySelector("button[name=agafa]")?.click(),
    x: () => all[at]?.querySelector("input").click(),
    "/": () => board.querySelector("[data-slash]").focus(),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
