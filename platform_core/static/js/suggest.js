// While somebody writes, the closest answers appear beside the form (templates/knowledge_base/suggestions.html).
// What is typed is asked for after a pause; an answer that comes late never covers a newer one.

const PAUSE = 350; // milliseconds
const LONGEST = 400; // characters that the server reads

for (const box of document.querySelectorAll("[data-suggest]")) {
  const place = box.querySelector("[data-suggested]");
  const fields = [...document.querySelectorAll(box.dataset.from)];
  let timer, asking, last = "";

  const ask = async () => {
    const words = fields.map((field) => field.value.trim()).filter(Boolean).join(" ").slice(0, LONGEST);
    if (words === last) return;
    last = words;
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: words })}`, { signal: asking.signal });
      if (!answer.ok || answer.redirected) return; // what is shown stays; the form works without
      place.innerHTML = await answer.text();
      box.hidden = !place.childElementCount;
    } catch {
      // aborted by the next question, or the connection is away: nothing to say
    }
  };

  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
  }
  if (fields.some((field) => field.value.trim())) ask();
}
