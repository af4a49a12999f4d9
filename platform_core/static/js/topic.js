// A topic while it is open. What others write waits behind a button, so that nothing moves under who reads; what changes in
// what is there already (an edit, a reaction) is drawn anew at once. Each post is shown once, by its number.
import { subscribe } from "./live.js";

const BURST = 150; // ms that changes are gathered before one request asks for all of them
const READ_AFTER = 900; // ms that a post is on the screen before it counts as read
const TRY_AGAIN = 5000; // ms
const FRAGMENT = { headers: { "X-Fragment": "1" }, redirect: "error" };

const page = document.querySelector("[data-topic]");
const posts = document.getElementById("posts");
const fresh = page.querySelector("[data-fresh]");
const isAtEnd = Number(page.dataset.last) >= Number(page.dataset.end);
const held = document.createElement("template"); // posts that wait to be shown

let last = Number(page.dataset.last); // the highest number that this page has, shown or held
const stale = new Set(); // numbers of posts to draw anew
let isHeadStale = false;
let isNews = false;
let timer = 0;
let asking = false;

const address = (number) => page.dataset.post.replace(/\/0\/$/, `/${number}/`);
const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

subscribe(`topic:${page.dataset.topic}`, ({ type, data }) => {
  if (type === "agora.posted") isNews = true;
  else if (data.number) stale.add(data.number);
  if (type !== "agora.reacted" && type !== "agora.post_edited") isHeadStale = true;
  if (["agora.posts_split", "agora.topic_merged", "agora.topic_received"].includes(type)) isNews = true;
  later();
}, { since: Number(page.dataset.cursor) });
document.addEventListener("live:reset", () => { isNews = isHeadStale = true; later(); });

function later(pause = BURST) {
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
}

async function ask() {
  if (asking) return later();
  asking = true;
  const [numbers, wantsHead, wantsNews] = [[...stale], isHeadStale, isNews];
  stale.clear();
  isHeadStale = isNews = false;
  try {
    if (wantsNews && isAtEnd) await askNews();
    for (const number of numbers) await askPost(number);
    if (wantsHead) await askHead();
  } catch { // away, or signed out: the banner says so; it is asked again
    numbers.forEach((number) => stale.add(number));
    isHeadStale ||= wantsHead;
    isNews ||= wantsNews;
    later(TRY_AGAIN);
  }
  asking = false;
}

async function get(url) {
  const answer = await fetch(url, FRAGMENT);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return parsed(answer);
}

async function askNews() {
  const news = await get(`${page.dataset.news}?des=${last}`);
  for (const post of news?.querySelectorAll("body > [data-number]") ?? []) {
    const number = Number(post.dataset.number);
    if (number <= last || document.getElementById(post.id)) continue;
    last = number;
    held.content.append(post);
  }
  tell();
}

async function askPost(number) {
  const shown = document.getElementById(`post-${number}`);
  if (!shown || shown.contains(document.activeElement)) return;
  const news = await get(address(number));
  replace(shown, news?.getElementById(`post-${number}`));
}

async function askHead() {
  draw(await get(page.dataset.top));
}

function draw(news, { isMine = false } = {}) {
  for (const id of ["topic-state", "topic-poll", "topic-acts"]) {
    const [old, now] = [document.getElementById(id), news?.getElementById(id)];
    const hasFocus = old?.contains(document.activeElement);
    if (!old || !now || (hasFocus && !isMine)) continue; // never from under somebody's hands
    const isOpen = old.querySelector("details")?.open;
    old.replaceWith(now);
    const details = now.querySelector("details");
    if (details) details.open = Boolean(isOpen);
    if (hasFocus) {
      now.tabIndex = -1;
      now.focus();
    }
  }
}

function replace(old, now) {
  if (!now) return;
  old.replaceWith(now);
  decorate(now);
  watch(now);
}

function tell() {
  const count = held.content.childElementCount;
  if (!fresh || !count) return;
  const words = count === 1 ? fresh.dataset.one : fresh.dataset.many.replace("%n", count);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = words;
  button.addEventListener("click", reveal);
  fresh.replaceChildren(button);
}

function reveal() {
  const first = held.content.firstElementChild;
  const arrived = [...held.content.children];
  posts.append(held.content);
  fresh.replaceChildren();
  for (const post of arrived) {
    decorate(post);
    watch(post);
  }
  first.tabIndex = -1;
  first.focus();
}

// ---- what one does with a post or the topic, without leaving the place ----

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const isPost = form.matches("[data-do]");
  if (!isPost && !form.matches("[data-act]")) return;
  event.preventDefault();
  if (event.submitter?.dataset.confirm && !confirm(event.submitter.dataset.confirm)) return;
  const sent = new FormData(form, event.submitter);
  const [post, value] = [form.closest("[data-number]"), event.submitter?.value ?? ""];
  try {
    const answer = await fetch(form.action, { ...FRAGMENT, method: "POST", body: sent });
    if (answer.status === 409) return window.alert((await answer.json()).problem);
    if (!answer.ok) throw new Error(String(answer.status));
    const news = await parsed(answer);
    if (!isPost) return draw(news, { isMine: true });
    const now = news.getElementById(post.id);
    replace(post, now);
    // The focus stays on the button that was pressed.
    const same = value.replace(/[+-]\d?$/, "");
    now?.querySelector(`button[name="fes"][value^="${CSS.escape(same)}"]`)?.focus();
  } catch { // as without this module
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "fes", value }));
    form.submit();
  }
});

// ---- quoting ----

const text = document.querySelector("#resposta textarea");

function decorate(part) {
  for (const button of part.querySelectorAll("[data-quote]")) button.hidden = !text;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-quote]");
  if (!button || !text) return;
  const words = button.closest(".msg").querySelector(".msg__text").innerText.trim();
  const chosen = String(getSelection()).trim();
  const quoted = (chosen && words.includes(chosen) ? chosen : words).split("\n").map((line) => `> ${line}`).join("\n");
  const before = text.value.trim();
  text.value = `${before ? `${before}\n\n` : ""}> **${button.dataset.name}**\n>\n${quoted}\n\n`;
  const number = document.querySelector("#resposta [name=reply_to]");
  if (number) number.value = button.dataset.quote;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
});

// ---- how far one has read; it only grows ----

let seen = 0;
let sending = 0;
const timers = new Map();
const watcher = page.dataset.read && "IntersectionObserver" in window && new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    clearTimeout(timers.get(target));
    if (isIntersecting) timers.set(target, setTimeout(() => read(target), READ_AFTER));
  }
});

function watch(post) {
  if (watcher) watcher.observe(post);
}

function read(post) {
  if (document.hidden) return;
  watcher.unobserve(post);
  const number = Number(post.dataset.number);
  if (number <= seen) return;
  seen = number;
  clearTimeout(sending);
  sending = setTimeout(() => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    const body = new URLSearchParams({ fins: seen, csrfmiddlewaretoken: token });
    fetch(page.dataset.read, { method: "POST", body, keepalive: true, redirect: "error" }).catch(() => { seen = 0; });
  }, BURST);
}

for (const post of posts.querySelectorAll("[data-number]")) watch(post);
decorate(page);
