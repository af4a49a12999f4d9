// Buttons with data-opens="id" open that <dialog>; data-closes closes it. The browser keeps the focus inside and, when
// the dialog closes, we give it back to what opened it (a menu that closed meanwhile gives its summary).
const openers = new WeakMap();

export function open(dialog, opener = document.activeElement) {
  if (!dialog || dialog.open) return;
  openers.set(dialog, opener?.closest("details.menu")?.querySelector("summary") ?? opener);
  dialog.showModal();
}

export function start() {
  for (const button of document.querySelectorAll("button[data-opens]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens], [data-closes]");
    if (button?.dataset.opens) open(document.getElementById(button.dataset.opens), button);
    else if (button) button.closest("dialog")?.close();
    else if (event.target.matches("dialog[open]")) event.target.close(); // its backdrop
  });
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("close", () => openers.get(dialog)?.focus());
  }
}
