/** For tests only: the voice machine in time moved by hand, with the laws that hold at every step. */
import type { CallEnd } from "../ports/voice.ts";
import { type CallReply, planCall } from "./call-plan.ts";
import { startVoice, stepVoice } from "./voice-machine.ts";
import type { VoiceEffect, VoiceEvent, VoiceRules, VoiceState } from "./voice-state.ts";
import { noAlarms, type WaitingAlarms } from "./waiting-alarms.ts";

/** More wake-ups than this at one instant are a machine that runs in circles. */
const dueLimit = 20;

export const allowed = "+46701112233";
export const stranger = "+46709998877";
export const fallback = { medium: "mobile", number: "+4687654321", mustConfirm: false } as const;
export const relatives = [
  { medium: "mobile", number: "+46701", mustConfirm: true },
  { medium: "mobile", number: "+46702", mustConfirm: true },
] as const;

export interface Done {
  readonly atMs: number;
  readonly effect: VoiceEffect;
}

export class VoiceBench {
  state: VoiceState;
  nowMs: number;
  readonly done: Done[];
  /** Alarms that the machine holds open. */
  held: readonly number[];
  /** What the port is at. */
  line: "free" | "rings" | "dialled" | "up";
  /** Where the receiver is called. */
  own: string;
  private wakeMs: number;
  private alarms: WaitingAlarms;

  constructor(rules: Partial<VoiceRules>) {
    this.state = startVoice(
      Object.assign({ allowedNumbers: [allowed], fallback: [fallback], stopsData: false }, rules),
    );
    this.nowMs = 1_000;
    this.done = [];
    this.held = [];
    this.line = "free";
    this.own = "+4681000";
    this.wakeMs = -1;
    this.alarms = noAlarms;
  }

  /** A receiver accepts alarm `number`. */
  grant(number: number, reply: Partial<CallReply>): void {
    const plan = planCall(Object.assign({ mre: 1, cre: 61, tnu: [] }, reply), { mobile: this.own, sip: "" }, [
      "mobile",
    ]);
    this.step({ type: "granted", nowMs: this.nowMs, number, plan });
  }

  alarmsAre(changes: Partial<WaitingAlarms>): void {
    this.alarms = Object.assign({}, this.alarms, changes);
    this.step({ type: "alarms", nowMs: this.nowMs, alarms: this.alarms });
  }

  ring(from: string): void {
    if (this.line !== "free") return;
    this.line = "rings";
    this.step({ type: "incoming", nowMs: this.nowMs, medium: "mobile", from });
  }

  /** A call comes in at the moment the unit makes or has one. */
  cross(from: string): void {
    this.step({ type: "incoming", nowMs: this.nowMs, medium: "mobile", from });
  }

  answered(): void {
    if (this.line !== "dialled") return;
    this.line = "up";
    this.step({ type: "answered", nowMs: this.nowMs });
  }

  ended(reason: CallEnd): void {
    if (this.line === "free") return;
    this.line = "free";
    this.step({ type: "ended", nowMs: this.nowMs, reason });
  }

  key(key: string): void {
    this.step({ type: "key", nowMs: this.nowMs, key });
  }

  run(ms: number): void {
    const endMs = this.nowMs + ms;
    let atOnce = 0;
    while (this.wakeMs >= 0 && this.wakeMs <= endMs) {
      atOnce = this.wakeMs <= this.nowMs ? atOnce + 1 : 0;
      if (atOnce > dueLimit) throw new Error("voice: runs in circles");
      this.nowMs = Math.max(this.nowMs, this.wakeMs);
      this.wakeMs = -1;
      this.step({ type: "due", nowMs: this.nowMs });
    }
    this.nowMs = endMs;
  }

  /** What was ordered of this kind so far. */
  orders<T extends VoiceEffect["type"]>(type: T): { atMs: number; effect: Extract<VoiceEffect, { type: T }> }[] {
    const found: { atMs: number; effect: Extract<VoiceEffect, { type: T }> }[] = [];
    for (const each of this.done)
      if (each.effect.type === type)
        found.push({ atMs: each.atMs, effect: each.effect as Extract<VoiceEffect, { type: T }> });
    return found;
  }

  /** Instants and numbers that were dialled. */
  dialled(): string[] {
    return this.orders("dial").map((each) => each.atMs + " " + each.effect.number);
  }

  learned(): string[] {
    return this.orders("learn").map((each) => each.effect.number + " " + each.effect.text);
  }

  private step(event: VoiceEvent): void {
    const next = stepVoice(this.state, event);
    this.state = next.state;
    let toned = false;
    for (const effect of next.effects) {
      this.done.push({ atMs: this.nowMs, effect });
      if (effect.type === "tone") toned = true;
      else if (effect.type === "dial" || effect.type === "answer") {
        if (!toned) throw new Error("voice: a call without a tone before it");
        toned = false;
      }
      this.carryOut(effect);
    }
    const busy = this.state.at === "dialling" || this.state.at === "talking";
    if (busy === (this.line === "free")) throw new Error(`voice: ${this.state.at} while the line is ${this.line}`);
    if (this.state.at === "quiet" && this.held.length > 0) throw new Error("voice: an alarm is held open by no call");
    if (this.state.at !== "quiet" && this.wakeMs < 0) throw new Error(`voice: ${this.state.at} without an end`);
  }

  private carryOut(effect: VoiceEffect): void {
    switch (effect.type) {
      case "dial":
        if (this.line !== "free") throw new Error("voice: dials into a call");
        this.line = "dialled";
        return;
      case "answer":
        if (this.line !== "rings") throw new Error("voice: answers what does not ring");
        this.line = "up";
        return;
      case "hang-up":
        this.line = "free";
        return;
      case "hold-open":
        this.held = this.held.concat(effect.numbers.filter((number) => this.held.indexOf(number) < 0));
        return;
      case "let-close":
        this.held = this.held.filter((number) => effect.numbers.indexOf(number) < 0);
        return;
      case "wake":
        this.wakeMs = effect.atMs;
        return;
    }
  }
}
