// The page's own texts in the chosen language. Elements carry the key they show, so that a change of language reaches them all.

export const LANGUAGES = ["te", "hi", "en"];

let texts = {};
let language = "te";

export async function loadTexts() {
  const response = await fetch("/api/page-texts", { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`page texts: ${response.status}`);
  texts = await response.json();
}

export const currentLanguage = () => language;

export const text = (key) => texts[language]?.[key] ?? texts.en?.[key] ?? key;

export const keysStarting = (prefix) => Object.keys(texts[language] ?? {}).filter((key) => key.startsWith(prefix));

export function useLanguage(code) {
  language = LANGUAGES.includes(code) ? code : "te";
  document.documentElement.lang = language;
  document.title = text("name");
  translate(document);
}

export function translate(root) {
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of root.querySelectorAll("[data-placeholder]")) node.placeholder = text(node.dataset.placeholder);
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", text(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = text(node.dataset.label);
  }
}

// The script decides before anything else: Telugu letters are Telugu whatever the conversation's language is.
export function languageOf(words, spoken) {
  if (/[\u0C00-\u0C7F]/.test(words)) return "te";
  if (/[\u0900-\u097F]/.test(words)) return "hi";
  return spoken === "te" || spoken === "hi" ? `${spoken}-Latn` : "en";
}
