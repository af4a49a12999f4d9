// <form data-keep="name">: what someone types stays in this browser, for them alone, until the server has taken it.
// It survives an expired session, a lost connection and a failed answer; signing out forgets it all.
//
// How we know that the server took it: it answers a form that it took by leading to another page. So a sent draft is
// forgotten when the next page of its tab was led to, signed in and without errors. Else it stays: signed out (the session
// had expired), a page marked data-failed, the same form with errors, or a page that somebody opened because the answer
// never came.
//
// In that last case the server may have taken it all the same. So the number of the form (its field `submission`) is kept
// with a sent draft, and what is sent again unchanged has the same number: the server knows it and does nothing twice.
const PREFIX = "draft:";
const AGE = 7 * 24 * 3600 * 1000; // ms
const SENT = "draft-sent"; // in sessionStorage: the draft that this tab has sent, until its next page
const QUIET = 400; // ms without typing before it is written
const SKIPPED = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);

const fields = (form) => [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type));
const isBox = (field) => field.type === "checkbox" || field.type === "radio";

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // no storage, or not ours
  }
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch { /* full or forbidden: the form works without */ }
}

function drafts() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function typed(form) {
  return fields(form).map((field) => [field.name, isBox(field) ? [field.value, field.checked] : field.value]);
}

function fill(form, values) {
  let changed = false;
  for (const [name, value] of values) {
    for (const field of fields(form).filter((one) => one.name === name)) {
      if (isBox(field)) {
        if (field.value !== value[0] || field.checked === value[1]) continue;
        field.checked = value[1];
      } else {
        if (field.value === value) continue;
        field.value = value;
      }
      changed = true;
    }
  }
  return changed;
}

function tidy(key) {
  const draft = read(key);
  if (!draft || Date.now() - draft.at > AGE) localStorage.removeItem(key);
}

function settle() {
  // What became of the draft that this tab sent: see the top of the file.
  let key = null;
  try {
    key = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
  } catch { /* no storage, and no draft */ }
  const { type, redirectCount } = performance.getEntriesByType("navigation")[0] ?? {};
  const taken = type === "navigate" && redirectCount > 0 && !document.querySelector("[data-failed], .errors");
  if (key && taken && document.body.dataset.person) localStorage.removeItem(key);
}

function sending(key) {
  try {
    sessionStorage.setItem(SENT, key);
  } catch { /* the draft stays until it is old, or thrown away */ }
}

function tell(form, key, forget) {
  const banner = document.getElementById("kept")?.content.firstElementChild?.cloneNode(true);
  if (!banner) return;
  banner.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(key);
    form.reset();
    forget();
    banner.remove();
    fields(form)[0]?.focus();
  });
  form.before(banner);
}

function keep(form) {
  const key = keyOf(form);
  const draft = read(key);
  const number = form.elements.submission;
  const own = number?.value;
  const anew = () => { if (number) number.value = own; };
  if (draft && !form.querySelector(".errors")) {
    if (fill(form, draft.values)) tell(form, key, anew);
    if (draft.number && number) number.value = draft.number;
  }
  let timer = 0;
  const save = (sent = false) => {
    clearTimeout(timer);
    write(key, { at: Date.now(), number: sent ? number?.value : undefined, values: typed(form) });
    if (sent) sending(key);
  };
  let dirty = false;
  form.addEventListener("input", () => {
    dirty = true;
    anew(); // it is something else than what was sent
    clearTimeout(timer);
    timer = setTimeout(save, QUIET);
  });
  form.addEventListener("submit", () => { dirty = false; save(true); });
  addEventListener("pagehide", () => { if (dirty) save(); });
}

const keyOf = (form) => `${PREFIX}${document.body.dataset.person}:${form.dataset.keep}`;

// The person leaves what they typed for good: forgotten as a sent one is, when the next page was led to.
export const finish = (form) => sending(keyOf(form));

export function start() {
  drafts().forEach(tidy);
  settle();
  for (const form of document.querySelectorAll("form[data-forgets]")) {
    form.addEventListener("submit", () => drafts().forEach((key) => localStorage.removeItem(key)));
  }
  if (!document.body.dataset.person) return;
  for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
}
