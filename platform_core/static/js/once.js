// <form data-once>: a second press while the first is on its way does nothing. The server would keep one anyway.
export function start(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    form.querySelector("[type=submit]").setAttribute("aria-disabled", "true");
  });
  addEventListener("pageshow", () => { // come back by "back", or the answer never came
    sent = false;
    form.querySelector("[type=submit]").removeAttribute("aria-disabled");
  });
}
