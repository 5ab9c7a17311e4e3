// What this browser keeps: who is asking and in which language for good, the messages only until the tab is closed.
import { maskAadhaar } from "./aadhaar.js";

const SENDER = "mitra.sender";
const LANGUAGE = "mitra.language";
const MESSAGES = "mitra.messages";

// Storage may be switched off; the page then works for as long as it is open.
const fallback = new Map();

function read(storage, key) {
  try {
    return window[storage].getItem(key) ?? fallback.get(key) ?? null;
  } catch {
    return fallback.get(key) ?? null;
  }
}

function write(storage, key, value) {
  try {
    window[storage].setItem(key, value);
  } catch {
    fallback.set(key, value);
  }
}

// `crypto.randomUUID` is missing on plain http, where a village kiosk may well be.
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const sender = () => read("localStorage", SENDER) ?? newSender();

export function newSender() {
  const id = `web-${randomId()}`;
  write("localStorage", SENDER, id);
  return id;
}

export const chosenLanguage = () => read("localStorage", LANGUAGE);
export const keepLanguage = (code) => write("localStorage", LANGUAGE, code);

export function keptMessages() {
  try {
    return JSON.parse(read("sessionStorage", MESSAGES) ?? "[]");
  } catch {
    return [];
  }
}

export function keepMessages(messages) {
  write("sessionStorage", MESSAGES, JSON.stringify(messages.map(forKeeping)));
}

// An unsent message is kept whole so that it can be sent again; a sent one without the Aadhaar number.
function forKeeping({ blob, ...message }) {
  return message.state === "sent" && message.text ? { ...message, text: maskAadhaar(message.text) } : message;
}
