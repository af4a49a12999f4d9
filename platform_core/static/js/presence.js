// Who else reads a topic and who writes in it. It is only drawn: a screen reader is not told each time that somebody comes.
import { typing } from "./live.js";

const SAY_AGAIN = 3000; // ms between two words that this person writes

const place = document.querySelector("[data-presence]");
const stream = place && `topic:${document.querySelector("[data-topic]").dataset.topic}`;

function draw({ readers, typing: people, writers }) {
  const others = people.filter(({ id }) => String(id) !== place.dataset.me);
  const count = writers - (people.length - others.length);
  const words = [];
  if (readers > 1) words.push(place.dataset.readers.replace("%n", readers));
  if (count === 1 && others.length) words.push(place.dataset.one.replace("%a", others[0].name));
  else if (count === 2 && others.length > 1) words.push(place.dataset.two.replace("%a", others[0].name).replace("%b", others[1].name));
  else if (count > 1) words.push(place.dataset.many);
  place.textContent = words.join(" · ");
}

document.addEventListener("live:presence", ({ detail }) => {
  if (detail.stream !== stream) return;
  draw(detail);
});
document.addEventListener("live:revoked", ({ detail }) => detail.stream === stream && place.replaceChildren());

let said = 0;
document.querySelector("#resposta textarea")?.addEventListener("input", ({ isTrusted }) => {
  if (!isTrusted || Date.now() - said < SAY_AGAIN) return;
  said = Date.now();
  typing(stream);
});
