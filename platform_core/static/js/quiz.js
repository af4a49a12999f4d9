// An attempt with a time limit: how long is left, by the minute, and what was answered is sent when the time is up.
const form = document.querySelector("[data-quiz]");
const timer = document.querySelector("[data-seconds-left]");
const MINUTE = 60;
const TOLD = [10, 5, 2, 1]; // minutes left that somebody who listens is told of; the rest is only written

if (form && timer) {
  const end = performance.now() + Number(timer.dataset.secondsLeft) * 1000;
  let shown = null;
  timer.setAttribute("aria-live", "off");
  const tick = () => {
    const left = (end - performance.now()) / 1000;
    if (left <= 0) {
      timer.setAttribute("aria-live", "assertive");
      timer.textContent = timer.dataset.over;
      const anyway = document.createElement("input");
      Object.assign(anyway, { type: "hidden", name: "anyway", value: "1" });
      form.append(anyway);
      return form.submit();
    }
    const minutes = Math.ceil(left / MINUTE);
    if (minutes !== shown) {
      shown = minutes;
      timer.setAttribute("aria-live", TOLD.includes(minutes) ? "polite" : "off");
      timer.textContent = timer.dataset.warn.replace("%n", String(minutes));
    }
    setTimeout(tick, 1000);
  };
  tick();
}
