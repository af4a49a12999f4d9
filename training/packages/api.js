// The SCORM runtime of a package: `API` (SCORM 1.2) and `API_1484_11` (SCORM 2004). The server puts it at the top of every
// page of a package, with what is known of who takes it in `boot`. All of it is synchronous, as SCORM asks; what has
// changed goes to the page of the lesson as a message, and that page sends it on.
//
// The package runs in a sandbox whose origin is nobody's, so there is no window above that it could ask.
(function runtime(boot) {
  "use strict";
  const MARK = "agora-package";
  const LARGEST = 64 * 1024; // bytes of a message
  const EVERY = 30000; // milliseconds: what has changed and was not committed goes then
  const real = { parent: window.parent, top: window.top };
  const isFrame = real.parent !== window;

  // ---- what a page in a sandbox may not have, and many pages break without ----
  function shelf() {
    const kept = new Map();
    return {
      get length() { return kept.size; },
      key: (place) => [...kept.keys()][place] ?? null,
      getItem: (name) => kept.get(String(name)) ?? null,
      setItem: (name, value) => { kept.set(String(name), String(value)); },
      removeItem: (name) => { kept.delete(String(name)); },
      clear: () => kept.clear(),
    };
  }
  function define(target, name, descriptor) {
    try { Object.defineProperty(target, name, { configurable: true, ...descriptor }); } catch { /* left as it is */ }
  }
  for (const name of ["localStorage", "sessionStorage"]) {
    try { window[name].length; } catch { const own = shelf(); define(window, name, { get: () => own }); }
  }
  try { document.cookie; } catch { define(document, "cookie", { get: () => "", set: () => {} }); }

  // ---- what is known ----
  // A page of a package may lead to another page of it: the name of the frame outlives both, and carries what is newer
  // than the server knows. A new frame has no name.
  function carried() {
    try {
      const found = JSON.parse(window.name);
      return found && found.mark === MARK && found.package === boot.package ? found : null;
    } catch { return null; }
  }
  const before = carried();
  const state = {
    version: (before || boot).version || "",
    values: { ...(before || boot).values },
    isOpen: Boolean(before && before.isOpen),
    isFinished: Boolean(before && before.isFinished),
    ticket: before ? before.ticket : boot.ticket,
    seq: before ? before.seq : 0,
    sent: "",
  };
  state.sent = JSON.stringify(state.values);

  function message(finished) {
    return { mark: MARK, package: boot.package, ticket: state.ticket, seq: state.seq + 1, version: state.version, values: state.values, finished };
  }
  function size(data) {
    return new TextEncoder().encode(JSON.stringify(data)).length;
  }
  // Whether it could be sent: false for what is too large.
  function send(finished) {
    const now = JSON.stringify(state.values);
    if (!state.version || (now === state.sent && !finished)) return true;
    const data = message(finished);
    if (size(data) > LARGEST) return false;
    state.seq = data.seq;
    state.sent = now;
    carry();
    // The server lets nobody but us show this page in a frame, and our page looks at where a message comes from.
    if (isFrame) real.parent.postMessage(data, "*");
    return true;
  }
  setInterval(() => { if (state.isOpen) send(false); }, boot.every || EVERY);
  // At once, and once a task: a browser that gives the next page a process of its own takes the name before this one ends.
  let isCarrying = false;
  function carry() {
    if (!isCarrying) queueMicrotask(writeName);
    isCarrying = true;
  }
  function writeName() {
    isCarrying = false;
    const { version, values, isOpen, isFinished, ticket, seq } = state;
    window.name = JSON.stringify({ mark: MARK, package: boot.package, version, values, isOpen, isFinished, ticket, seq });
  }
  addEventListener("pagehide", () => {
    if (state.isOpen) send(false);
    if (state.version) writeName();
  });
  // Frames inside of the package have origins of their own too: what they say goes up through us.
  addEventListener("message", (event) => {
    if (isFrame && event.source !== real.parent && event.data && event.data.mark === MARK) real.parent.postMessage(event.data, "*");
  });

  // ---- elements ----
  const INDEX = /\.(0|[1-9][0-9]{0,3})(?=\.|$)/g;
  const plain = (element) => element.replace(INDEX, ".n");
  const own = (table, name) => (Object.prototype.hasOwnProperty.call(table, name) ? table[name] : undefined);

  function ruleOf(version, element) {
    return /\.n(?=\.|$)/.test(element) ? undefined : own(boot.table.rules[version], plain(element));
  }
  const NOT_HERE = { "1.2": /^cmi\.student_data(\.|$)/, 2004: /^(cmi\.comments_from_lms\.|adl\.data\.)/ };
  function count(list) {
    let found = 0;
    for (const name of Object.keys(state.values)) {
      if (!name.startsWith(`${list}.`)) continue;
      const index = Number(name.slice(list.length + 1).split(".")[0]);
      if (Number.isInteger(index)) found = Math.max(found, index + 1);
    }
    return found;
  }
  function children(version, element) {
    const above = `${plain(element)}.`;
    const below = own(boot.table.collections, plain(element)) === undefined ? above : `${above}n.`;
    const names = Object.keys(boot.table.rules[version]).filter((name) => name.startsWith(below));
    return [...new Set(names.map((name) => name.slice(below.length).split(".")[0]))].filter((name) => !name.startsWith("_"));
  }
  // Each number in a name with its list: [["cmi.interactions", 3], …].
  function indexes(element) {
    return [...element.matchAll(INDEX)].map((found) => [element.slice(0, found.index), Number(found[1])]);
  }
  function takes(rule, value) {
    if (value.length > rule.longest || value.includes("\0") || !new RegExp(`^(?:${rule.pattern})$`).test(value)) return "type";
    if (value === "" || (rule.low === null && rule.high === null)) return "";
    const number = Number(value);
    return (rule.low !== null && number < rule.low) || (rule.high !== null && number > rule.high) ? "range" : "";
  }

  // ---- the two interfaces: the same steps with other numbers ----
  const CODES = {
    "1.2": { argument: 201, again: 101, over: 101, undefinedName: 201, unimplemented: 401, noChildren: 202, noCount: 203, keyword: 402, readOnly: 403, writeOnly: 404, type: 405, range: 405, order: 201, beyond: 201, missing: 0, dependency: 0, general: 101, before: { get: 301, set: 301, commit: 301, finish: 301 }, after: { get: 301, set: 301, commit: 301, finish: 301 } },
    2004: { argument: 201, again: 103, over: 104, undefinedName: 401, unimplemented: 402, noChildren: 301, noCount: 301, keyword: 404, readOnly: 404, writeOnly: 405, type: 406, range: 407, order: 351, beyond: 301, missing: 403, dependency: 408, general: 391, before: { get: 122, set: 132, commit: 142, finish: 112 }, after: { get: 123, set: 133, commit: 143, finish: 113 } },
  };
  const WORDS = {
    "1.2": { 0: "No error", 101: "General exception", 201: "Invalid argument error", 202: "Element cannot have children", 203: "Element not an array - cannot have count", 301: "Not initialized", 401: "Not implemented error", 402: "Invalid set value, element is a keyword", 403: "Element is read only", 404: "Element is write only", 405: "Incorrect data type" },
    2004: { 0: "No Error", 101: "General Exception", 102: "General Initialization Failure", 103: "Already Initialized", 104: "Content Instance Terminated", 111: "General Termination Failure", 112: "Termination Before Initialization", 113: "Termination After Termination", 122: "Retrieve Data Before Initialization", 123: "Retrieve Data After Termination", 132: "Store Data Before Initialization", 133: "Store Data After Termination", 142: "Commit Before Initialization", 143: "Commit After Termination", 201: "General Argument Error", 301: "General Get Failure", 351: "General Set Failure", 391: "General Commit Failure", 401: "Undefined Data Model Element", 402: "Unimplemented Data Model Element", 403: "Data Model Element Value Not Initialized", 404: "Data Model Element Is Read Only", 405: "Data Model Element Is Write Only", 406: "Data Model Element Type Mismatch", 407: "Data Model Element Value Out Of Range", 408: "Data Model Dependency Not Established" },
  };

  function makeApi(version) {
    const codes = CODES[version];
    let last = 0;
    let isInherited = Boolean(before);
    const isOpen = () => state.isOpen && state.version === version;
    const isOver = () => state.isFinished && state.version === version && !state.isOpen;
    function say(code, answer) { last = code; return answer; }
    const unknown = (element) => (NOT_HERE[version].test(element) ? codes.unimplemented : codes.undefinedName);
    function notOpen(step) { return isOver() ? codes.after[step] : codes.before[step]; }

    function initialize(argument) {
      if (argument !== "") return say(codes.argument, "false");
      // A page that comes after another one of the same package may begin again; the same page never.
      const isFirst = isInherited;
      isInherited = false;
      if (isOpen()) return isFirst ? say(0, "true") : say(codes.again, "false");
      if (isOver() && !isFirst) return say(codes.over, "false");
      if (isOver()) state.ticket += 1; // another session, with a length of its own
      if (state.version && state.version !== version) state.values = {};
      for (const name of boot.once[version]) delete state.values[name];
      Object.assign(state, { version, isOpen: true, isFinished: false });
      carry();
      return say(0, "true");
    }
    function finish(argument) {
      if (argument !== "") return say(codes.argument, "false");
      if (!isOpen()) return say(notOpen("finish"), "false");
      if (version === "1.2" && state.values["cmi.core.lesson_status"] === undefined) state.values["cmi.core.lesson_status"] = "completed"; // RTE 3.4.4: who says nothing has completed it
      if (!send(true)) return say(codes.general, "false");
      Object.assign(state, { isOpen: false, isFinished: true });
      carry();
      return say(0, "true");
    }
    function commit(argument) {
      if (argument !== "") return say(codes.argument, "false");
      if (!isOpen()) return say(notOpen("commit"), "false");
      return send(false) ? say(0, "true") : say(codes.general, "false");
    }

    function keyword(element) {
      const [, above, word] = /^(.*)\.(_children|_count)$/.exec(element) || [];
      if (!word) return null;
      const isList = own(boot.table.collections, plain(above)) !== undefined && children(version, above).length > 0;
      if (word === "_count") return isList ? say(0, String(count(above))) : say(ruleOf(version, above) ? codes.noCount : unknown(element), "");
      const found = children(version, above);
      return found.length ? say(0, found.join(",")) : say(ruleOf(version, above) ? codes.noChildren : unknown(element), "");
    }
    function get(name) {
      const element = String(name);
      if (!isOpen()) return say(notOpen("get"), "");
      if (element === "") return say(version === "1.2" ? codes.argument : codes.beyond, "");
      const rule = ruleOf(version, element);
      if (!rule) return keyword(element) ?? say(unknown(element), "");
      if (rule.access === "w") return say(codes.writeOnly, "");
      if (indexes(element).some(([list, index]) => index >= count(list))) return say(codes.beyond, "");
      const value = own(state.values, element) ?? own(boot.known[version], element) ?? rule.default;
      return value === null || value === undefined ? say(codes.missing, "") : say(0, value);
    }
    function set(name, given) {
      const element = String(name);
      const value = String(given);
      if (!isOpen()) return say(notOpen("set"), "false");
      const rule = ruleOf(version, element);
      if (!rule) return say(/\._(children|count|version)$/.test(element) ? codes.keyword : element === "" ? codes.order : unknown(element), "false");
      if (rule.access === "r") return say(element.includes("._") ? codes.keyword : codes.readOnly, "false");
      for (const [list, index] of indexes(element)) {
        const there = count(list);
        if (index > there || index >= own(boot.table.collections, plain(list))) return say(codes.order, "false");
        const needsId = codes.dependency && own(boot.table.rules[version], `${plain(list)}.n.id`);
        if (needsId && index === there && element !== `${list}.${index}.id`) return say(codes.dependency, "false");
      }
      const wrong = takes(rule, value);
      if (wrong) return say(codes[wrong], "false");
      state.values[element] = value;
      carry();
      return say(0, "true");
    }
    const lastError = () => String(last);
    const errorString = (code) => own(WORDS[version], String(code)) || "";
    const diagnostic = (code) => errorString(code === "" || code === undefined ? last : code);
    return { initialize, finish, get, set, commit, lastError, errorString, diagnostic };
  }

  const one = makeApi("1.2");
  const two = makeApi("2004");
  window.API = {
    LMSInitialize: one.initialize, LMSFinish: one.finish, LMSGetValue: one.get, LMSSetValue: one.set, LMSCommit: one.commit,
    LMSGetLastError: one.lastError, LMSGetErrorString: one.errorString, LMSGetDiagnostic: one.diagnostic,
  };
  window.API_1484_11 = {
    version: "1.0",
    Initialize: two.initialize, Terminate: two.finish, GetValue: two.get, SetValue: two.set, Commit: two.commit,
    GetLastError: two.lastError, GetErrorString: two.errorString, GetDiagnostic: two.diagnostic,
  };

  // Many packages begin to look for the interface in the window above, and asking that one anything is an error here. They
  // find this instead: it has the interface, and nothing above itself.
  if (isFrame) {
    const above = { API: window.API, API_1484_11: window.API_1484_11, length: 0, opener: null };
    for (const name of ["document", "location", "frames"]) {
      define(above, name, { get: () => { throw new DOMException("This page is in a sandbox.", "SecurityError"); } });
    }
    above.parent = above.top = above.window = above.self = above;
    above.postMessage = (data, ...more) => real.parent.postMessage(data, ...more);
    define(window, "parent", { get: () => above });
  }
})
