// Somebody calls: the people that the typed words may mean (a combobox, WAI-ARIA APG), and the promise of the chosen kind.
const QUIET = 200; // ms without typing before anybody is looked for

const form = document.querySelector("[data-intake]");
const { who, organisation, kind, priority } = form.elements;
const list = document.getElementById("found");
const said = form.querySelector("[data-found]");
let people = [];
let at = -1;
let timer = 0;
let asked = null;

// ---- who calls ----

who.setAttribute("role", "combobox");
who.setAttribute("aria-autocomplete", "list");
who.setAttribute("aria-controls", list.id);
who.setAttribute("aria-expanded", "false");

who.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, QUIET);
});
who.addEventListener("blur", () => setTimeout(close, QUIET)); // after a click on the list
who.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    close();
  } else if (event.key === "Enter" && !list.hidden && at >= 0) {
    event.preventDefault();
    choose(people[at]);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (list.hidden) return look();
    event.preventDefault();
    point((at + (event.key === "ArrowDown" ? 1 : people.length - (at < 0 ? 0 : 1))) % people.length);
  }
});

async function look() {
  const words = who.value.trim();
  asked?.abort();
  if (words.length < 2) return close();
  const mine = (asked = new AbortController());
  try {
    const answer = await fetch(`${form.dataset.who}?q=${encodeURIComponent(words)}`, { signal: mine.signal, redirect: "error" });
    if (!answer.ok) return close();
    people = (await answer.json()).people;
  } catch { // typed on, or away: the field works without
    return;
  }
  list.replaceChildren(...people.map(option));
  list.hidden = !people.length;
  at = -1;
  who.setAttribute("aria-expanded", String(!list.hidden));
  who.removeAttribute("aria-activedescendant");
  said.textContent = people.length === 1 ? said.dataset.one : people.length ? said.dataset.many.replace("%n", people.length) : said.dataset.none;
}

function option(person, number) {
  const line = document.createElement("li");
  line.id = `found-${number}`;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  const where = document.createElement("small");
  where.textContent = [person.organisation, person.email].filter(Boolean).join(" · ");
  line.append(person.name, where);
  line.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  line.addEventListener("click", () => choose(person));
  return line;
}

function point(number) {
  at = number;
  [...list.children].forEach((line, each) => line.setAttribute("aria-selected", String(each === at)));
  who.setAttribute("aria-activedescendant", `found-${at}`);
  list.children[at].scrollIntoView({ block: "nearest" });
}

function choose(person) {
  who.value = person.email;
  organisation.value = person.organisation;
  who.dispatchEvent(new Event("change", { bubbles: true }));
  close();
  said.textContent = [person.name, person.organisation].filter(Boolean).join(", ");
}

function close() {
  clearTimeout(timer);
  list.hidden = true;
  at = -1;
  who.setAttribute("aria-expanded", "false");
  who.removeAttribute("aria-activedescendant");
}

// ---- what we promise ----

async function promise() {
  try {
    const query = new URLSearchParams({ kind: kind.value, priority: priority.value });
    const answer = await fetch(`${form.dataset.promise}?${query}`, { redirect: "error" });
    if (!answer.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("promised").replaceChildren(...made.body.childNodes);
  } catch { /* the promise is told again when it is filed */ }
}
kind.addEventListener("change", promise);
priority.addEventListener("change", promise);

// ---- solved there and then ----

const { solved, solution } = form.elements;
const field = solution.closest(".field");
const fold = () => { field.hidden = !solved.checked; };
solved.addEventListener("change", fold);
fold();
