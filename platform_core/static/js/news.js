// "2 things have happened since: show them": what is being read never moves; a link brings the new page.
// <p class="fresh" role="status" data-live-news="org:3@12 org:7@0" data-one="…" data-many="%n …"></p>
import { subscribe } from "./live.js";

for (const place of document.querySelectorAll("[data-live-news]")) {
  let count = 0;
  const tell = () => {
    count += 1;
    const link = document.createElement("a");
    link.className = "btn btn--s";
    link.href = location.pathname + location.search;
    link.textContent = count === 1 ? place.dataset.one : place.dataset.many.replace("%n", count);
    place.replaceChildren(link);
  };
  for (const [stream, cursor] of place.dataset.liveNews.split(" ").map((each) => each.split("@"))) {
    subscribe(stream, tell, { since: Number(cursor) });
  }
}
