// The conversation: what the citizen types, says, presses and shares goes out; what Mitra answers comes in.
import { make, icon, words } from "./dom.js";
import { Outbox } from "./outbox.js";
import { hush, playInTurn } from "./player.js";
import * as composer from "./composer.js";
import * as store from "./store.js";
import { currentLanguage, keysStarting, LANGUAGES, loadTexts, text, useLanguage } from "./texts.js";
import { drawMine, mine, mitras, note } from "./view.js";

const $ = (id) => document.getElementById(id);
const SLOW_MS = 8000;

let sender = store.sender();
let messages = [];
let slow;
let untold = null;

const outbox = new Outbox({ changed, answered });

const nodeOf = (message) => document.querySelector(`[data-id="${message.id}"]`);

function say(content) {
  const message = { id: store.randomId(), sender, from: "me", time: Date.now(), ...content };
  hush();
  composer.clearNotice();
  if (!message.silent) append(message);
  if (untold) outbox.send(untold);
  untold = null;
  outbox.send(message);
}

function append(message) {
  messages.push(message);
  $("start").hidden = true;
  $("new").disabled = false;
  const node = message.from === "me" ? mine({ state: "sending", ...message }, retry) : mitras(message, { press, locate });
  $("log").append(node);
  return node;
}

function press({ id, title }) {
  if (id.startsWith("language:")) remember(id.slice("language:".length));
  say({ kind: "button", button: id, text: title });
  composer.ready();
}

function retry(message) {
  outbox.send(message);
  nodeOf(message)?.scrollIntoView({ block: "nearest" });
}

function changed(message) {
  if (message.sender !== sender) return;
  if (message.silent && message.state === "failed") untold = message;
  const node = nodeOf(message);
  if (node) drawMine(node, message, retry);
  showTyping();
  if (node && message.state !== "sent") toEnd();
  store.keepMessages(messages);
}

function showTyping() {
  clearTimeout(slow);
  const waiting = messages.find(({ state }) => state === "sending");
  $("typing").hidden = !waiting;
  $("typing-text").textContent = waiting ? text(waiting.kind === "audio" ? "listening" : "thinking") : "";
  if (waiting) slow = setTimeout(() => { $("typing-text").textContent = text("still_working"); }, SLOW_MS);
}

function answered(message, answer) {
  if (message.sender !== sender || message.silent) return;
  message.transcript = answer.transcript ?? null;
  changed(message);
  if (answer.intent === "change_language") adopt(answer.language);
  const replies = answer.replies ?? [];
  const nodes = replies.map((reply) => append({ id: store.randomId(), from: "mitra", time: Date.now(), language: answer.language, reply }));
  if (!replies.length) $("log").append(note("no_answer"));
  store.keepMessages(messages);
  bringIntoView(nodes[0]);
  if (message.kind === "audio") playInTurn(nodes.map((node) => node.querySelector(".player")).filter(Boolean));
}

// The start of a long answer matters more than its end.
function bringIntoView(first) {
  const view = $("scroll");
  const fits = !first || view.scrollHeight - first.offsetTop < view.clientHeight;
  view.scrollTo({ top: fits ? view.scrollHeight : first.offsetTop - 64 });
}

const toEnd = () => $("scroll").scrollTo({ top: $("scroll").scrollHeight });

// The page in another language; what is already said stays as it was said.
function adopt(code) {
  if (!LANGUAGES.includes(code)) return;
  useLanguage(code);
  suggest();
  for (const button of $("languages").children) {
    button.setAttribute("aria-checked", String(button.dataset.language === code));
    button.tabIndex = button.dataset.language === code ? 0 : -1;
  }
}

function remember(code) {
  adopt(code);
  store.keepLanguage(code);
}

function choose(code) {
  remember(code);
  tell(code);
}

function tell(code) {
  const title = $("languages").querySelector(`[data-language="${code}"]`).textContent;
  say({ kind: "button", button: `language:${code}`, text: title, silent: !messages.length });
}

function suggest() {
  $("suggestions").replaceChildren(...keysStarting("suggest_").map((key) => {
    const service = key.slice("suggest_".length);
    const onclick = () => say({ kind: "text", text: text(`say_${service}`) });
    return make("li", {}, make("button.suggestion", { type: "button", onclick, data: { service } }, icon(service), words(key)));
  }));
}

function locate() {
  const refused = () => composer.notice("location_refused");
  const found = ({ coords: { latitude, longitude } }) => say({ kind: "location", location: { latitude, longitude } });
  if (!navigator.geolocation) return refused();
  return navigator.geolocation.getCurrentPosition(found, refused, { timeout: 20_000, maximumAge: 60_000 });
}

function startAfresh() {
  hush();
  outbox.forget();
  messages = [];
  sender = store.newSender();
  store.keepMessages(messages);
  $("log").replaceChildren();
  $("typing").hidden = true;
  $("start").hidden = false;
  $("new").disabled = true;
  composer.clearNotice();
  if (store.chosenLanguage()) tell(currentLanguage());
  composer.ready();
}

// After a reload: what was said stands there again, what was on its way goes again under its old id.
function resume() {
  for (const message of store.keptMessages()) {
    const lost = message.kind === "audio" && message.state !== "sent";
    if (!lost) append(message);
  }
  for (const message of messages) if (message.from === "me" && message.state !== "sent") outbox.send(message);
  if (messages.length) toEnd();
}

const unsent = () => messages.filter((message) => message.from === "me" && message.state !== "sent");

function listen() {
  $("languages").onclick = ({ target }) => { if (target.dataset.language && target.dataset.language !== currentLanguage()) choose(target.dataset.language); };
  $("languages").onkeydown = arrows;
  $("new").onclick = () => $("new-dialog").showModal();
  $("new-no").onclick = () => $("new-dialog").close();
  $("new-yes").onclick = () => { $("new-dialog").close(); startAfresh(); };
  $("latest").onclick = toEnd;
  $("scroll").onscroll = () => { const { scrollHeight, scrollTop, clientHeight } = $("scroll"); $("latest").hidden = scrollHeight - scrollTop - clientHeight < 160; };
  window.addEventListener("offline", () => { $("offline").hidden = false; });
  window.addEventListener("online", () => { $("offline").hidden = true; unsent().filter(({ state }) => state === "failed").forEach(retry); });
  window.addEventListener("beforeunload", (leaving) => { if (unsent().some(({ blob }) => blob)) leaving.preventDefault(); });
}

function arrows(pressed) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[pressed.key];
  if (!step) return;
  pressed.preventDefault();
  const choices = [...$("languages").children];
  const next = choices[(choices.indexOf(document.activeElement) + step + choices.length) % choices.length];
  next.focus();
  next.click();
}

const preferred = () =>
  store.chosenLanguage() ?? navigator.languages.map((code) => code.slice(0, 2)).find((code) => LANGUAGES.includes(code)) ?? "te";

async function open() {
  $("reload").onclick = () => window.location.reload();
  try {
    await loadTexts();
  } catch {
    $("unreachable").hidden = false;
    return;
  }
  adopt(preferred());
  $("app").hidden = false;
  composer.listen({ say, hush });
  listen();
  resume();
  $("offline").hidden = navigator.onLine;
}

open();
