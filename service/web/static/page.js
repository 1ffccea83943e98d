// Comfort for the web page: sends the form without leaving it, follows the stages, swaps in what the service rendered.
// Everything works without it. Nothing is kept but the key, in this tab alone.

const KEY = "gegencheck-key";
const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 2000;

function authorization() {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) return { "X-CSRF-Token": token }; // somebody is signed in: the browser sends their cookie
  const key = sessionStorage.getItem(KEY);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

function keepKey(form) {
  const field = form.elements.namedItem("key");
  if (field?.value.trim()) sessionStorage.setItem(KEY, field.value.trim());
}

/** Put a rendered page in the place of this one, and the focus on its heading. */
function swap(html, address) {
  const next = new DOMParser().parseFromString(html, "text/html");
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  for (const part of ["header.top", "main", "footer.bottom"]) document.querySelector(part).replaceWith(next.querySelector(part));
  if (address && address !== location.pathname + location.search) history.pushState(null, "", address);
  begin();
  (document.querySelector("main .lead") ?? document.querySelector("main")).focus();
  window.scrollTo(0, 0);
}

let asked = 0; // pages asked for: only the last one is shown, in whatever order they come
let coming = false; // whether one is on its way

/** Fetch a page with the key and show it, unless another one was asked for meanwhile. */
async function load(address) {
  const turn = ++asked;
  coming = true;
  try {
    const reply = await fetch(address, { headers: authorization() });
    if (reply.status === 401) sessionStorage.removeItem(KEY);
    const html = await reply.text();
    if (turn === asked) swap(html, address);
  } finally {
    if (turn === asked) coming = false;
  }
}

/** An address of this service in the language that was chosen since it was made. */
function inChosenLanguage(address) {
  const there = new URL(address, location.href);
  const chosen = new URLSearchParams(location.search).get("lang");
  if (chosen) there.searchParams.set("lang", chosen);
  return there.pathname + there.search;
}

// ---------------------------------------------------------------- asking

function enhanceForm(form) {
  if (sessionStorage.getItem(KEY)) form.querySelector("#key")?.closest(".field").remove();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled") === "true") return;
    keepKey(form);
    const words = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.sending;
    const picture = form.elements.namedItem("picture")?.files[0];
    try {
      const reply = await fetch(form.action, { method: "POST", ...(picture ? asPicture(picture) : asText(form)) });
      const told = await reply.json();
      if (reply.ok) {
        if (picture?.type.startsWith("image/")) keepPicture(told.id, picture);
        return await load(inChosenLanguage(told.page));
      }
      if (reply.status === 401 && sessionStorage.getItem(KEY)) sessionStorage.removeItem(KEY);
      showFault(told);
    } catch {
      form.submit(); // the plain way tells what is wrong
    } finally {
      button.removeAttribute("aria-disabled");
      button.textContent = words;
    }
  });
}

function asText(form) {
  const said = { input: form.elements.namedItem("input").value };
  const pictures = form.elements.namedItem("pictures");
  if (pictures && (pictures.checked || pictures.type === "hidden")) said.pictures = "yes";
  return { headers: { "Content-Type": "application/json", ...authorization() }, body: JSON.stringify(said) };
}

function asPicture(picture) {
  const body = new FormData();
  body.append("picture", picture, "picture"); // its name may say more than anybody wants to tell
  return { headers: { "X-Requested-With": "page", ...authorization() }, body };
}

// ---------------------------------------------------------------- pictures

const SUBTITLES = /\.(?:vtt|srt|json|txt)$/i;
let held = null; // the last picture that was sent: {check, address}, in this tab's memory alone

function keepPicture(check, picture) {
  if (held) URL.revokeObjectURL(held.address);
  held = { check, address: URL.createObjectURL(picture) };
}

/** Put the picture beneath what was recognised in it, where this tab still holds it. */
function showPicture(drawing) {
  if (held?.check !== drawing.dataset.check) return;
  const image = document.createElementNS(drawing.namespaceURI, "image");
  image.setAttribute("href", held.address);
  for (const side of ["width", "height"]) image.setAttribute(side, drawing.viewBox.baseVal[side]);
  drawing.querySelector(".paper").replaceWith(image);
  drawing.classList.add("with-picture");
  const words = drawing.parentElement.querySelector("[data-held]");
  words.textContent = words.dataset.held;
}

