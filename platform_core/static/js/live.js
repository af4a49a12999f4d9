// What happens elsewhere, on this page: one WebSocket a tab, whatever the number of streams (docs/realtime.md).
//
//   const stop = subscribe("topic:42", ({ type, data, cursor }) => …, { since: cursorOfThePage });
//
// Each event is also dispatched on `document` as the CustomEvent "live:event" (detail: stream, type, data, cursor), a
// page that must be loaded anew as "live:reset", a stream that may no longer be followed as "live:revoked", and who is
// there as "live:presence" (detail: stream, readers, typing, writers).
// A lost connection comes back by itself and asks for what it missed; a tab that nobody looks at waits until it is.
const SIGNED_OUT = 4401;
const STAYS_AWAY = new Set([SIGNED_OUT, 4429]); // nobody is signed in; far too many
const FIRST_PAUSE = 500; // ms
const LONGEST_PAUSE = 30_000; // ms
const QUIET = 3000; // ms without a connection before anybody is told
const SILENCE = 45_000; // ms without a word before we ask whether the server is there
const ANSWER = 10_000; // ms that it has to say so

const streams = new Map(); // name -> { cursor, handlers }
let socket = null;
let failures = 0;
let again = null; // timers
let telling = null;
let asking = null;
let wasLost = false;
let isOver = false;

const banner = () => document.getElementById("live-banner");
const say = (frame) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));
const announce = (name, detail) => document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));

// Tells those who follow the stream that this person is writing; what is not followed is not told.
export function typing(stream) {
  if (streams.has(stream)) say({ op: "typing", stream });
}

export function subscribe(stream, handler, { since = null } = {}) {
  const known = streams.get(stream);
  if (known) {
    known.handlers.add(handler);
  } else {
    streams.set(stream, { cursor: since, handlers: new Set([handler]) });
    ask(stream);
  }
  connect();
  return () => {
    const followed = streams.get(stream);
    if (!followed?.handlers.delete(handler) || followed.handlers.size) return;
    streams.delete(stream);
    say({ op: "unsubscribe", stream });
    if (!streams.size) socket?.close(1000);
  };
}

function ask(stream) {
  say({ op: "subscribe", stream, since: streams.get(stream).cursor });
}

function connect() {
  if (socket || again || isOver || !streams.size) return;
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`);
  socket.addEventListener("open", () => {
    failures = 0;
    for (const stream of streams.keys()) ask(stream);
    listenFor(SILENCE);
    clearTimeout(telling);
    telling = null;
    if (wasLost) show("back");
    wasLost = false;
  });
  socket.addEventListener("message", ({ data }) => {
    listenFor(SILENCE);
    hear(JSON.parse(data));
  });
  socket.addEventListener("close", ({ code }) => {
    socket = null;
    clearTimeout(asking);
    isOver ||= STAYS_AWAY.has(code);
    if (isOver || !streams.size) {
      clearTimeout(telling);
      if (code === SIGNED_OUT) show("over");
      return;
    }
    telling ??= setTimeout(() => { wasLost = true; show("lost"); }, QUIET);
    // Half of the pause is by chance, so that after a restart not everybody comes at once.
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures++);
    again = setTimeout(retry, pause / 2 + (Math.random() * pause) / 2);
  });
}

function retry() {
  clearTimeout(again);
  again = null;
  if (!document.hidden) connect();
}

function hear(frame) {
  const followed = streams.get(frame.stream);
  switch (frame.op) {
    case "ping":
      say({ op: "pong", n: frame.n });
      break;
    case "presence":
      announce("presence", frame);
      break;
    case "state":
      show(frame.live ? null : "late");
      break;
    case "subscribed":
      if (followed) followed.cursor ??= frame.cursor;
      break;
    case "event":
    case "skip":
    case "reset":
      if (followed) move(followed, frame);
      break;
    case "revoked":
      streams.delete(frame.stream);
      announce("revoked", { stream: frame.stream });
      break;
    case "error":
      refuse(frame, followed);
      break;
  }
}

function move(followed, frame) {
  if (frame.op !== "reset" && frame.cursor <= followed.cursor) return;
  followed.cursor = frame.cursor;
  if (frame.op === "reset") announce("reset", { stream: frame.stream });
  if (frame.op !== "event") return;
  const { stream, type, data, cursor } = frame;
  announce("event", { stream, type, data, cursor });
  for (const handler of followed.handlers) {
    try {
      handler({ stream, type, data, cursor });
    } catch (problem) {
      reportError(problem); // the other handlers go on
    }
  }
}

function refuse({ code, stream }, followed) {
  if (!followed) return;
  if (code === "unavailable" || code === "too_fast") {
    setTimeout(() => streams.has(stream) && ask(stream), FIRST_PAUSE * 4);
  } else if (code === "cursor_ahead") { // a database that went back, or a page of another installation
    followed.cursor = null;
    announce("reset", { stream });
    ask(stream);
  } else if (code !== "already_subscribed") {
    streams.delete(stream);
    announce("revoked", { stream });
  }
}

function listenFor(silence) {
  clearTimeout(asking);
  asking = setTimeout(() => {
    say({ op: "ping" });
    asking = setTimeout(() => socket?.close(4000), ANSWER); // half-open: nothing else would tell
  }, silence);
}

function show(what) {
  const place = banner();
  if (!place) return;
  place.replaceChildren();
  if (!what || !place.dataset[what]) return;
  const line = document.createElement("p");
  line.className = what === "back" ? "banner banner--ok" : "banner banner--risk";
  line.textContent = place.dataset[what];
  place.append(line);
  if (what === "back") setTimeout(() => line.remove(), 6000);
}

document.addEventListener("visibilitychange", () => !document.hidden && streams.size && retry());
addEventListener("online", () => streams.size && retry());
// A page kept for "back" must not hold its socket; it asks for what it missed when it is shown again.
addEventListener("pagehide", () => socket?.close(1000));
addEventListener("pageshow", ({ persisted }) => persisted && retry());
