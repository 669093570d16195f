// What makes forms kinder: the summary of errors is read first, and a button pressed twice acts once.
document.querySelector("[data-focus]")?.focus();

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
