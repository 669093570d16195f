// Passkeys: the page holds what the server asks, the browser answers, the form takes the answer back.
const form = document.querySelector("[data-passkey]");

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function create(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    ...identity(made),
    response: {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
      transports: made.response.getTransports?.() ?? [],
    },
    extensions: JSON.stringify(made.getClientExtensionResults()),
  };
}

async function get(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: known(options.allowCredentials),
  };
  const found = await navigator.credentials.get({ publicKey });
  return {
    ...identity(found),
    response: {
      authenticatorData: text(found.response.authenticatorData),
      clientDataJSON: text(found.response.clientDataJSON),
      signature: text(found.response.signature),
      userHandle: found.response.userHandle ? text(found.response.userHandle) : null,
    },
    assertionClientExtensions: JSON.stringify(found.getClientExtensionResults()),
  };
}

const identity = (credential) => ({ id: credential.id, rawId: text(credential.rawId), type: credential.type });

function tell(name) {
  form.querySelector("[data-waiting]").hidden = true;
  form.querySelector(`[data-${name}]`).hidden = false;
}

async function answer() {
  if (!window.PublicKeyCredential) {
    tell("unable");
    return;
  }
  const ask = form.dataset.passkey === "create" ? create : get;
  try {
    form.elements.credential.value = JSON.stringify(await ask(JSON.parse(form.dataset.options)));
  } catch {
    tell("failed");
    return;
  }
  form.submit();
}

if (form) answer();
