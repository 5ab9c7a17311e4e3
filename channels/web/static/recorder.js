// The microphone: one recording at a time, with a level meter, stopped by itself at the limit.

const FORMATS = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/ogg;codecs=opus", "ogg"],
  ["audio/mp4", "m4a"],
];
const CONSTRAINTS = { audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } };

export const LIMIT_SECONDS = 300;

/** Why the microphone did not start, as the key of a text of the page. */
export function refusal(failure) {
  if (failure.name === "NotAllowedError" || failure.name === "SecurityError") return "mic_refused";
  if (failure.name === "NotFoundError" || failure.name === "OverconstrainedError") return "mic_missing";
  return failure.name === "NotSupportedError" ? "mic_unsupported" : "mic_busy";
}

export class Recorder {
  /** `tick(seconds)` four times a second, `full()` at the limit. */
  constructor({ tick, full, canvas }) {
    Object.assign(this, { tick, full, canvas, recorder: null });
  }

  async start() {
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) throw new DOMException("", "NotSupportedError");
    this.stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
    const [type, extension] = FORMATS.find(([name]) => MediaRecorder.isTypeSupported(name)) ?? ["", "webm"];
    this.extension = extension;
    this.pieces = [];
    this.recorder = new MediaRecorder(this.stream, { ...(type && { mimeType: type }), audioBitsPerSecond: 24_000 });
    this.recorder.ondataavailable = ({ data }) => data.size && this.pieces.push(data);
    this.recorder.start(1000);
    this.started = performance.now();
    this.timer = setInterval(() => this.watch(), 250);
    drawLevel(this.stream, this.canvas);
  }

  seconds() {
    return Math.min((performance.now() - this.started) / 1000, LIMIT_SECONDS);
  }

  watch() {
    this.tick(this.seconds());
    if (this.seconds() < LIMIT_SECONDS || this.recorder.state !== "recording") return;
    clearInterval(this.timer);
    this.recorder.pause();
    this.full();
  }

  /** The recording as `{blob, filename, seconds}`. */
  async stop() {
    const seconds = this.seconds();
    const stopped = new Promise((resume) => this.recorder.addEventListener("stop", resume, { once: true }));
    this.recorder.stop();
    await stopped;
    this.release();
    const blob = new Blob(this.pieces, { type: this.recorder.mimeType });
    return { blob, filename: `voice.${this.extension}`, seconds };
  }

  cancel() {
    if (this.recorder?.state !== "inactive") this.recorder?.stop();
    this.release();
  }

  release() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }
}

function drawLevel(stream, canvas) {
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  audio.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const levels = [];
  let last = 0;
  const draw = (now) => {
    if (!stream.active) return audio.close();
    if (now - last > 70) {
      last = now;
      analyser.getByteTimeDomainData(samples);
      levels.push(Math.min(1, (4 * Math.max(...samples.map((sample) => Math.abs(sample - 128)))) / 128));
      paint(canvas, levels);
    }
    return requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
}

function paint(canvas, levels) {
  const pen = canvas.getContext("2d");
  const { width, height } = canvas;
  const bars = Math.floor(width / 6);
  levels.splice(0, Math.max(0, levels.length - bars));
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = getComputedStyle(canvas).color;
  levels.forEach((level, place) => {
    const tall = Math.max(3, level * height);
    pen.fillRect(width - (levels.length - place) * 6, (height - tall) / 2, 3, tall);
  });
}
