// Saves a page of a profile as a draft while somebody types. Without it, the buttons do.
const PAUSE = 1500;

const status = document.querySelector("[data-autosave]");
const form = status?.closest("form");
let timer = 0;
let underWay = null;
let again = false;

function save() {
  if (underWay) {
    again = true;
    return;
  }
  underWay = send().finally(() => {
    underWay = null;
    if (again) {
      again = false;
      save();
    }
  });
}

async function send() {
  try {
    const answer = await fetch(status.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    const said = await answer.json();
    say(said.text, !answer.ok);
    if (said.mark) form.elements.mark.value = said.mark;
  } catch {
    say(status.dataset.failed, true);
  }
}

function say(text, failed) {
  status.textContent = text;
  status.classList.toggle("failed", failed);
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
});

// The button waits for what is under way: sent beside it, the page would carry a mark that is no longer true.
form?.addEventListener("submit", async (event) => {
  clearTimeout(timer);
  again = false;
  if (!underWay) return;
  event.preventDefault();
  const { submitter } = event;
  await underWay;
  delete form.dataset.sent;
  form.requestSubmit(submitter);
});
