import fc from "fast-check";
import { expect, test } from "vitest";
import type { Call, CallEndWord, CallNews, CallState } from "../../protocol/at/calls.ts";
import { voiceDialectOf } from "../../protocol/at/voice-dialects.ts";
import type { SpeechMode } from "../ports/voice.ts";
import { wantOf } from "./modem-phone-jobs.ts";
import { stepPhone } from "./modem-phone-machine.ts";
import type { PhoneEffect, PhoneJob, PhoneState } from "./modem-phone-state.ts";
import { hasCall, phoneIdle } from "./modem-phone-state.ts";

type Event = Parameters<typeof stepPhone>[1];
type Happening = Event extends infer E ? (E extends { readonly nowMs: number } ? Omit<E, "nowMs"> : never) : never;

/** What whoever opened the telephone believes, held against each word he is told. */
class Listener {
  at: "none" | "dialling" | "incoming" | "up" = "none";
  ended = 0;

  take(effect: PhoneEffect): void {
    if (effect.type === "tell-incoming") this.move(["none"], "incoming");
    else if (effect.type === "tell-answered") this.move(["dialling"], "up");
    else if (effect.type === "tell-ended") {
      this.move(["dialling", "incoming", "up"], "none");
      this.ended++;
    } else if (effect.type === "tell-key") this.move(["up"], "up");
  }

  private move(from: readonly string[], to: Listener["at"]): void {
    if (from.indexOf(this.at) < 0) throw new Error(`${to} while ${this.at}`);
    this.at = to;
  }
}

/** The machine, its listener, and time. */
class Play {
  state: PhoneState = phoneIdle;
  nowMs = 0;
  dueMs = -1;
  isBusy = false;
  asks = 0;
  readonly listener = new Listener();

  feed(happening: object): void {
    const next = stepPhone(this.state, { ...(happening as Happening), nowMs: this.nowMs } as Event);
    this.state = next.state;
    for (const effect of next.effects) {
      this.listener.take(effect);
      if (effect.type === "wake") this.dueMs = effect.atMs;
      else if (effect.type === "busy") {
        expect(effect.on).toBe(!this.isBusy);
        this.isBusy = effect.on;
      }
    }
    expect(this.isBusy).toBe(this.state.at !== "idle");
    // A phase in which nothing is asked for has an end.
    const isWaiting = wantOf(this.state) === undefined && this.state.asking === undefined;
    if (isWaiting && this.state.at !== "idle") expect(this.state.wakeMs).toBeGreaterThanOrEqual(0);
  }

  pass(ms: number): void {
    const end = this.nowMs + ms;
    while (this.dueMs >= 0 && this.dueMs <= end) {
      this.nowMs = Math.max(this.nowMs, this.dueMs);
      this.dueMs = -1;
      this.feed({ type: "due" });
    }
    this.nowMs = end;
  }

  begin(): PhoneJob | undefined {
    const want = wantOf(this.state);
    if (want === undefined) return undefined;
    this.asks++;
    this.feed({ type: "job-began", job: want.job });
    expect(wantOf(this.state)).toBeUndefined();
    return want.job;
  }

  order(name: string, mode: SpeechMode): void {
    if (name === "dial") {
      if (this.listener.at !== "none") return;
      this.listener.at = "dialling";
      this.feed({ type: "dial-ordered", number: "+4681000", mode, capable: true });
    } else if (name === "answer") {
      if (this.listener.at === "incoming") this.listener.at = "up";
      this.feed({ type: "answer-ordered", mode });
    } else if (name === "speak") this.feed({ type: "mode-chosen", mode });
    else if (name === "louder") this.feed({ type: "volume-stepped", step: 1 });
    else {
      this.listener.at = "none";
      this.feed({ type: "hang-up-ordered" });
    }
  }
}

