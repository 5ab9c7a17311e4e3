// How one message looks: the citizen's with its state, Mitra's with what can be pressed, opened and heard.
import { maskAadhaar } from "./aadhaar.js";
import { icon, link, make, richText, safeAddress, translated, words } from "./dom.js";
import { clock, player } from "./player.js";
import { currentLanguage, languageOf } from "./texts.js";

const STATES = { sending: "clock", sent: "check", failed: "alert" };

const time = (at) =>
  make("time", { dateTime: new Date(at).toISOString() },
    new Intl.DateTimeFormat(`${currentLanguage()}-IN`, { hour: "numeric", minute: "2-digit" }).format(at));

const paragraph = (sentence, language, content) => make("p.words", { lang: languageOf(sentence, language), dir: "auto" }, content);

/** The citizen's own message; `retry` is called with it when it failed and is to go again. */
export function mine(message, retry) {
  const node = make("article.message.me", { data: { id: message.id } });
  drawMine(node, message, retry);
  return node;
}

/** Draws what may have changed: the state and the transcript. */
export function drawMine(node, message, retry) {
  const sound = node.querySelector(".player") ?? (message.blob ? player(URL.createObjectURL(message.blob), message.seconds) : null);
  const heading = make("h3.hidden", {}, words("you"));
  node.dataset.state = message.state;
  node.replaceChildren(heading, make("div.bubble", {}, ...said(message, sound), stateLine(message)), ...again(message, retry));
}

function said(message, sound) {
  if (message.kind === "audio") return [sound ?? voiceNote(message.seconds), heard(message.transcript)];
  if (message.kind === "location") return [make("p.words.label", {}, icon("pin"), words("location_sent"))];
  const shown = message.state === "sent" ? maskAadhaar(message.text) : message.text;
  return [paragraph(shown, null, shown)];
}

const voiceNote = (seconds) => make("p.words.label", {}, icon("mic"), words("voice_note"), seconds ? ` ${clock(seconds)}` : "");

function heard(transcript) {
  if (!transcript?.text) return null;
  const shown = maskAadhaar(transcript.text);
  return make("div.heard", {}, words("heard", "span"), paragraph(shown, transcript.language, shown));
}

function stateLine({ state, time: at }) {
  const said = make("span.state", {}, icon(STATES[state]), words(state));
  return make("p.meta", {}, time(at), said);
}

function again(message, retry) {
  if (message.state !== "failed") return [];
  const button = make("button.again", { type: "button", onclick: () => retry(message) }, icon("retry"), words("try_again"));
  return [make("div.trouble", {}, words("failed_explained", "p"), button)];
}

/** One reply of Mitra; `press({id, title})` when something is chosen, `locate()` when the place is shared. */
export function mitras(message, { press, locate }) {
  const { reply, language } = message;
  const node = make("article.message.mitra", { data: { id: message.id } });
  const choose = (choice) => {
    message.chosen = choice.id;
    press(choice);
  };
  node.append(
    ...[
      make("h3.hidden", {}, words("name")),
      reply.text || reply.audio ? bubble(reply, message) : null,
      reply.document ? documentCard(reply.document) : null,
      reply.buttons?.length ? buttons(reply.buttons, message, choose) : null,
      rowsOf(reply).length ? rows(reply, message, choose) : null,
      reply.request_location ? make("div.options", {}, option([icon("pin"), words("location")], locate)) : null,
    ].filter(Boolean),
  );
  node.lang = language ?? "en";
  return node;
}

const rowsOf = (reply) => (Array.isArray(reply.list) ? reply.list : reply.list?.rows ?? []);

function bubble(reply, message) {
  const address = reply.audio && safeAddress(reply.audio.url);
  return make("div.bubble", {},
    reply.text ? paragraph(reply.text, message.language, richText(reply.text)) : null,
    address ? player(address) : null,
    make("p.meta", {}, time(message.time)));
}

const option = (content, onclick) => make("button.option", { type: "button", onclick }, ...[content].flat());

/** Up to a few answers; pressed once, all rest and the chosen one is marked. */
function buttons(choices, message, choose) {
  const group = make("div.options", { role: "group" });
  const settle = () => {
    for (const node of group.children) settleOne(node, node.dataset.choice === message.chosen);
  };
  for (const { id, title } of choices) {
    const node = option(make("span", { lang: languageOf(title, message.language) }, title), () => { choose({ id, title }); settle(); });
    node.dataset.choice = id;
    group.append(node);
  }
  if (message.chosen != null) settle();
  return group;
}

function settleOne(node, chosen) {
  node.disabled = true;
  if (!chosen || node.classList.contains("chosen")) return;
  node.classList.add("chosen");
  node.append(icon("check"), words("chosen", "span.hidden"));
}

/** A list of titles and descriptions; once one is chosen only that one stays in sight, the others a tap away. */
function rows(reply, message, choose) {
  const title = reply.list_button ?? reply.list.button;
  const heading = title ? make("p.heading", { lang: languageOf(title, message.language) }, title) : words("choose", "p.heading");
  const list = make("ul.rows");
  const card = make("div.card", {}, heading, list, showAll(() => card.classList.remove("folded")));
  const settle = () => {
    for (const item of list.children) item.classList.toggle("chosen", item.dataset.choice === message.chosen);
    card.classList.add("folded");
  };
  for (const row of rowsOf(reply)) list.append(rowItem(row, message, () => { choose(row); settle(); }));
  if (message.chosen != null) settle();
  return card;
}

const showAll = (onclick) => make("button.all", { type: "button", onclick }, words("show_all"), icon("down"));

function rowItem({ id, title, description }, { language }, onclick) {
  const names = make("span.names", {},
    make("strong", { lang: languageOf(title, language) }, title),
    description ? make("small", { lang: languageOf(description, language) }, description) : null);
  const button = make("button.row", { type: "button", onclick }, names, icon("next"), icon("check"));
  return make("li", { data: { choice: id } }, button);
}

function documentCard({ url, filename }) {
  const address = safeAddress(url);
  if (!address) return make("div.document.refused", {}, icon("alert"), words("link_refused", "p"));
  const name = filename || "";
  const content = make("span.names", {}, make("strong", {}, name || words("document")), make("small", {}, words("download")));
  const card = link(address, icon("file"), "a.document");
  card.append(content, icon("download"));
  card.download = name;
  return card;
}

/** A line between the messages, from the page itself. */
export const note = (key) => translated(make("p.note", { data: { text: key } }));
