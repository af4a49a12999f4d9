// Beside a ticket that somebody writes: the answers closest to it. One opens inside the page, and the draft stays; "this
// solved it" leads away and forgets the draft. What is counted is which answer was shown and opened, and nothing else.
import { finish } from "./keep-typed.js";

const QUIET = 350; // ms without typing before answers are looked for
const FEWEST = 8; // characters worth looking for

export function start(form) {
  const place = document.getElementById("suggestions");
  if (!place?.dataset.suggest) return;
  const opened = form.querySelector("[data-opened]");
  const counted = { shown: new Set(), opened: new Set() };
  let timer = 0;
  let asked = "";

  function count(moment, names) {
    const fresh = names.filter((name) => !counted[moment].has(name));
    if (!fresh.length) return;
    fresh.forEach((name) => counted[moment].add(name));
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("moment", moment);
    body.set("answers", fresh.join(" "));
    fetch(place.dataset.offered, { method: "POST", body, redirect: "error", keepalive: true }).catch(() => {});
  }

  async function look() {
    const words = place.dataset.from.split(" ").map((id) => document.getElementById(id).value.trim()).join(" ").trim().slice(0, 400);
    if (words.length < FEWEST || words === asked) return;
    if (place.querySelector("[aria-expanded=true]")) return; // never from under the eyes of who reads one
    asked = words;
    try {
      const answer = await fetch(`${place.dataset.suggest}?q=${encodeURIComponent(words)}`, { redirect: "error" });
      if (!answer.ok || words !== asked || place.querySelector("[aria-expanded=true]")) return;
      place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
      count("shown", [...place.querySelectorAll("[data-answer]")].map((one) => one.dataset.answer));
    } catch { /* away: what is shown stays */ }
  }

  async function fill(body, url) {
    try {
      const answer = await fetch(url, { redirect: "error" });
      const article = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-answer-body], main article");
      if (!article) throw new Error("no answer in it");
      article.querySelector(".page__head, h1")?.remove(); // the button above says it
      for (const link of article.querySelectorAll("a[href]")) {
        link.target = "_blank";
        link.rel = "noopener";
      }
      body.replaceChildren(article);
    } catch {
      body.textContent = body.dataset.away;
    }
  }

  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-open]");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    const panel = document.getElementById(button.getAttribute("aria-controls"));
    panel.hidden = !open;
    if (!open) return look();
    const body = panel.querySelector("[data-body]");
    if (!body.childNodes.length) fill(body, button.dataset.open);
    count("opened", [button.closest("[data-answer]").dataset.answer]);
    opened.value = [...counted.opened].join(" ");
  });
  document.getElementById("solved").addEventListener("submit", () => finish(form));
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, QUIET);
  });
  look();
}
