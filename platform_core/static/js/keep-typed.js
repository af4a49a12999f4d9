// <form data-keep="name">: what someone types stays in this browser, for them alone, until the server has taken it.
// It survives an expired session, a lost connection and a failed answer; signing out forgets it all.
//
// How we know that the server took it: a sent draft is forgotten when the next page opens signed in, as a new page and
// without errors. Signed out (the session had expired), going back, reloading, a page marked data-failed, or the same
// form with errors: it was not taken, and the draft stays.
const PREFIX = "draft:";
const AGE = 7 * 24 * 3600 * 1000; // ms
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

function settle(key) {
  // What became of a draft that was sent: see the top of the file.
  const draft = read(key);
  if (!draft || Date.now() - draft.at > AGE) return localStorage.removeItem(key);
  if (!draft.sent) return;
  const how = performance.getEntriesByType("navigation")[0]?.type;
  const failed = document.querySelector("[data-failed], .errors") || how === "back_forward" || how === "reload";
  if (failed || !document.body.dataset.person) write(key, { ...draft, sent: false });
  else localStorage.removeItem(key);
}

function tell(form, key) {
  const banner = document.getElementById("kept")?.content.firstElementChild?.cloneNode(true);
  if (!banner) return;
  banner.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(key);
    form.reset();
    banner.remove();
    fields(form)[0]?.focus();
  });
  form.before(banner);
}

function keep(form) {
  const key = `${PREFIX}${document.body.dataset.person}:${form.dataset.keep}`;
  const draft = read(key);
  if (draft && !form.querySelector(".errors") && fill(form, draft.values)) tell(form, key);
  let timer = 0;
  const save = (sent = false) => {
    clearTimeout(timer);
    write(key, { at: Date.now(), sent, values: typed(form) });
  };
  let dirty = false;
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, QUIET);
  });
  form.addEventListener("submit", () => { dirty = false; save(true); });
  addEventListener("pagehide", () => { if (dirty) save(); });
}

export function start() {
  for (const key of drafts()) settle(key);
  for (const form of document.querySelectorAll("form[data-forgets]")) {
    form.addEventListener("submit", () => drafts().forEach((key) => localStorage.removeItem(key)));
  }
  if (!document.body.dataset.person) return;
  for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
}
