// A list while it is open (topics, what waits to be moderated): says that there is news, and loads it when asked for.
import { subscribe } from "./live.js";

const page = document.querySelector("[data-stream]");
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

subscribe(page.dataset.stream, tell, { since: Number(page.dataset.cursor) });
document.addEventListener("live:reset", tell);
