// The bell of every page: how many notices wait. Asked for when the page opens and when something happens to this person;
// on the page of notices, what has been shown is told to have been seen.
import { subscribe } from "./live.js";

const BURST = 300; // ms that news are gathered before one request asks how many they are
const SEEN_AFTER = 900; // ms that the notices are on the screen before they count as seen
const MOST = 99;

const bell = document.querySelector("[data-bell]");
const badge = bell.querySelector(".count");
const number = bell.querySelector("[data-count]");
let timer = 0;

async function ask() {
  try {
    // Who has still to accept the code, or to set up a second factor, is led there and hears of it later.
    const answer = await fetch(bell.dataset.bell, { redirect: "manual" });
    if (answer.ok) draw((await answer.json()).count);
  } catch { /* away: it is asked again with the next page or the next thing that happens */ }
}

function draw(count) {
  number.textContent = count > MOST ? `${MOST}+` : count;
  badge.hidden = !count;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, BURST);
}

ask();
subscribe(`user:${document.body.dataset.person}`, later);
document.addEventListener("live:reset", later);

const form = document.querySelector("form[data-seen]");
if (form) {
  const see = async () => {
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "1" }, redirect: "error" });
      if (answer.ok) { form.hidden = true; ask(); }
    } catch { /* the button stays */ }
  };
  const wait = () => !document.hidden && setTimeout(see, SEEN_AFTER);
  if (document.hidden) document.addEventListener("visibilitychange", wait, { once: true });
  else wait();
}
