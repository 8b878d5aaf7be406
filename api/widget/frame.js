// For a page with <iframe src="…/embed?…">: gives each such frame the height that it tells.

const HOME = new URL(import.meta.url).origin;
const TALLEST = 20000;
const frames = () => [...document.querySelectorAll("iframe")];

addEventListener("message", ({ origin, source, data }) => {
  const height = Math.min(data?.hobnobHeight, TALLEST);
  if (origin != HOME || !(height > 0)) return;
  const frame = frames().find(({ contentWindow }) => contentWindow == source);
  if (frame) frame.style.height = `${height}px`;
});

// What a frame told before this was loaded, it tells again; one that is still empty has the origin of its page.
for (const { src, contentWindow } of frames()) {
  if (src.startsWith(HOME + "/")) contentWindow.postMessage("hobnobHeight", "*");
}
