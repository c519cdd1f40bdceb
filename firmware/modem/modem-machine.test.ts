import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fact } from "../../protocol/at/answers.ts";
import { quectel } from "../../protocol/at/quectel.ts";
import { stepModem } from "./modem-machine.ts";
import type { ModemEffect, ModemEvent, ModemPlan, ModemState } from "./modem-state.ts";
import { modemOff } from "./modem-state.ts";

const settings = { apn: "iot.example", user: "", password: "", pin: "1234" };
const plan: ModemPlan = { dialect: quectel, settings, canPower: false };
const powerPlan: ModemPlan = { dialect: quectel, settings, canPower: true };

/** Plays the machine and holds it to its promises: one exchange at a time, and never a wait without an end. */
class Play {
  state: ModemState = modemOff;
  nowMs = 0;
  dueMs = -1;
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
    expect(this.state.report.at).toBe("ready");
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
    } else if (effect.type === "power" && !effect.on) this.powerCuts++;
    else if (effect.type === "calm") this.calmDueMs = this.nowMs + effect.afterMs;
  }
}

/** What a good modem in a good network answers. */
function factsFor(text: string): Fact[] {
  if (text === "AT+CPIN?") return [{ type: "sim", sim: "ready" }];
  if (text === "AT+CEREG?") return [{ type: "registration", domain: "packet", registration: "home", generation: "4g" }];
  if (text === "AT+QIACT?") return [{ type: "context", active: true, address: "10.0.0.9" }];
  if (text === "AT+CSQ") return [{ type: "signal", signal: 20 }];
  return [];
}

function powered(with_: ModemPlan = plan): Play {
  const play = new Play(with_);
  play.feed({ type: "powered" });
  return play;
}

function ready(with_: ModemPlan = plan): Play {
  const play = powered(with_);
  play.goReady();
  return play;
}

/** Goes on until `text` is on the line. */
function until(play: Play, text: string): void {
  for (let turn = 0; turn < 60 && play.inFlight !== text; turn++) {
    if (play.inFlight === "") play.wait();
    else play.answer(true, factsFor(play.inFlight));
  }
  expect(play.inFlight).toBe(text);
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
const anyMove = fc.oneof(
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
  { weight: 1, arbitrary: fc.constant({ move: "calm" as const }) },
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
type Move = typeof anyMove extends fc.Arbitrary<infer M> ? M : never;

function make(play: Play, move: Move): void {
  if (move.move === "news") play.feed({ type: "heard", fact: move.fact });
  else if (move.move === "order") play.feed({ type: "ordered", step: move.step });
  else if (move.move === "offer") play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  else if (move.move === "calm") play.feed({ type: "calmed" });
  else if (play.inFlight === "") {
    if (play.dueMs >= 0) play.wait();
  } else if (move.move === "good") play.answer(true, factsFor(play.inFlight));
  else if (move.move === "refuse") play.answer(false, [], move.error);
  else play.wait();
}

test("whatever comes, one exchange runs at a time, and every wait has an end", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyMove, { maxLength: 120 }), (canPower, moves) => {
      const play = powered(canPower ? powerPlan : plan);
      for (const move of moves) make(play, move);
    }),
    { numRuns: 500 },
  );
});

test("whatever came before, a good modem is ready again within four minutes", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyMove, { maxLength: 80 }), (canPower, moves) => {
      const play = powered(canPower ? powerPlan : plan);
      for (const move of moves) make(play, move);
      // A SIM that was refused waits for people or for an ordered restart.
      play.feed({ type: "ordered", step: "reset" });
      const from = play.nowMs;
      play.goReady();
      expect(play.nowMs - from).toBeLessThanOrEqual(240_000);
    }),
    { numRuns: 500 },
  );
});

