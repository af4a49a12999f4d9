// Passkeys and security keys (WebAuthn). A form says what it does in data-passkey:
//   create        makes a key; the options are in the JSON of #passkey-data
//   authenticate  proves a key that the account has; the options are there too
//   login         signs in with a passkey; the options come from the address of the form
// The answer of the key goes into the form's `credential`, and the form is sent as any other.

const toBytes = (text) => {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64.padEnd(Math.ceil(base64.length / 4) * 4, "=")), (c) => c.charCodeAt(0));
};

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (descriptors) => descriptors?.map((one) => ({ ...one, id: toBytes(one.id) }));

function creationOptions(options, alone) {
  const key = { ...options.publicKey };
  key.challenge = toBytes(key.challenge);
  key.user = { ...key.user, id: toBytes(key.user.id) };
  key.excludeCredentials = withBytes(key.excludeCredentials);
  // A key that signs in alone has to be found without the e-mail, and has to know its person.
  key.authenticatorSelection = {
    ...key.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  return { publicKey: key };
}

function requestOptions(options) {
  const key = { ...options.publicKey };
  key.challenge = toBytes(key.challenge);
  key.allowCredentials = withBytes(key.allowCredentials);
  return { publicKey: key };
}

function asJSON(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: toText(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = toText(response.attestationObject);
    answer.transports = response.getTransports?.() ?? [];
  } else {
    answer.authenticatorData = toText(response.authenticatorData);
    answer.signature = toText(response.signature);
    answer.userHandle = response.userHandle ? toText(response.userHandle) : null;
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  });
}

const written = (form) => JSON.parse(form.querySelector("#passkey-data").textContent);

const ceremonies = {
  create: async (form) => {
    const alone = form.querySelector("[name=passwordless]")?.checked ?? false;
    return navigator.credentials.create(creationOptions(written(form).creation_options, alone));
  },
  authenticate: async (form) => navigator.credentials.get(requestOptions(written(form).request_options)),
  login: async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return navigator.credentials.get(requestOptions((await answer.json()).request_options));
  },
};

function say(form, message) {
  const place = form.querySelector("[data-passkey-error]");
  place.textContent = message;
  place.hidden = !message;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    if (form.dataset.passkey === "create") say(form, form.dataset.error);
    continue;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form, "");
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    try {
      const credential = await ceremonies[form.dataset.passkey](form);
      form.querySelector("[name=credential]").value = asJSON(credential);
      form.submit();
    } catch {
      say(form, form.dataset.error);
      button.disabled = false;
    }
  });
}
