// The theme button: system, light, dark. The server writes the choice on <html> from the cookie, so no page blinks.
const ORDER = ["", "light", "dark"];
const A_YEAR = 365 * 24 * 3600;

const current = () => document.documentElement.dataset.theme ?? "";

function paint(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const name of document.querySelectorAll("[data-theme-name]")) name.hidden = name.dataset.themeName !== theme;
}

export function start() {
  paint(current());
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const theme = ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length];
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `theme=${theme || "system"}; path=/; max-age=${A_YEAR}; samesite=lax${secure}`;
      paint(theme);
    });
  }
}
