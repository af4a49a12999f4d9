// [data-uploads]: the files of one input as a list that one adds to (dialog, drop, paste into the form's text) and takes
// from. What the server would refuse for its size is said at once; the server looks again at everything.
const UNITS = ["B", "kB", "MB"];

function sizeOf(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(bytes || 1) / Math.log(1024)));
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: power > 1 ? 1 : 0 });
  return `${number.format(bytes / 1024 ** power)} ${UNITS[power]}`;
}

function improve(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("ul");
  const words = box.querySelector("[role=status]");
  const item = box.querySelector("template").content.firstElementChild;
  const most = Number(box.dataset.maxFiles);
  const largest = Number(box.dataset.maxSize);
  let files = [];
  let pasted = 0;

  const isSame = (one, other) =>
    one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

  function whyNot(file) {
    if (!file.size) return "empty";
    if (file.size > largest) return "large";
    return files.length >= most ? "many" : null;
  }

  function add(more) {
    const said = [];
    for (const file of more) {
      if (files.some((one) => isSame(one, file))) continue;
      const problem = whyNot(file);
      if (!problem) files.push(file);
      said.push(words.dataset[problem ?? "added"].replace("{name}", file.name));
    }
    show();
    words.textContent = said.join(" ");
  }

  function remove(file, place) {
    files = files.filter((one) => one !== file);
    show();
    words.textContent = words.dataset.removed.replace("{name}", file.name);
    const buttons = list.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] ?? input).focus();
  }

  function show() {
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(file);
    input.files = chosen.files;
    list.hidden = !files.length;
    list.replaceChildren(...files.map((file, place) => {
      const line = item.cloneNode(true);
      line.querySelector(".uploads__name").textContent = file.name;
      line.querySelector(".uploads__size").textContent = sizeOf(file.size);
      const button = line.querySelector("button");
      button.querySelector("span span").textContent = file.name;
      button.addEventListener("click", () => remove(file, place));
      return line;
    }));
  }

  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const mark = (isOver) => box.classList.toggle("uploads--over", isOver);
  input.addEventListener("change", () => add([...input.files]));
  input.form?.addEventListener("reset", () => { files = []; queueMicrotask(show); });
  for (const name of ["dragenter", "dragover"]) {
    box.addEventListener(name, (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      mark(true);
    });
  }
  box.addEventListener("dragleave", (event) => { if (!box.contains(event.relatedTarget)) mark(false); });
  box.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(false);
    add([...event.dataTransfer.files]);
  });
  input.form?.addEventListener("paste", (event) => {
    const images = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    // A cell of a spreadsheet comes as a picture too, but whoever copied it wants its text.
    if (!images.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    add(images.map((file) => {
      const extension = file.type.slice("image/".length).replace("jpeg", "jpg");
      return new File([file], `${words.dataset.pasted}-${++pasted}.${extension}`, { type: file.type });
    }));
  });
  for (const line of box.querySelectorAll("[data-js-only]")) line.hidden = false;
  if (input.files.length) add([...input.files]); // what the browser kept on a reload
}

for (const box of document.querySelectorAll("[data-uploads]")) improve(box);
