// <textarea data-preview="address">: two tabs, to write and to see what it will look like. The server renders it, with the
// same code as the page that will show it. The words are in the <template> beside it (templates/forms/markdown.html).
function tabsFor(area) {
  const parts = area.parentElement.querySelector("template")?.content.cloneNode(true);
  if (!parts) return;
  const list = parts.querySelector("[role=tablist]");
  const shown = parts.querySelector("[role=tabpanel]");
  const [write, preview] = list.querySelectorAll("[role=tab]");
  const written = document.createElement("div");
  written.setAttribute("role", "tabpanel");
  written.id = `${area.id}-write`;
  shown.id = `${area.id}-preview`;
  const panels = new Map([[write, written], [preview, shown]]);
  for (const [tab, panel] of panels) {
    tab.id = `${panel.id}-tab`;
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => choose(tab));
  }
  area.before(list, written);
  written.append(area);
  written.after(shown);

  let last = null; // the text that the preview shows
  let asked = null; // who asks for another

  function choose(chosen) {
    for (const [tab, panel] of panels) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      panel.hidden = tab !== chosen;
    }
    if (chosen === preview) render();
  }

  async function render() {
    const text = area.value;
    if (text === last) return;
    asked?.abort();
    last = null;
    if (!text.trim()) return say(shown.dataset.empty);
    const mine = (asked = new AbortController());
    say(shown.dataset.waits);
    shown.setAttribute("aria-busy", "true");
    try {
      const token = area.form?.elements.csrfmiddlewaretoken?.value ?? "";
      const answer = await fetch(area.dataset.preview, {
        method: "POST",
        body: new URLSearchParams({ text }),
        headers: { "X-CSRFToken": token },
        signal: mine.signal,
      });
      const body = await answer.text();
      const isText = answer.headers.get("Content-Type")?.startsWith("text/plain");
      if (answer.ok && !answer.redirected) {
        shown.innerHTML = body; // cleaned by the server's allow-list, as on the page itself
        last = text;
      } else {
        say(isText ? body : shown.dataset.trouble);
      }
    } catch {
      if (!mine.signal.aborted) say(shown.dataset.trouble);
    }
    if (asked === mine) shown.removeAttribute("aria-busy");
  }

  function say(words) {
    const line = document.createElement("p");
    line.className = "muted";
    line.textContent = words;
    shown.replaceChildren(line);
  }

  list.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: write, Home: write, ArrowRight: preview, End: preview }[event.key];
    if (!to) return;
    event.preventDefault();
    choose(to);
    to.focus();
  });
  // The browser cannot lead to a field that nobody sees: an error, or a link to it in the list of errors.
  area.addEventListener("invalid", () => choose(write));
  document.addEventListener("click", (event) => {
    if (!area.id || event.target.closest?.("a")?.hash !== `#${area.id}`) return;
    choose(write);
  });
  choose(write);
}

for (const area of document.querySelectorAll("textarea[data-preview]")) tabsFor(area);
