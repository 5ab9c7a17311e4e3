// Elements are built here and nowhere else: text goes in as text, never as markup, and links lead to this site or to https.
import { translate } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";

/** `make("button.primary", {type: "button", onclick}, child, "text")`; `data` and `aria` take objects. */
export function make(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  node.classList.add(...classes);
  const { data = {}, aria = {}, role, ...rest } = properties;
  Object.assign(node.dataset, data);
  for (const [key, value] of Object.entries(aria)) node.setAttribute(`aria-${key}`, value);
  if (role) node.setAttribute("role", role);
  Object.assign(node, rest);
  node.append(...children.filter((child) => child != null));
  return node;
}

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  drawing.append(use);
  return drawing;
}

/** A text of the page, which follows the chosen language. */
export const words = (key, tag = "span") => translated(make(tag, { data: { text: key } }));

export function translated(node) {
  const holder = document.createDocumentFragment();
  holder.append(node);
  translate(holder);
  return node;
}

/** The absolute address if it may be opened from here, else null. */
export function safeAddress(address) {
  try {
    const url = new URL(address, window.location.href);
    const ours = url.origin === window.location.origin && /^https?:$/.test(url.protocol);
    return ours || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

export function link(address, content, name = "a.link") {
  const node = make(name, { href: address }, content);
  if (new URL(address).origin !== window.location.origin) Object.assign(node, { target: "_blank", rel: "noopener noreferrer" });
  return node;
}

// Without lookbehind, which phones of 2022 do not read: what stands before a bold word is caught with it.
const MARKED = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]\u0964])|(^|[\s(])\*([^\s*]|[^\s*][^*\n]*[^\s*])\*(?=$|[\s.,;:!?)\u0964])|([A-Z]{2,}-[A-Z0-9-]{3,18})/g;
const NUMBER = /^[A-Z0-9-]{3,24}$/;

/** Mitra's sentences: addresses become links, `*word*` bold as on WhatsApp, application numbers are never broken. */
export function richText(sentence) {
  const parts = document.createDocumentFragment();
  let end = 0;
  for (const found of sentence.matchAll(MARKED)) {
    parts.append(sentence.slice(end, found.index), ...marked(found));
    end = found.index + found[0].length;
  }
  parts.append(sentence.slice(end));
  return parts;
}

function marked([whole, address, before, bold, number]) {
  if (number) return [make("span.number", {}, number)];
  if (bold) return [before, make(NUMBER.test(bold) ? "strong.number" : "strong", {}, bold)];
  const safe = safeAddress(address);
  return [safe ? link(safe, whole) : whole];
}
