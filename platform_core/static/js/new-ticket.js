// The form of a new ticket: the promise of the kind that is chosen, the platform of the organisation, and the answers that
// are closest to what is typed (answers.js).
import { start as answers } from "./answers.js";
import { start as identity } from "./identity.js";
import { start as once } from "./once.js";

const form = document.querySelector("[data-new]");
once(form);
identity(form);
answers(form);

async function fetchInto(place, url) {
  try {
    const answer = await fetch(url, { redirect: "error" });
    if (!answer.ok) return;
    place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  } catch { /* away: what is shown stays */ }
}

// ---- the promise ----

const promised = document.getElementById("promised");
let chosen = form.elements.kind.value;

function promise() {
  chosen = form.elements.kind.value;
  fetchInto(promised, `${form.dataset.promise}?kind=${encodeURIComponent(chosen)}`);
}

for (const radio of form.elements.kind) radio.addEventListener("change", promise);
// What was kept in this browser may have chosen another one.
requestAnimationFrame(() => { if (form.querySelector("[name=kind]:checked")?.defaultChecked === false) promise(); });

// ---- the platform: that of the organisation, unless somebody wrote another ----

const { instance, organisation } = form.elements;
const hosts = [...document.querySelectorAll("#hosts option")];
organisation?.addEventListener("change", () => {
  if (instance.value && !hosts.some((host) => host.value === instance.value)) return;
  instance.value = hosts.find((host) => host.dataset.organisation === organisation.value)?.value ?? "";
});

// ---- what a topic asks for: shown for the one that is chosen ----

const needs = [...document.querySelectorAll("[data-for-topic]")];

function showNeeds() {
  for (const need of needs) need.hidden = need.dataset.forTopic !== form.elements.topic.value;
}

if (needs.length) {
  form.elements.topic.addEventListener("change", showNeeds);
  showNeeds();
  requestAnimationFrame(showNeeds); // what was kept in this browser may have chosen another one
}