const anyMode = fc.constantFrom<SpeechMode>("duplex", "listen", "talk");
const anyOrder = fc.record({
  kind: fc.constant("order" as const),
  name: fc.constantFrom("dial", "dial", "answer", "answer", "speak", "louder", "hang-up"),
  mode: anyMode,
});
const anyWait = fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(50, 700, 3_000, 20_000, 130_000) });
const anyState = fc.constantFrom<CallState>("active", "held", "dialing", "alerting", "incoming", "waiting");
const anyNews: fc.Arbitrary<CallNews> = fc.oneof(
  fc.record({ type: fc.constant("ringing" as const), voice: fc.boolean() }),
  fc.record({ type: fc.constant("caller" as const), number: fc.constantFrom("", "+4681000") }),
  fc.constantFrom<CallNews>({ type: "second-caller" }, { type: "call-begun" }),
  fc.record({ type: fc.constant("call-moved" as const), state: anyState }),
  fc.record({
    type: fc.constant("call-ended" as const),
    reason: fc.constantFrom<CallEndWord>("no-carrier", "busy", "no-answer", "no-dialtone", "unsaid"),
  }),
  fc.record({ type: fc.constant("key" as const), key: fc.constantFrom("0", "#", "A") }),
);
const anyCall: fc.Arbitrary<Call> = fc.record({
  index: fc.integer({ min: 1, max: 2 }),
  incoming: fc.boolean(),
  state: anyState,
  voice: fc.boolean(),
  number: fc.constantFrom("", "+4681000"),
});
const line = { type: "line-came", dialect: voiceDialectOf("simcom") };
const anyHappening = fc.oneof(
  fc.record({ type: fc.constant("told" as const), news: anyNews }),
  fc.record({ type: fc.constant("listed" as const), call: anyCall }),
  fc.constantFrom(line, { type: "line-lost" }, { type: "restarted" }, { type: "due" }),
  fc.record({
    type: fc.constant("network-told" as const),
    domain: fc.constantFrom("packet" as const, "circuit" as const),
    on: fc.boolean(),
  }),
);
const anyMove = fc.oneof(
  { weight: 3, arbitrary: anyOrder },
  { weight: 2, arbitrary: anyWait },
  { weight: 4, arbitrary: anyHappening.map((happening) => ({ kind: "happen" as const, happening })) },
  { weight: 2, arbitrary: fc.constant({ kind: "begin" as const }) },
  { weight: 4, arbitrary: fc.constantFrom("ok", "refused", "lost").map((how) => ({ kind: "end" as const, how })) },
);

test("whatever a modem says and does, what is told is a legal telephone, one exchange runs at a time, and every wait has an end", () => {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 100 }), (moves) => {
      const play = new Play();
      play.feed(line);
      for (const move of moves) {
        if (move.kind === "order") play.order(move.name, move.mode);
        else if (move.kind === "wait") play.pass(move.ms);
        else if (move.kind === "happen") play.feed(move.happening);
        else if (move.kind === "begin") play.begin();
        else if (move.how === "lost") play.feed({ type: "job-lost" });
        else play.feed({ type: "job-ended", ok: move.how === "ok" });
      }
    }),
    { numRuns: 1_500 },
  );
});

/** A modem with at most one call, and the far side of that. */
class Modem {
  call: { incoming: boolean; state: CallState } | undefined;
  readonly play: Play;

  constructor(play: Play) {
    this.play = play;
  }

  /** Says and does what is wanted; `isHeard` false: it does nothing; `isAnswered` false: its answer is lost. */
  serve(isHeard: boolean, isAnswered: boolean): boolean {
    const job = this.play.begin();
    if (job === undefined) return false;
    const ok = isHeard && this.obey(job, isAnswered);
    if (isHeard && isAnswered) this.play.feed({ type: "job-ended", ok });
    else this.play.feed({ type: "job-lost" });
    return true;
  }

