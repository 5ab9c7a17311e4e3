// A sound with a play button and a progress bar; only one is heard at a time, spoken replies one after the other.
import { icon, make, translated, words } from "./dom.js";
import { text } from "./texts.js";

let current = null;

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A player element; `seconds` where the file itself does not say how long it is. */
export function player(address, seconds = 0) {
  const sound = new Audio();
  sound.preload = "metadata";
  sound.src = address;
  const button = translated(make("button.round.play", { type: "button", data: { label: "listen" } }, icon("play")));
  const done = make("i");
  const time = make("span.time", {}, seconds ? clock(seconds) : "");
  const node = make("div.player", {}, button, make("span.track", { aria: { hidden: "true" } }, done), time);
  const long = () => (Number.isFinite(sound.duration) && sound.duration > 0 ? sound.duration : seconds);
  const playing = (on) => {
    button.dataset.label = on ? "pause" : "listen";
    button.setAttribute("aria-label", text(button.dataset.label));
    button.firstChild.replaceWith(icon(on ? "pause" : "play"));
    node.classList.toggle("playing", on);
  };
  sound.onloadedmetadata = () => { if (long()) time.textContent = clock(long()); };
  sound.ontimeupdate = () => {
    done.style.width = `${Math.min(100, (100 * sound.currentTime) / (long() || 1))}%`;
    time.textContent = clock(sound.currentTime);
  };
  sound.onplay = () => playing(true);
  sound.onpause = () => playing(false);
  sound.onended = () => { playing(false); done.style.width = "0"; time.textContent = clock(long()); };
  sound.onerror = () => { node.replaceChildren(icon("alert"), words("playback_failed")); node.classList.add("broken"); };
  button.onclick = () => { if (sound.paused) start(sound).catch(() => playing(false)); else sound.pause(); };
  node.sound = sound;
  return node;
}

function start(sound) {
  if (current !== sound) current?.pause();
  current = sound;
  return sound.play();
}

export function hush() {
  queue = [];
  current?.pause();
}

let queue = [];

/** Reads replies aloud in order; silently leaves the play buttons where the browser does not allow sound yet. */
export async function playInTurn(players) {
  hush();
  queue = players.map((node) => node.sound);
  while (queue.length) {
    const sound = queue.shift();
    try {
      const over = new Promise((resume) => { for (const event of ["ended", "pause", "error"]) sound.addEventListener(event, resume, { once: true }); });
      await start(sound);
      await over;
      if (!sound.ended) return;
    } catch {
      return;
    }
  }
}