/** Take a picture that is pasted or dropped, and say which one is chosen. */
function enhancePicture(field) {
  const form = field.form;
  const chosen = document.getElementById("chosen");
  const show = () => {
    const picture = field.files[0];
    chosen.hidden = !picture;
    const size = picture && new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(picture.size / 1e6);
    chosen.querySelector("[role=status]").textContent = picture ? chosen.dataset.words.replace("{megabytes}", size) : "";
  };
  const take = (event, given) => {
    const taken = [...(given?.files ?? [])].find((file) => file.type.startsWith("image/") || SUBTITLES.test(file.name));
    if (!taken) return;
    event.preventDefault();
    const one = new DataTransfer();
    one.items.add(taken);
    field.files = one.files;
    show();
  };
  form.addEventListener("paste", (event) => take(event, event.clipboardData));
  form.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  form.addEventListener("drop", (event) => take(event, event.dataTransfer));
  field.addEventListener("change", show);
  chosen.querySelector("button[type=button]").addEventListener("click", () => {
    field.value = "";
    show();
    field.focus();
  });
  show();
}

function showFault(told) {
  const box = document.createElement("div");
  box.className = `summary state-${told.state}`;
  const words = document.createElement("div");
  for (const [name, text] of [["lead", told.lead], ["detail", told.detail], ["advice", told.advice]]) {
    if (!text) continue;
    const line = document.createElement("p");
    line.className = name;
    line.textContent = text;
    words.append(line);
  }
  box.append(words);
  document.getElementById("fault").replaceChildren(box);
  if (told.code === "key-required" && !document.getElementById("key")) location.reload();
}

// ---------------------------------------------------------------- following a running check

async function follow(running) {
  const id = running.dataset.check;
  let wait = FIRST_WAIT_MS;
  while (running.isConnected) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 1.3, MAX_WAIT_MS);
    try {
      const reply = await fetch(`/v1/checks/${encodeURIComponent(id)}`, { headers: authorization() });
      if (reply.ok) {
        const check = await reply.json();
        if (check.state === "queued" || check.state === "running") {
          if (check.state === "running") showBegun(running);
          showStage(check.stage);
          continue;
        }
      }
      if (running.isConnected && !coming) return await load(location.pathname + location.search);
    } catch {
      document.getElementById("progress").textContent = running.dataset.lost;
    }
  }
}

function showBegun(running) {
  const lead = running.querySelector(".lead");
  if (lead.textContent === running.dataset.begun) return;
  lead.textContent = running.dataset.begun;
  running.querySelector(".detail")?.remove(); // that it waits
}

function showStage(stage) {
  const steps = [...document.querySelectorAll("#stages li")];
  const at = steps.findIndex((step) => step.dataset.stage === stage);
  if (at < 0) return;
  steps.forEach((step, place) => {
    const state = place < at ? "done" : place === at ? "current" : "waiting";
    step.className = state;
    step.querySelector(".state").textContent = step.dataset[state];
  });
  const said = document.getElementById("progress");
  const name = steps[at].querySelector(".name").textContent;
  if (said.textContent !== name) said.textContent = name;
}

/** Follow what is being read, as long as something is; then show what came of it. */
async function followSteps(section) {
  while (section.isConnected) {
    await new Promise((resolve) => setTimeout(resolve, MAX_WAIT_MS));
    if (document.hidden) continue;
    try {
      const reply = await fetch(location.pathname + location.search, { headers: authorization() });
      const next = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("under-way");
      if (!section.isConnected || coming) return;
      if (next) section.replaceChildren(...next.childNodes);
      else if (reply.ok) return document.activeElement?.matches("input") ? section.remove() : await load(location.pathname + location.search);
      else if (reply.status === 401) return await load(location.pathname + location.search); // signed out meanwhile
      else showLost(section);
    } catch {
      showLost(section);
    }
  }
}

/** Say that the service does not answer, once: what is shown may be old. */
function showLost(section) {
  const said = section.querySelector("[role=status]");
  if (said.textContent !== section.dataset.lost) said.textContent = section.dataset.lost;
}

