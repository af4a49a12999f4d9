// Keyboard: `?` shows the list, `/` goes to the search (the page's own box, if it has one), `g` and a letter goes where the menu goes, a letter alone where its link (data-key) goes. Only what is on this page exists: the list is
// written by the server from the same links. Never while someone types, nor with Ctrl, Alt or Meta.
import { open } from "./dialog.js";

const PATIENCE = 1500; // ms between `g` and its letter
let waiting = -Infinity;

const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]") || target.closest?.("dialog[open]");

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || typing(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      open(document.getElementById("shortcuts"));
    } else if (event.key === "/") {
      const box = document.querySelector("main [data-slash]") ?? document.querySelector("[data-find]");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "g") {
      waiting = event.timeStamp;
    } else {
      const attribute = event.timeStamp - waiting < PATIENCE ? "data-go" : "data-key";
      waiting = -Infinity;
      const link = document.querySelector(`a[${attribute}="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        location.assign(link.href);
      }
    }
  });
}
