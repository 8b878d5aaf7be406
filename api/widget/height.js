// Within the frame: tells the page around it how tall it is, now and whenever that changes.

const tell = () => parent.postMessage({ hobnobHeight: Math.ceil(document.body.getBoundingClientRect().height) }, "*");

new ResizeObserver(tell).observe(document.body);
addEventListener("message", ({ source, data }) => {
  if (source == parent && data == "hobnobHeight") tell();
});
