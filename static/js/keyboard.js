// Keys on every page: "/" goes to the search box, Escape closes the menu. Without this script nothing is missing.

const isTyping = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !isTyping(event.target)) {
    const box = document.querySelector("[data-search]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "Escape") {
    const menu = document.querySelector(".menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Skipping leaves no trace in the address: the next page would else begin at its content and not at what it has to say.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  const content = document.querySelector(event.currentTarget.hash);
  if (!content) return;
  event.preventDefault();
  content.focus();
});

document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});
