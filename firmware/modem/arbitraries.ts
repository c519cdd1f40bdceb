/** The modem machine played without a modem, held to its promises at every step, and what may happen to it: for its tests. */
import fc from "fast-check";
import type { Fact } from "../../protocol/at/answers.ts";
import { quectel } from "../../protocol/at/quectel.ts";
import { stepModem } from "./modem-machine.ts";
import type { ModemEffect, ModemEvent, ModemPlan, ModemState } from "./modem-state.ts";
import { modemOff } from "./modem-state.ts";

export const settings = { apn: "iot.example", user: "", password: "", pin: "1234" };
export const plan: ModemPlan = { dialect: quectel, settings, canPower: false };
export const powerPlan: ModemPlan = { dialect: quectel, settings, canPower: true };
/** Of a SIM that may use two networks. */
export const roamingPlan: ModemPlan = {
  dialect: quectel,
  settings: { apn: "iot.example", user: "", password: "", pin: "1234", operators: ["24001", "24008"] },
  canPower: true,
};

/** Plays the machine and holds it to its promises: one exchange at a time, and never a wait without an end. */
export class Play {
  state: ModemState = modemOff;
  nowMs = 0;
  dueMs = -1;
  private pauseDueMs = -1;
  inFlight = "";
  readonly asked: string[] = [];
  powerCuts = 0;
  calmDueMs = -1;
  effects: ModemEffect[] = [];
  private readonly plan: ModemPlan;

  constructor(with_: ModemPlan) {
    this.plan = with_;
  }

  feed(event: ModemEvent): void {
    if (event.type === "answered") {
      this.inFlight = "";
      this.dueMs = -1;
    }
    if (event.type === "waited") this.dueMs = -1;
    const next = stepModem(this.plan, this.state, event);
    this.state = next.state;
    for (const effect of next.effects) this.perform(effect);
    const at = this.state.report.at;
    // Plain checks: expect() would cost more than the machine.
    if (this.state.line !== "idle" && this.dueMs < 0) throw new Error(`waits for ever in ${at}`);
    if (this.state.line === "idle" && at !== "off" && at !== "ready" && at !== "failed")
      throw new Error(`stuck in ${at}`);
    if ((this.state.asking === undefined) !== (this.inFlight === "")) throw new Error(`lost count of ${this.inFlight}`);
  }

  /** The modem says these lines as facts and then ends the exchange. */
  answer(ok: boolean, facts: readonly Fact[] = [], error = 0): void {
    for (const fact of facts) this.feed({ type: "heard", fact });
    this.feed({ type: "answered", ok, error: ok ? -1 : error });
  }

  wait(): void {
    this.nowMs = this.dueMs;
    this.feed({ type: "waited" });
  }

  /** Answers as a good modem does until the machine is idle. */
  goReady(): void {
    for (let turn = 0; turn < 60 && !(this.state.report.at === "ready" && this.state.line === "idle"); turn++) {
      if (this.inFlight === "") this.wait();
      else this.answer(true, factsFor(this.inFlight));
    }
    if (this.state.report.at !== "ready") throw new Error(`not ready but ${this.state.report.at}`);
  }

  private perform(effect: ModemEffect): void {
    this.effects.push(effect);
    if (effect.type === "ask") {
      if (this.inFlight !== "") throw new Error(`a second exchange beside ${this.inFlight}`);
      this.inFlight = effect.exchange.text;
      this.asked.push(effect.exchange.text);
      this.dueMs = this.nowMs + effect.exchange.patienceMs;
    } else if (effect.type === "abandon") this.inFlight = "";
    else if (effect.type === "pause") {
      if (this.inFlight !== "") throw new Error(`a pause beside ${this.inFlight}`);
      this.dueMs = this.nowMs + effect.afterMs;
      this.pauseDueMs = this.dueMs;
    } else if (effect.type === "resume") this.dueMs = Math.max(this.nowMs, this.pauseDueMs);
    else if (effect.type === "power" && !effect.on) this.powerCuts++;
    else if (effect.type === "calm") this.calmDueMs = this.nowMs + effect.afterMs;
  }
}

