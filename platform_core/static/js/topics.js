// The list of topics while it is open: says that there is news, and loads it when it is asked for.
import { subscribe } from "./live.js";

const page = document.querySelector("[data-space]");
const fresh = page.querySelector("[data-fresh]");

function tell() {
  if (fresh.firstElementChild) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = fresh.dataset.one;
  button.addEventListener("click", () => location.reload());
  fresh.replaceChildren(button);
}

subscribe(`space:${page.dataset.space}`, tell, { since: Number(page.dataset.cursor) });
document.addEventListener("live:reset", tell);
