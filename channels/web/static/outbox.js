// Messages leave one after the other, each under an id of its own: sent twice, it is still one message to Mitra.

const PAUSES_MS = [1000, 3000];
const LONGEST_PAUSE_MS = 15_000;
const WAIT_MS = 90_000;
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

class Unsent extends Error {
  /** `passing`: worth another try by itself, after `pause` milliseconds where the gateway names them. */
  constructor(passing, pause = 0) {
    super("the message was not taken");
    Object.assign(this, { passing, pause });
  }
}

export class Outbox {
  /** `changed(message)` after every change of state; `answered(message, answer)` once. */
  constructor({ changed, answered }) {
    Object.assign(this, { changed, answered, waiting: [], busy: false });
  }

  send(message) {
    this.mark(message, "sending");
    this.waiting.push(message);
    if (!this.busy) this.drain();
  }

  forget() {
    this.waiting = [];
  }

  mark(message, state) {
    message.state = state;
    this.changed(message);
  }

  async drain() {
    this.busy = true;
    while (this.waiting.length) await this.deliver(this.waiting.shift()).catch(console.error);
    this.busy = false;
  }

  async deliver(message) {
    let answer;
    try {
      answer = await patiently(() => post(message));
    } catch {
      this.mark(message, "failed");
      return;
    }
    this.mark(message, "sent");
    this.answered(message, answer);
  }
}

async function patiently(attempt) {
  for (const pause of PAUSES_MS) {
    try {
      return await attempt();
    } catch (failure) {
      if (!failure.passing || !navigator.onLine) throw failure;
      await new Promise((resume) => setTimeout(resume, Math.min(failure.pause || pause, LONGEST_PAUSE_MS)));
    }
  }
  return attempt();
}

async function post(message) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), WAIT_MS);
  try {
    const response = await fetch("/api/messages", { method: "POST", ...wire(message), signal: patience.signal });
    if (!response.ok) throw new Unsent(PASSING.has(response.status), 1000 * Number(response.headers.get("Retry-After")));
    return await response.json();
  } catch (failure) {
    throw failure instanceof Unsent ? failure : new Unsent(true);
  } finally {
    clearTimeout(timer);
  }
}

function wire({ id, sender, text, button, location, blob, filename }) {
  if (blob) return { body: form({ id, sender }, blob, filename) };
  const said = button ? { button } : location ? { location } : { text };
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ id, sender, ...said }) };
}

function form(fields, blob, filename) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("audio", blob, filename);
  return body;
}