// ---------------------------------------------------------------- the rest

function enhanceForget(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reply = await fetch(`/v1/checks/${encodeURIComponent(form.dataset.forget)}`, {
      method: "DELETE",
      headers: authorization(),
    });
    if (reply.ok || reply.status === 404) location.assign(document.querySelector(".brand").href);
    else await load(location.pathname + location.search);
  });
}

// ---------------------------------------------------------------- passing on, feedback, the inbox

/** Show the buttons that this browser can do something for. */
function enhancePassOn(actions) {
  const reply = document.getElementById("reply");
  const told = { title: document.title, text: reply.value };
  const acts = {
    copy: async () => {
      if (!(await copy(reply))) return;
      document.getElementById("copied").textContent = actions.dataset.copied;
    },
    share: () => navigator.share(told).catch(() => {}), // whoever changed their mind
    print: () => window.print(),
  };
  for (const button of actions.querySelectorAll("button[data-act]")) {
    button.hidden = button.dataset.act === "share" && !navigator.canShare?.(told);
    button.addEventListener("click", acts[button.dataset.act]);
  }
}

/** Copy what stands in a field; where the browser keeps the clipboard from pages without TLS, by selecting it. */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

function enhanceFeedback(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { kind, claim, comment } = Object.fromEntries(new FormData(form));
    const said = { kind, ...(claim && { claim: Number(claim) }), ...(comment.trim() && { comment: comment.trim() }) };
    if (await send(`/v1/checks/${encodeURIComponent(form.dataset.feedback)}/feedback`, "POST", said)) {
      const thanks = Object.assign(document.createElement("p"), { id: "thanks", textContent: form.dataset.thanks });
      thanks.setAttribute("role", "status");
      form.replaceWith(thanks);
    } else form.querySelector("[role=status]").textContent = form.dataset.failed;
  });
}

function enhanceDecision(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const status = event.submitter.value;
    const note = form.elements.namedItem("note")?.value.trim() || null;
    if (await send(`/v1/feedback/${encodeURIComponent(form.dataset.decide)}`, "PATCH", { status, note })) {
      return load(location.pathname + location.search);
    }
    const fault = document.getElementById("fault");
    fault.textContent = fault.dataset.failed;
  });
}

/** Whether the service took it. */
async function send(address, method, body) {
  try {
    const headers = { "Content-Type": "application/json", ...authorization() };
    return (await fetch(address, { method, headers, body: JSON.stringify(body) })).ok;
  } catch {
    return false;
  }
}

/** The same page in the other language: with the key of this tab, and with what was typed already. */
function enhanceLanguage(link) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const typed = document.getElementById("input")?.value;
    try {
      await load(link.getAttribute("href"));
    } catch {
      return location.assign(link.href);
    }
    const field = document.getElementById("input");
    if (field && typed) field.value = typed;
  });
}

function begin() {
  const ask = document.getElementById("ask");
  const unlock = document.getElementById("unlock");
  const running = document.getElementById("running");
  const forget = document.querySelector("form[data-forget]");
  if (ask) enhanceForm(ask);
  const correct = document.querySelector("form.correct");
  if (correct) enhanceForm(correct);
  const picture = document.querySelector('input[type="file"][name="picture"]');
  if (picture) enhancePicture(picture);
  const drawing = document.querySelector("svg#picture");
  if (drawing) showPicture(drawing);
  if (running) follow(running);
  const steps = document.getElementById("under-way");
  if (steps) followSteps(steps);
  if (forget) enhanceForget(forget);
  const actions = document.getElementById("pass-on-actions");
  if (actions) enhancePassOn(actions);
  for (const form of document.querySelectorAll("form[data-feedback]")) enhanceFeedback(form);
  for (const form of document.querySelectorAll("form[data-decide]")) enhanceDecision(form);
  for (const link of document.querySelectorAll(".languages a")) enhanceLanguage(link);
  unlock?.addEventListener("submit", async (event) => {
    event.preventDefault();
    keepKey(unlock);
    await load(location.pathname + location.search);
  });
}

begin();
if (document.getElementById("unlock") && sessionStorage.getItem(KEY)) load(location.pathname + location.search);
window.addEventListener("popstate", () => location.reload());
