// What every page has. Each behaviour is its own module; all of them only improve a page that works without.
import { start as dialog } from "./dialog.js";
import { start as keepTyped } from "./keep-typed.js";
import { start as menu } from "./menu.js";
import { start as search } from "./search.js";
import { start as shortcuts } from "./shortcuts.js";
import { start as theme } from "./theme.js";

for (const start of [theme, menu, dialog, shortcuts, search, keepTyped]) start();
