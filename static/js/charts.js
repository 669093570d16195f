// Charts as pictures: draws the SVG file that the page links to on a canvas. Without this script the SVG is there.

const SCALE = 2;

async function picture(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function nameOf(address) {
  const [, noun, ...rest] = new URL(address, location.href).pathname.split("/").filter(Boolean);
  return `${[noun, ...rest].join("-").replace(/\.svg$/, "")}.png`;
}

for (const offer of document.querySelectorAll("[data-png]")) {
  const address = offer.dataset.png;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      save(await picture(address), nameOf(address));
    } catch {
      location.assign(address); // The SVG is better than nothing.
    } finally {
      button.disabled = false;
      button.focus();
    }
  });
}
