// How many characters a long text has left: seen at once, read out once somebody pauses. Without this script the
// field holds its limit by itself.

const PAUSE = 1000; // milliseconds of rest before the count is read out
const format = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn" });

function count(field) {
  const seen = document.createElement("p");
  seen.className = "small soft characters";
  seen.setAttribute("aria-hidden", "true");
  const heard = document.createElement("p");
  heard.className = "visually-hidden";
  heard.setAttribute("aria-live", "polite");
  field.after(seen, heard);

  let timer = 0;
  const words = () => field.dataset.left.replace("{count}", format.format(field.maxLength - field.textLength));
  seen.textContent = words();
  field.addEventListener("input", () => {
    seen.textContent = words();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (heard.textContent = words()), PAUSE);
  });
}

for (const field of document.querySelectorAll("textarea[data-left][maxlength]")) count(field);
