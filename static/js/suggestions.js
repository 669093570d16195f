// What the search box offers while somebody types: a combobox with a listbox (ARIA 1.2). Without this script the box
// is an ordinary search field.

const PAUSE = 90; // milliseconds of rest before the server is asked
const SHORTEST = 2;

function attach(input) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  const status = document.getElementById(input.dataset.status);
  let running = null;
  let timer = 0;
  let asked = "";

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");

  function mark(option) {
    active()?.setAttribute("aria-selected", "false");
    if (option) {
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) mark(null);
  }

  async function ask() {
    const text = input.value.trim();
    if (text === asked) return open(options().length > 0 && text.length >= SHORTEST);
    asked = text;
    running?.abort();
    if (text.length < SHORTEST) return open(false);
    running = new AbortController();
    try {
      const address = new URL(input.dataset.suggestions, location);
      address.searchParams.set("q", text);
      const response = await fetch(address, { signal: running.signal, headers: { Accept: "text/html" } });
      if (!response.ok) return open(false);
      const next = new DOMParser().parseFromString(`<ul>${await response.text()}</ul>`, "text/html");
      list.replaceChildren(...next.querySelector("ul").children);
      mark(null);
      open(options().length > 0 && document.activeElement === input);
      status.textContent = list.querySelector("[data-announcement]")?.textContent ?? "";
    } catch (error) {
      if (error.name !== "AbortError") open(false);
    }
  }

  function move(step) {
    const all = options();
    if (!all.length) return;
    if (list.hidden) open(true);
    const at = all.indexOf(active()) + step;
    mark(at >= all.length || at === -1 ? null : all.at(at < -1 ? -1 : at));
  }

  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden && active()) {
      event.preventDefault();
      window.location.assign(active().dataset.url);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      open(false);
    }
  });

  input.addEventListener("blur", () => open(false));
  input.form.addEventListener("submit", () => {
    window.clearTimeout(timer);
    running?.abort();
    asked = input.value.trim();
    open(false);
  });

  // The pointer must not take the focus from the box, or the list would close before the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) window.location.assign(option.dataset.url);
  });
}

for (const input of document.querySelectorAll("input[data-suggestions]")) {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  attach(input);
}
