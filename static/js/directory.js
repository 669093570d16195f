// A directory that updates in place: the same addresses, fetched instead of opened. Without this script the search
// form and its buttons do the same, a page at a time.

const form = document.getElementById("search");
const filters = document.getElementById("filters");
const phone = window.matchMedia("(max-width: 860px)");
let running = null;

// --- Answers -------------------------------------------------------------------------------------------------------

function addressOfForm() {
  const parameters = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") parameters.append(name, value);
  const query = parameters.toString();
  return form.action + (query ? `?${query}` : "");
}

function openedDetails() {
  return new Map([...document.querySelectorAll("#facets details[id]")].map((each) => [each.id, each.open]));
}

function swap(next) {
  const focused = document.activeElement?.id;
  const opened = openedDetails();
  for (const part of document.querySelectorAll("[data-swap]")) {
    const other = next.getElementById(part.id);
    if (other) part.replaceChildren(...other.childNodes);
  }
  for (const [id, open] of opened) {
    const details = document.getElementById(id);
    if (details) details.open = open;
  }
  const sort = document.getElementById("sort");
  const order = next.getElementById("sort").value; // options choose themselves anew when they are moved
  sort.replaceChildren(...next.getElementById("sort").childNodes);
  sort.value = order;
  form.elements.q.value = next.getElementById("search-q").value;
  keepView(next);
  document.title = next.title;
  const canonical = document.querySelector("link[rel=canonical]");
  canonical.href = next.querySelector("link[rel=canonical]").href;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function keepView(next) {
  form.querySelector("input[name=view]")?.remove();
  const view = next.querySelector("#search input[name=view]");
  if (view) form.append(view);
}

function announce() {
  const count = document.getElementById("count").textContent.trim();
  document.getElementById("announcement").textContent = count;
  for (const button of document.querySelectorAll("[data-answer]")) button.textContent = count;
}

async function load(address, { push = true } = {}) {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const answer = document.getElementById("answer");
  answer.classList.add("busy");
  answer.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    swap(next);
    const canonical = new URL(document.querySelector("link[rel=canonical]").href);
    if (push) history.pushState(null, "", canonical.pathname + canonical.search);
    announce();
  } catch (error) {
    if (error.name !== "AbortError") window.location.assign(address);
    return;
  }
  answer.classList.remove("busy");
  answer.removeAttribute("aria-busy");
}

const belongsToForm = (element) => element.form === form && element.name !== "q";

document.addEventListener("change", (event) => {
  if (belongsToForm(event.target)) load(addressOfForm());
});

// What was ticked while this script was still on its way.
if ([...form.elements].some((each) => each.type === "checkbox" && each.checked !== each.defaultChecked)) {
  load(addressOfForm());
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  load(addressOfForm());
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("#chosen a, #density a, .pager a, .empty a");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const isPage = link.closest(".pager") !== null;
  const wasInside = link.closest("#chosen, .empty") !== null;
  await load(link.href);
  if (isPage) document.getElementById("results").scrollIntoView();
  if (isPage || wasInside) document.getElementById("count").focus({ preventScroll: true });
});

window.addEventListener("popstate", () => load(window.location.href, { push: false }));

// --- The sheet in which the facets open on a phone -----------------------------------------------------------------

function makeSheet() {
  const template = document.getElementById("sheet-template");
  const sheet = template.content.firstElementChild.cloneNode(true);
  document.body.append(sheet);
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-close]")) sheet.close();
  });
  sheet.addEventListener("close", () => {
    filters.append(document.getElementById("facets"));
    filters.querySelector("summary").focus();
  });
  return sheet;
}

const sheet = makeSheet();

filters.querySelector("summary").addEventListener("click", (event) => {
  if (!phone.matches) return;
  event.preventDefault();
  sheet.querySelector(".sheet-body").append(document.getElementById("facets"));
  announce();
  sheet.showModal();
});

function fit() {
  if (!phone.matches && sheet.open) sheet.close();
  filters.open = !phone.matches;
}

phone.addEventListener("change", fit);
fit();
document.documentElement.classList.add("scripted");