test("whatever a modem does again and again, it is not told more than 1,500 commands an hour", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(
        anyMove.filter((one) => one.move !== "order" && one.move !== "offer" && one.move !== "calm"),
        { minLength: 1, maxLength: 30 },
      ),
      (canPower, circle) => {
        const play = powered(canPower ? powerPlan : plan);
        let turn = 0;
        for (; play.nowMs < 3_600_000 && turn < 30_000; turn++) {
          make(play, circle[turn % circle.length] as Move);
          // Each answer takes 20 ms; news and idle turns 1 s, so that the hour passes.
          play.nowMs += play.inFlight === "" ? 1_000 : 20;
          if (play.calmDueMs >= 0 && play.nowMs >= play.calmDueMs) {
            play.calmDueMs = -1;
            play.feed({ type: "calmed" });
          }
        }
        expect(play.asked.length).toBeLessThanOrEqual(1_500);
      },
    ),
    { numRuns: 150 },
  );
});

test("a modem that never answers is called ten times a round, with waits up to five minutes between rounds", () => {
  const play = powered();
  while (play.nowMs < 3_600_000) play.wait();
  expect(play.asked.length).toBeGreaterThan(100);
  expect(play.asked.length).toBeLessThan(200);
});

test("a silent modem loses its power after the second round, for ever longer", () => {
  const play = powered(powerPlan);
  while (play.nowMs < 60_000) play.wait();
  expect(play.powerCuts).toBeGreaterThanOrEqual(1);
  while (play.nowMs < 3_600_000) play.wait();
  expect(play.powerCuts).toBeLessThan(20);
});

test("a wrong PIN is told at most twice, over any number of restarts, and never again once it was refused", () => {
  const pin: Fact = { type: "sim", sim: "pin" };
  const refusedPlay = powered();
  const doubtful = powered();
  for (let turn = 0; turn < 8; turn++) {
    for (const play of [refusedPlay, doubtful]) {
      play.feed({ type: "heard", fact: { type: "started" } });
      for (let step = 0; step < 40 && play.state.report.at !== "failed"; step++) {
        if (play.inFlight === "") play.wait();
        else if (play.inFlight === 'AT+CPIN="1234"') play.answer(play === doubtful, [], 16);
        else play.answer(true, play.inFlight === "AT+CPIN?" ? [pin] : factsFor(play.inFlight));
      }
      expect(play.state.report).toMatchObject({ at: "failed", simFault: "pin-refused" });
    }
  }
  expect(refusedPlay.asked.filter((text) => text.startsWith("AT+CPIN=")).length).toBe(1);
  expect(doubtful.asked.filter((text) => text.startsWith("AT+CPIN=")).length).toBe(2);
});

test("the SIM's state is told: absent, locked, PIN missing; one that is put in goes on by itself", () => {
  const absent = powered();
  until(absent, "AT+CPIN?");
  absent.answer(false, [], 10);
  expect(absent.state.report).toMatchObject({ at: "failed", simFault: "absent" });
  absent.feed({ type: "heard", fact: { type: "sim", sim: "ready" } });
  expect(absent.state.report).toMatchObject({ at: "registering", simFault: "none" });

  const locked = powered();
  until(locked, "AT+CPIN?");
  locked.answer(true, [{ type: "sim", sim: "puk" }]);
  expect(locked.state.report).toMatchObject({ at: "failed", simFault: "locked" });
  expect(locked.state.line).toBe("idle");

  const missing = powered({ ...plan, settings: { ...settings, pin: "" } });
  until(missing, "AT+CPIN?");
  missing.answer(true, [{ type: "sim", sim: "pin" }]);
  expect(missing.state.report).toMatchObject({ at: "failed", simFault: "pin-missing" });
});

test("a lost context is activated again, and the sockets hear of both", () => {
  const play = ready();
  play.effects = [];
  play.feed({ type: "heard", fact: { type: "context-lost" } });
  expect(play.state.report.at).toBe("attaching");
  expect(play.effects).toContainEqual({ type: "sockets", order: "fail" });
  play.effects = [];
  play.goReady();
  expect(play.effects).toContainEqual({ type: "sockets", order: "open" });
});