/** What a good modem in a good network answers. */
export function factsFor(text: string): Fact[] {
  if (text === "AT+CPIN?") return [{ type: "sim", sim: "ready" }];
  if (text === "AT+CEREG?") return [{ type: "registration", domain: "packet", registration: "home", generation: "4g" }];
  if (text === "AT+QIACT?") return [{ type: "context", active: true, address: "10.0.0.9" }];
  if (text === "AT+CSQ") return [{ type: "signal", signal: 20 }];
  return [];
}

export function powered(with_: ModemPlan = plan): Play {
  const play = new Play(with_);
  play.feed({ type: "powered" });
  return play;
}

export function ready(with_: ModemPlan = plan): Play {
  const play = powered(with_);
  play.goReady();
  return play;
}

/** Goes on until `text` is on the line. */
export function until(play: Play, text: string): void {
  for (let turn = 0; turn < 60 && play.inFlight !== text; turn++) {
    if (play.inFlight === "") play.wait();
    else play.answer(true, factsFor(play.inFlight));
  }
  if (play.inFlight !== text) throw new Error(`${text} is never said`);
}

const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.constantFrom<Fact>(
    { type: "started" },
    { type: "powered-down" },
    { type: "context-lost" },
    { type: "clock-set" },
    { type: "clock", wallMs: 1_772_431_805_000 },
    { type: "signal", signal: 7 },
    { type: "context", active: true, address: "10.0.0.9" },
  ),
  fc.record({
    type: fc.constant("sim" as const),
    sim: fc.constantFrom("ready" as const, "pin" as const, "puk" as const, "absent" as const, "faulty" as const),
  }),
  fc.record({
    type: fc.constant("registration" as const),
    domain: fc.constantFrom("packet" as const, "circuit" as const),
    registration: fc.constantFrom(
      "none" as const,
      "home" as const,
      "searching" as const,
      "denied" as const,
      "roaming" as const,
    ),
    generation: fc.constantFrom("2g" as const, "4g" as const, "unknown" as const),
  }),
);
export const anyMove = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ move: "good" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      move: fc.constant("refuse" as const),
      error: fc.constantFrom(0, 10, 11, 12, 13, 14, 16, 30),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ move: "wait" as const }) },
  { weight: 2, arbitrary: fc.record({ move: fc.constant("news" as const), fact: anyFact }) },
  { weight: 1, arbitrary: fc.constant({ move: "offer" as const }) },
  { weight: 1, arbitrary: fc.constant({ move: "doubt" as const }) },
  { weight: 1, arbitrary: fc.constant({ move: "calm" as const }) },
  { weight: 1, arbitrary: fc.constant({ move: "settle" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      move: fc.constant("order" as const),
      step: fc.constantFrom(
        "reopen" as const,
        "reattach" as const,
        "reselect" as const,
        "reset" as const,
        "power-cycle" as const,
      ),
    }),
  },
);
/** One thing that happens to the machine. */
export type Move = typeof anyMove extends fc.Arbitrary<infer M> ? M : never;

/** Lets it happen, where it can. */
export function make(play: Play, move: Move): void {
  if (move.move === "news") play.feed({ type: "heard", fact: move.fact });
  else if (move.move === "order") play.feed({ type: "ordered", step: move.step });
  else if (move.move === "offer") play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  else if (move.move === "doubt") play.feed({ type: "doubted" });
  else if (move.move === "calm") play.feed({ type: "calmed" });
  else if (move.move === "settle") play.feed({ type: "settled" });
  else if (play.inFlight === "") {
    if (play.dueMs >= 0) play.wait();
  } else if (move.move === "good") play.answer(true, factsFor(play.inFlight));
  else if (move.move === "refuse") play.answer(false, [], move.error);
  else play.wait();
}
