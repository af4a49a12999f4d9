// "2 things have happened since: show them": what is being read never moves; a link brings the new page.
// <p class="fresh" role="status" data-live-news="org:3@12 user:7@0" data-told="organisations.member_added …"
//    data-one="…" data-many="%n …"></p>
import { subscribe } from "./live.js";

for (const place of document.querySelectorAll("[data-live-news]")) {
  const told = new Set(place.dataset.told.split(" ")); // what the new page would have a sentence for
  const heard = new Set(); // one event may come by several streams
  const tell = ({ type, data }) => {
    if (!told.has(type)) return;
    heard.add(`${type} ${data.subject} ${data.at}`);
    const count = heard.size;
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
