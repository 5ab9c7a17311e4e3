// Where the citizen writes, speaks or picks a recording.
import { clock } from "./player.js";
import { Recorder, refusal } from "./recorder.js";
import { text } from "./texts.js";

const $ = (id) => document.getElementById(id);
const HOLD_MS = 600;
const SHORTEST_SECONDS = 0.7;
const LARGEST_BYTES = 16 * 1024 * 1024;

let send;
let quiet;
let recorder = null;

/** `say(content)` sends; `hush()` stops what is being played. */
export function listen({ say, hush }) {
  send = say;
  quiet = hush;
  listenToText();
  listenToMicrophone();
  $("attach").onclick = () => $("file").click();
  $("file").onchange = pickFile;
  $("notice-close").onclick = clearNotice;
}

export function notice(key) {
  $("notice-text").dataset.text = key;
  $("notice-text").textContent = text(key);
  $("notice").hidden = false;
}

export function clearNotice() {
  $("notice").hidden = true;
}

/** Puts the cursor into the box where that does not push a keyboard over half of the screen. */
export function ready() {
  if (window.matchMedia("(pointer: fine)").matches) $("text").focus();
}

function listenToText() {
  const box = $("text");
  box.oninput = grow;
  box.onkeydown = (pressed) => {
    if (pressed.key !== "Enter" || pressed.shiftKey || pressed.isComposing) return;
    pressed.preventDefault();
    $("composer").requestSubmit();
  };
  $("composer").onsubmit = (submitted) => {
    submitted.preventDefault();
    const written = box.value.trim();
    if (!written) return;
    box.value = "";
    grow();
    send({ kind: "text", text: written });
    box.focus();
  };
}

function grow() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
  const empty = !box.value.trim();
  $("send").disabled = empty;
  $("composer").classList.toggle("written", !empty);
}

function pickFile() {
  const [file] = $("file").files;
  $("file").value = "";
  if (!file) return;
  // Phones name recordings as video (3gp, webm) or not at all; only what is surely no sound is turned away here.
  if (file.type && !/^(audio|video)\/|ogg|octet-stream/.test(file.type)) return notice("file_not_audio");
  if (file.size > LARGEST_BYTES) return notice("file_too_large");
  send({ kind: "audio", blob: file, filename: file.name });
}

// Tap: recording goes on until it is sent. Hold: it is sent when the finger is lifted. Keyboards and screen readers only click.
function listenToMicrophone() {
  let pressedAt = null;
  $("mic").onpointerdown = (pressed) => {
    if (pressed.button !== 0) return;
    pressedAt = performance.now();
    record();
  };
  window.addEventListener("pointerup", () => {
    const held = pressedAt !== null && performance.now() - pressedAt > HOLD_MS && recorder?.running;
    pressedAt = null;
    if (held) finish();
  });
  window.addEventListener("pointercancel", () => { pressedAt = null; });
  $("mic").onclick = record;
  $("mic").oncontextmenu = (opened) => opened.preventDefault();
  $("record-send").onclick = finish;
  $("record-cancel").onclick = cancel;
  $("recording").onkeydown = ({ key }) => { if (key === "Escape") cancel(); };
}

async function record() {
  if (recorder) return;
  quiet();
  clearNotice();
  const mine = new Recorder({ canvas: $("level"), tick: (seconds) => { $("record-time").textContent = clock(seconds); }, full: () => notice("record_limit") });
  recorder = mine;
  try {
    await mine.start();
    mine.running = true;
    show(true);
  } catch (failure) {
    mine.release();
    recorder = null;
    notice(refusal(failure));
  }
}

function show(recording) {
  $("record-time").textContent = clock(0);
  $("composer").hidden = recording;
  $("recording").hidden = !recording;
  (recording ? $("record-send") : $("mic")).focus();
}

async function finish() {
  if (!recorder?.running) return;
  const finished = recorder;
  finished.running = false;
  const { blob, filename, seconds } = await finished.stop();
  recorder = null;
  show(false);
  clearNotice();
  if (seconds < SHORTEST_SECONDS || !blob.size) notice("record_short");
  else send({ kind: "audio", blob, filename, seconds });
}

function cancel() {
  recorder?.cancel();
  recorder = null;
  show(false);
  clearNotice();
}
