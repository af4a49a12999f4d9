// A textarea with data-identity says at once when what is typed looks like a DNI or NIE: the server covers it when it comes.
const FOUND = /(?<![\w.])([XYZ][-. ]?\d{7}|\d{2}\.?\d{3}\.?\d{3})[-. ]?([A-Z])(?!\w)/gi;
const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

const isOne = ([, number, letter]) =>
  LETTERS[Number(number.toUpperCase().replace(/[XYZ]/, (first) => "XYZ".indexOf(first)).replace(/\D/g, "")) % 23] === letter.toUpperCase();

export function start(form) {
  const note = form.querySelector("[data-identity-note]");
  const text = form.querySelector("[data-identity]");
  if (!note || !text) return;
  const look = () => { note.hidden = ![...text.value.matchAll(FOUND)].some(isOne); };
  text.addEventListener("input", look);
  look();
}
