// What makes forms kinder: the summary of errors is read first, or else what was done on the page before, and a button
// pressed twice acts once.
// Where a link led to a part of this page, that part comes first.
const part = document.getElementById(location.hash.slice(1));
const first = document.querySelector("[data-focus]") ?? (part ? null : document.querySelector("[data-told]"));
first?.focus();

for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.querySelector("[data-once]")) form.dataset.sent = "yes";
  });
}

// A page that comes back out of the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
