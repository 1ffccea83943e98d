// A picture of a page as the browser shows it, after a click on it: nothing is fetched for it, from anywhere.

const MOST_LETTERS = 7_000_000; // of its data address: 5 MB, and what the browser's memory for sessions holds

/** Runs inside the page, so it uses nothing from outside itself: the picture's pixels, or where it is seen if a page may not read them. @param {string} address */
export function capturePicture(address) {
  const side = 4000; // pixels; the service reads larger ones smaller anyway
  const limit = 7_000_000;
  const image = [...document.images].find((each) => each.currentSrc === address || each.src === address);
  if (!image?.naturalWidth) return null;
  const share = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * share));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * share));
  try {
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const whole = canvas.toDataURL("image/png");
    return { picture: whole.length <= limit ? whole : canvas.toDataURL("image/jpeg", 0.9) };
  } catch {
    // of another site, which does not let pages read it
    const { left, top, right, bottom } = image.getBoundingClientRect();
    const [x, y] = [Math.max(left, 0), Math.max(top, 0)];
    return { seen: { x, y, width: Math.min(right, innerWidth) - x, height: Math.min(bottom, innerHeight) - y, scale: devicePixelRatio } };
  }
}

/**
 * A picture that was clicked, as a data address: its pixels, or what is seen of it; "" where the browser gives neither.
 * @param {{tabId: number, windowId: number, frameId: number, address: string}} clicked
 */
export async function readPicture({ tabId, windowId, frameId, address }) {
  try {
    const [ran] = await chrome.scripting.executeScript({ target: { tabId, frameIds: [frameId] }, func: capturePicture, args: [address] });
    const found = ran?.result;
    if (found?.picture) return found.picture.length <= MOST_LETTERS ? found.picture : "";
    // Where a frame stands in the page is not known here.
    return found?.seen && frameId === 0 ? await cutOut(await chrome.tabs.captureVisibleTab(windowId, { format: "png" }), found.seen) : "";
  } catch {
    return "";
  }
}

/** A part of a picture. @param {string} picture @param {{x: number, y: number, width: number, height: number, scale: number}} part in pixels of the page */
async function cutOut(picture, { x, y, width, height, scale }) {
  if (width < 1 || height < 1) return "";
  const [left, top, wide, high] = [x, y, width, height].map((each) => Math.round(each * scale));
  const bitmap = await createImageBitmap(blobOf(picture), left, top, wide, high);
  const canvas = new OffscreenCanvas(wide, high);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  const made = await canvas.convertToBlob({ type: "image/png" });
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onloadend = () => resolve(typeof reader.result === "string" ? reader.result : "");
    reader.readAsDataURL(made);
  });
}

/** The bytes of a data address; our own pages may fetch none. @param {string} address */
export function blobOf(address) {
  const [head, data] = address.split(",", 2);
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: head.slice("data:".length).split(";")[0] });
}
