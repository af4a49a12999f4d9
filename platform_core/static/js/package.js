// A package inside a lesson: what its script says is sent to the server, with our session, which the package itself does
// not have. Only the newest matters; what cannot be sent stays in this browser and goes when the connection is back.
const MARK = "agora-package";
const LARGEST = 64 * 1024; // bytes
const box = document.querySelector("[data-package]");
let frame = box?.querySelector("iframe");

// ---- the whole screen: without a script the link opens the package by itself ----
const whole = box?.querySelector("[data-whole]");
if (whole && frame?.requestFullscreen && document.fullscreenEnabled) {
  const text = whole.querySelector("[data-whole-text]");
  text.textContent = text.dataset.full;
  whole.addEventListener("click", (event) => {
    event.preventDefault();
    frame.requestFullscreen();
  });
}

const said = box?.querySelector("[data-package-said]");
function say(what) {
  said.hidden = !what;
  said.textContent = what ? said.dataset[what] : "";
}

// Marks are of a person: on a shared computer nobody sends those of somebody else.
const name = box?.dataset.url && `training.package.${document.body.dataset.person}.${box.dataset.course}.${box.dataset.package}`;
let waiting = null;
let isBusy = false;
let isReady = true;

function kept() {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}
function keep(report) {
  try {
    if (report) localStorage.setItem(name, JSON.stringify(report));
    else localStorage.removeItem(name);
  } catch { /* a browser that keeps nothing */ }
}

function isReport(data) {
  return Boolean(data) && data.mark === MARK && String(data.package) === box.dataset.package
    && ["1.2", "2004"].includes(data.version) && Number.isSafeInteger(data.ticket) && Number.isSafeInteger(data.seq)
    && typeof data.values === "object" && data.values !== null
    && Object.values(data.values).every((value) => typeof value === "string");
}
function reportOf({ version, ticket, seq, values, finished }) {
  return { course: box.dataset.course, lesson: box.dataset.lesson, version, ticket, seq, values, finished: finished === true };
}
function isNewer(report, other) {
  return !other || report.ticket > other.ticket || (report.ticket === other.ticket && report.seq > other.seq);
}

async function send() {
  if (isBusy || !waiting) return;
  isBusy = true;
  const report = waiting;
  try {
    const answer = await fetch(box.dataset.url, {
      method: "POST",
      keepalive: true, // also while the page closes
      headers: { "Content-Type": "application/json", "X-CSRFToken": box.querySelector("[name=csrfmiddlewaretoken]").value },
      body: JSON.stringify(report),
    });
    if (answer.ok) {
      const { superseded, done } = await answer.json();
      say(superseded && isReady ? "newer" : done && "done");
    } else {
      say(answer.status === 401 ? "signedOut" : "refused");
    }
    // What the server refuses it refuses for ever; who is signed out, or a server that fails, gets it again.
    if (answer.ok || answer.status === 422) {
      if (waiting === report) waiting = null;
      if (!isNewer(kept() || report, report)) keep(null);
    }
  } catch {
    say("away");
    return;
  } finally {
    isBusy = false;
  }
  if (waiting && waiting !== report) await send();
}

if (name) {
  const before = kept();
  isReady = !before;
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || !isReady || !isReport(event.data)) return;
    const report = reportOf(event.data);
    if (new TextEncoder().encode(JSON.stringify(report)).length > LARGEST || !isNewer(report, waiting)) return;
    waiting = report;
    keep(report);
    send();
  });
  addEventListener("online", send);
  // What was kept goes first; the package then begins anew with it, in a frame that remembers nothing of the one before.
  if (before) {
    waiting = before;
    send().finally(() => {
      isReady = true;
      const fresh = frame.cloneNode();
      frame.replaceWith(fresh);
      frame = fresh;
    });
  }
}