  far(deed: string): void {
    const call = this.call;
    if (deed === "rings" && call === undefined) {
      this.call = { incoming: true, state: "incoming" };
      this.tell({ type: "ringing", voice: true });
    } else if (deed === "answers" && call !== undefined && !call.incoming) call.state = "active";
    else if (deed === "ends" && call !== undefined) this.call = undefined;
    else if (deed === "ends loudly" && call !== undefined) {
      this.call = undefined;
      this.tell({ type: "call-ended", reason: "no-carrier" });
    } else if (deed === "rings on" && call?.state === "incoming") this.tell({ type: "ringing", voice: true });
    else if (deed === "resets") {
      this.call = undefined;
      this.play.feed({ type: "line-lost" });
      this.play.feed({ type: "restarted" });
      this.play.feed(line);
    }
  }

  private tell(news: CallNews): void {
    this.play.feed({ type: "told", news });
  }

  private obey(job: PhoneJob, isAnswered: boolean): boolean {
    const call = this.call;
    if (job === "dial") {
      if (call !== undefined) return false;
      this.call = { incoming: false, state: "alerting" };
    } else if (job === "answer") {
      if (call?.state !== "incoming") return false;
      call.state = "active";
    } else if (job === "hang-up" || job === "hang-up-basic") this.call = undefined;
    else if (job === "list" && call !== undefined && isAnswered)
      this.play.feed({ type: "listed", call: { index: 1, voice: true, number: "+4681000", ...call } });
    return true;
  }
}

const anyTurn = fc.oneof(
  { weight: 3, arbitrary: anyOrder },
  { weight: 2, arbitrary: anyWait },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("far" as const),
      deed: fc.constantFrom("rings", "rings on", "answers", "ends", "ends loudly", "resets"),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("serve" as const),
      how: fc.constantFrom("well", "well", "well", "well", "unheard", "unanswered"),
    }),
  },
);

test("whatever answers were lost, a call that is hung up ends, the modem is free of it, and the next one is dialled", () => {
  fc.assert(
    fc.property(fc.array(anyTurn, { maxLength: 80 }), (turns) => {
      const play = new Play();
      const modem = new Modem(play);
      play.feed(line);
      for (const turn of turns) {
        if (turn.kind === "order") play.order(turn.name, turn.mode);
        else if (turn.kind === "wait") play.pass(turn.ms);
        else if (turn.kind === "far") modem.far(turn.deed);
        else modem.serve(turn.how !== "unheard", turn.how !== "unanswered");
      }
      play.order("hang-up", "duplex");
      const settle = (ms: number): void => {
        for (let end = play.nowMs + ms; play.nowMs < end; play.pass(1_000)) {
          modem.far("rings on");
          for (let i = 0; i < 30 && modem.serve(true, true); i++);
          if (play.listener.at === "incoming") play.order("hang-up", "duplex");
        }
      };
      settle(200_000);
      expect(modem.call).toBeUndefined();
      expect(play.state.at).toBe("idle");
      const ended = play.listener.ended;
      play.order("dial", "talk");
      settle(20_000);
      expect(modem.call).toEqual({ incoming: false, state: "alerting" });
      modem.far("answers");
      settle(5_000);
      expect(play.listener.at).toBe("up");
      // The far side leaves, and the word of it is lost.
      modem.far("ends");
      settle(300_000);
      expect(play.listener.at).toBe("none");
      expect(play.listener.ended).toBe(ended + 1);
      expect(hasCall(play.state)).toBe(false);
    }),
    { numRuns: 400 },
  );
});

test("an hour of a call that nobody ends asks no more of the modem than a look every two minutes", () => {
  const play = new Play();
  const modem = new Modem(play);
  play.feed(line);
  play.order("dial", "duplex");
  for (let i = 0; i < 40; i++) {
    modem.serve(true, true);
    if (i === 20) modem.far("answers");
    play.pass(500);
  }
  expect(play.listener.at).toBe("up");
  const before = play.asks;
  for (let i = 0; i < 3_600; i++) {
    modem.serve(true, true);
    play.pass(1_000);
  }
  expect(play.asks - before).toBeLessThanOrEqual(31);
});
