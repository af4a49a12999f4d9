// A lesson: keys for the next and the one before, only the lesson on the page, and what is done without a connection,
// which this browser keeps and sends later. The server takes it as often as it comes.
const KEPT = "training.marks";
const ONLY = "training.only-lesson";
const form = document.querySelector("[data-done]");

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || [];
  } catch {
    return [];
  }
}

function keep(marks) {
  try {
    if (marks.length) localStorage.setItem(KEPT, JSON.stringify(marks));
    else localStorage.removeItem(KEPT);
  } catch { /* a browser that keeps nothing */ }
}

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
}

// Marks are of a person: on a shared computer nobody sends those of somebody else.
const person = document.body.dataset.person;

async function sendKept() {
  const waiting = kept().filter((mark) => mark.person === person);
  const sender = document.querySelector("[data-progress-at]") || form;
  if (!waiting.length || !sender || !token()) return;
  for (const course of new Set(waiting.map((mark) => mark.course))) {
    const marks = waiting.filter((mark) => mark.course === course).map(({ key, done, at }) => ({ key, done, at }));
    let answer;
    try {
      answer = await fetch(sender.dataset.progress || sender.dataset.progressAt, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ course, marks }),
      });
    } catch {
      return; // still away
    }
    if (answer.ok || answer.status === 422) keep(kept().filter((mark) => mark.person !== person || mark.course !== course));
  }
  showAway();
}

function showAway() {
  const note = document.querySelector("[data-offline]");
  if (note) note.hidden = !kept().some((mark) => mark.person === person);
}

form?.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  const mark = { person, course: form.dataset.course, key: form.elements.lesson.value, done: true, at: new Date().toISOString() };
  keep([...kept().filter((other) => other.person !== person || other.key !== mark.key), mark]);
  showAway();
});
addEventListener("online", sendKept);
sendKept();
showAway();

// ---- keys: with Alt, so that they never are what somebody says or types ----
addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rel = { ArrowRight: "next", ArrowLeft: "prev" }[event.key];
  const link = rel && document.querySelector(`a[rel="${rel}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

// ---- only the lesson ----
const only = document.querySelector("[data-focus-lesson]");
if (only) {
  const show = (on) => {
    document.documentElement.toggleAttribute("data-only-lesson", on);
    only.setAttribute("aria-pressed", String(on));
  };
  show(sessionStorage.getItem(ONLY) === "yes");
  only.hidden = false;
  only.addEventListener("click", () => {
    const on = only.getAttribute("aria-pressed") !== "true";
    sessionStorage.setItem(ONLY, on ? "yes" : "no");
    show(on);
  });
}
const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
const fold = document.querySelector("[data-open-wide]");
if (fold && matchMedia("(min-width: 62rem)").matches) fold.open = true;
