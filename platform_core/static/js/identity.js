// Fields with data-identity say at once when what is typed looks like a DNI or NIE, and cover it when asked to; the server
// covers it in any case when it comes. The same rule as helpdesk/desk/identity_numbers.py.
const FOUND = /(?<![\p{L}\p{N}_.])([XYZ][-. ]?\d{7}|\d{2}\.?\d{3}\.?\d{3})[-. ]?([A-Z])(?![\p{L}\p{N}_])/giu;
const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

const digitsOf = (number) => number.toUpperCase().replace(/[XYZ]/, (first) => "XYZ".indexOf(first)).replace(/\D/g, "");

function cover(text) {
  return text.replace(FOUND, (found, number, letter) => {
    const digits = digitsOf(number);
    return LETTERS[Number(digits) % 23] === letter.toUpperCase() ? `•••••${digits.slice(-3)}${letter.toUpperCase()}` : found;
  });
}

export function start(form) {
  const note = form.querySelector("[data-identity-note]");
  const fields = [...form.querySelectorAll("[data-identity]")];
  if (!note || !fields.length) return;
  const withOne = () => fields.filter((field) => cover(field.value) !== field.value);
  const look = () => { note.hidden = !withOne().length; };
  for (const field of fields) field.addEventListener("input", look);
  note.querySelector("[data-identity-cover]")?.addEventListener("click", () => {
    const changed = withOne();
    for (const field of changed) {
      field.value = cover(field.value);
      field.dispatchEvent(new Event("input", { bubbles: true })); // what is kept in this browser is covered too
    }
    changed[0]?.focus(); // the button goes away with the note
  });
  look();
}