test("a lost registration waits for the network's return and goes on at once when it is back", () => {
  const play = ready();
  play.feed({
    type: "heard",
    fact: { type: "registration", domain: "packet", registration: "searching", generation: "unknown" },
  });
  expect(play.state.report.at).toBe("registering");
  expect(play.state.line).toBe("pause");
  play.feed({
    type: "heard",
    fact: { type: "registration", domain: "packet", registration: "roaming", generation: "4g" },
  });
  expect(play.state.report).toMatchObject({ at: "attaching", roaming: true });
});

test("news that comes while a socket has the line is acted on when it has ended", () => {
  const play = ready();
  play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  play.feed({ type: "heard", fact: { type: "context-lost" } });
  expect(play.state.report.at).toBe("ready");
  play.answer(true);
  expect(play.state.report.at).toBe("attaching");
});

test("an unanswered exchange is given up, and the modem sounded with other questions before it counts as gone", () => {
  const play = ready();
  play.effects = [];
  play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  play.wait();
  expect(play.effects.map((effect) => effect.type)).toEqual(["ask", "abandon", "lent-failed", "ask"]);
  expect(play.inFlight).toBe("AT+CSQ");
  play.wait();
  expect(play.inFlight).toBe("AT+CFUN?");
  play.answer(true);
  expect(play.state).toMatchObject({ line: "idle", report: { at: "ready" } });

  play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  for (let turn = 0; turn < 4; turn++) play.wait();
  expect(play.state.report.at).toBe("booting");
});

test("what is only wished for is skipped when it is refused or unanswered", () => {
  const play = powered();
  until(play, 'AT+QINDCFG="csq",1');
  play.wait();
  play.answer(true);
  expect(play.inFlight).toBe("AT+CTZU=1");
  play.answer(false);
  expect(play.inFlight).toBe("AT+CTZR=2");
});

test("a modem in a loop of restarts is left in peace for ever longer", () => {
  const play = ready();
  const waits: number[] = [];
  for (let turn = 0; turn < 9; turn++) {
    play.feed({ type: "heard", fact: { type: "started" } });
    waits.push(play.dueMs - play.nowMs);
    play.wait();
  }
  expect(waits).toEqual([500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000]);
});

test("each step of recovery says what it is for", () => {
  const heard = (step: "reopen" | "reattach" | "reselect" | "reset" | "power-cycle", with_: ModemPlan): Play => {
    const play = ready(with_);
    play.effects = [];
    play.asked.length = 0;
    play.feed({ type: "ordered", step });
    return play;
  };
  const reopen = heard("reopen", plan);
  expect(reopen.effects).toEqual([{ type: "sockets", order: "reopen" }]);
  const reattach = heard("reattach", plan);
  reattach.goReady();
  expect(reattach.asked.slice(0, 3)).toEqual(["AT+QIDEACT=1", "AT+CGATT=0", "AT+CGATT=1"]);
  const reselect = heard("reselect", plan);
  reselect.goReady();
  expect(reselect.asked.slice(0, 2)).toEqual(["AT+COPS=2", "AT+COPS=0"]);
  const reset = heard("reset", plan);
  reset.goReady();
  expect(reset.asked.slice(0, 2)).toEqual(["AT+CFUN=1,1", "AT"]);
  expect(heard("power-cycle", plan).asked).toEqual(["AT+CFUN=1,1"]);
  const cycle = heard("power-cycle", powerPlan);
  expect(cycle.powerCuts).toBe(1);
  cycle.goReady();
});

test("a step that comes while an exchange runs waits for its end, and the strongest one wins", () => {
  const play = ready();
  play.feed({ type: "offered", exchange: quectel.readFrom(0) });
  play.feed({ type: "ordered", step: "reset" });
  play.feed({ type: "ordered", step: "reattach" });
  expect(play.inFlight).toBe("AT+QIRD=0");
  play.answer(true);
  expect(play.inFlight).toBe("AT+CFUN=1,1");
});

test("a network selection that runs is ended early by the next step", () => {
  const play = ready();
  play.feed({ type: "ordered", step: "reselect" });
  play.answer(true);
  expect(play.inFlight).toBe("AT+COPS=0");
  play.effects = [];
  play.feed({ type: "ordered", step: "reset" });
  expect(play.effects).toEqual([{ type: "interrupt" }]);
});
