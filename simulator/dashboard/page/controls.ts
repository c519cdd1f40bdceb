/** The knobs of a story: play, pause, step, speed, any moment, save; and what the page has to say. */
import type { Frame, Order, Story } from "../messages.ts";
import type { Texts } from "../texts/english.ts";
import { dayText, timeText } from "./clock.ts";
import { button, element, setText } from "./dom.ts";

const speeds = [1, 10, 60, 600, 0];

export class Controls {
  readonly place: HTMLElement;
  private readonly texts: Texts;
  private readonly story: Story;
  private readonly clock: HTMLElement;
  private readonly said: HTMLElement;
  private readonly play: HTMLButtonElement;
  private readonly speed: HTMLSelectElement;
  private readonly moment: HTMLInputElement;
  private running: boolean;
  /** Somebody holds the slider: it does not move by itself meanwhile. */
  private isHeld: boolean;

  constructor(texts: Texts, story: Story, order: (order: Order) => void) {
    this.texts = texts;
    this.story = story;
    this.running = false;
    this.isHeld = false;
    this.clock = element("output", { class: "clock" });
    this.said = element("p", { class: "said", role: "status" });
    this.play = button(texts.play, () => order({ type: this.running ? "pause" : "play" }), { class: "main" });
    const options = speeds.map((each) =>
      element("option", { value: String(each) }, texts.speeds[each] ?? String(each)),
    );
    this.speed = element("select", { id: "speed" }, ...options);
    this.speed.addEventListener("change", () => order({ type: "speed", speed: Number(this.speed.value) }));
    this.moment = element("input", {
      type: "range",
      id: "moment",
      min: "0",
      max: String(story.durationMs),
      step: "1000",
    });
    this.moment.title = texts.momentLegend;
    this.moment.addEventListener("input", () => {
      this.isHeld = true;
      this.tell(Number(this.moment.value));
    });
    this.moment.addEventListener("change", () => {
      this.isHeld = false;
      order({ type: "seek", ms: Number(this.moment.value) });
    });
    const isPlayed = story.mode === "played";
    const knobs = [
      this.play,
      button(texts.stepSecond, () => order({ type: "step", ms: 1_000 })),
      button(texts.stepMinute, () => order({ type: "step", ms: 60_000 })),
      element("label", { for: "speed" }, texts.speed),
      this.speed,
      button(texts.save, () => order({ type: "save" }), { class: "save" }),
    ];
    const row = element("div", { class: "knobs" }, this.clock, ...(isPlayed ? knobs : []));
    const slider = element("div", { class: "moment" }, element("label", { for: "moment" }, texts.moment), this.moment);
    this.place = element("div", { class: "controls" }, row, ...(isPlayed ? [slider] : []), this.said);
  }

  show({ atMs, running, speed, catchingUp, digest }: Frame): void {
    const { texts } = this;
    this.running = running;
    setText(this.play, running ? texts.pause : texts.play);
    if (document.activeElement !== this.speed) this.speed.value = String(speed);
    if (!this.isHeld) {
      this.moment.value = String(atMs);
      this.tell(atMs);
    }
    if (catchingUp !== null)
      this.say(texts.catchingUp(Math.floor((100 * catchingUp.atMs) / Math.max(1, catchingUp.toMs))), "catching");
    else if (this.said.dataset["kind"] === "catching") this.say("", "");
    if (digest !== null && this.said.dataset["kind"] !== "answer") this.say(texts.over(digest), "over");
    else if (digest === null && this.said.dataset["kind"] === "over") this.say("", "");
  }

  /** A sentence for the reader, who may hear it. */
  say(text: string, kind: string): void {
    setText(this.said, text);
    this.said.dataset["kind"] = kind;
  }

  private tell(atMs: number): void {
    const wallMs = this.story.startWallMs + atMs;
    setText(this.clock, `${dayText(wallMs)} ${timeText(wallMs)}`);
    this.moment.setAttribute("aria-valuetext", timeText(wallMs));
  }
}
