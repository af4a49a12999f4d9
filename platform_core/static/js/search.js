// A search box that suggests while somebody types: the combobox pattern of the ARIA practices, with a list of options that
// the server writes. Without this, or without the server, it is a box in a form. Nothing is sent before two letters.
const PAUSE = 180; // ms without typing
const SHORTEST = 2;

let boxes = 0;

function suggests(box) {
  const list = document.createElement("ul");
  const id = `found-${(boxes += 1)}`;
  let timer, request, asked = "", active = -1;

  Object.assign(list, { id, className: "find__list", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.findLabel);
  box.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id }))
    box.setAttribute(name, value);

  const options = () => [...list.children];

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(index) {
    active = index;
    for (const [at, option] of options().entries()) option.setAttribute("aria-selected", String(at === index));
    const chosen = list.children[index];
    if (chosen) box.setAttribute("aria-activedescendant", chosen.id);
    else box.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  function show() {
    if (!list.children.length || document.activeElement !== box) return;
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
  }

  async function ask() {
    request?.abort();
    request = new AbortController();
    const text = box.value.trim();
    try {
      const answer = await fetch(`${box.dataset.find}?q=${encodeURIComponent(text)}`, { redirect: "error", signal: request.signal });
      if (!answer.ok) return close();
      list.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("[role=option]"));
      for (const [at, option] of options().entries()) option.id = `${id}-${at}`;
      asked = text;
      if (list.children.length) mark(-1), show();
      else close();
    } catch { /* another one was asked, or the server is away: a box in a form */ }
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (box.value.trim().length < SHORTEST) {
      asked = "";
      list.replaceChildren();
      close();
    } else timer = setTimeout(ask, PAUSE);
  });

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = list.hidden ? 0 : list.children.length;
    if (event.key === "Escape") {
      if (count) event.preventDefault(); // the words stay
      else if (!box.value) box.blur();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count && asked === box.value.trim()) show();
      if (list.hidden) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // Past the ends is the box itself, with what was typed.
      const places = list.children.length + 1;
      mark(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && active >= 0 && count) {
      event.preventDefault();
      location.assign(list.children[active].dataset.url);
    } else if (event.key === "Tab") close();
  });

  // Before the box loses the focus, which closes the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  box.addEventListener("blur", close);
}

export function start() {
  for (const box of document.querySelectorAll("input[data-find]")) suggests(box);
}
