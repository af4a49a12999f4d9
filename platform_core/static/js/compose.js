// Writing in a community: the draft is kept on the server as one writes, pictures come by paste and drop, and people and
// things are suggested after @ and #. Without it the form is sent as it is.
import { start as once } from "./once.js";

const PAUSE = 1200; // ms without a key before the draft is kept
const form = document.querySelector("form[data-draft]");
const text = form.querySelector("textarea[name=text]");
const title = form.querySelector("input[name=title]");
const says = form.querySelector("[data-draft-says]");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;

once(form);

// ---- the draft ----

let version = Number(form.dataset.draftVersion);
let timer = 0;
let isSent = false;
let keeping = Promise.resolve();

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => { keeping = keeping.then(keep); }, PAUSE);
});
form.addEventListener("submit", () => { isSent = true; clearTimeout(timer); });

async function keep() {
  if (isSent) return;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token);
  body.set("text", text.value);
  body.set("title", title?.value ?? "");
  body.set("topic", form.dataset.draftTopic ?? "");
  body.set("version", version);
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, redirect: "error" });
    const told = await answer.json();
    if (answer.ok) {
      version = told.version;
      says.textContent = says.dataset.kept;
    } else {
      if (told.newer) version = told.newer.version; // from another tab: what is typed here is not lost, nor that one
      says.textContent = told.problem ?? says.dataset.notKept;
    }
  } catch {
    says.textContent = says.dataset.notKept;
  }
}

// ---- pictures and files ----

text.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) {
    event.preventDefault();
    send(event.clipboardData.files);
  }
});
text.addEventListener("dragover", (event) => {
  if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
});
text.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length) {
    event.preventDefault();
    send(event.dataTransfer.files);
  }
});

async function send(files) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token);
  for (const file of files) body.append("files", file, file.name || "imatge.png");
  try {
    const answer = await fetch(form.dataset.upload, { method: "POST", body, redirect: "error" });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.problem);
    put(told.files.map((file) => file.markdown).join("\n"));
  } catch (problem) {
    says.textContent = problem.message;
  }
}

function put(words) {
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
}

// ---- @ and # ----

const box = document.createElement("div");
box.className = "suggest";
const list = document.createElement("ul");
list.className = "suggest__list";
list.id = "suggested";
list.setAttribute("role", "listbox");
list.hidden = true;
text.after(box);
box.append(list);
text.setAttribute("aria-autocomplete", "list");
text.setAttribute("aria-controls", list.id);

let asked = "";
let looking = 0;
let at = 0;

text.addEventListener("input", () => {
  const before = text.value.slice(0, text.selectionStart);
  const found = /(?:^|\s)([@#])([\p{L}\d-]{1,40})$/u.exec(before);
  clearTimeout(looking);
  if (!found) return hide();
  asked = found[2];
  looking = setTimeout(() => look(found[1] === "@" ? form.dataset.people : form.dataset.things), 200);
});
text.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in moves) {
    at = (at + moves[event.key] + list.children.length) % list.children.length;
    choose();
  } else if (event.key === "Enter" || event.key === "Tab") {
    take(list.children[at]);
  } else if (event.key === "Escape") {
    hide();
  } else {
    return;
  }
  event.preventDefault();
});
text.addEventListener("blur", () => setTimeout(hide, 150));

async function look(address) {
  const wanted = asked;
  try {
    const answer = await fetch(`${address}?q=${encodeURIComponent(wanted)}`, { redirect: "error" });
    if (!answer.ok || wanted !== asked) return;
    show((await answer.json()).found);
  } catch { /* away: one writes on */ }
}

function show(found) {
  if (!found.length) return hide();
  list.replaceChildren(...found.map(({ label, insert }, place) => {
    const option = document.createElement("li");
    option.id = `suggested-${place}`;
    option.setAttribute("role", "option");
    option.dataset.insert = insert;
    option.textContent = label;
    option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
    return option;
  }));
  at = 0;
  list.hidden = false;
  choose();
}

function choose() {
  [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
  text.setAttribute("aria-activedescendant", list.children[at].id);
}

function take(option) {
  const end = text.selectionStart;
  text.setRangeText(`${option.dataset.insert} `, end - asked.length - 1, end, "end");
  hide();
  text.focus();
}

function hide() {
  list.hidden = true;
  text.removeAttribute("aria-activedescendant");
}
