import fc from "fast-check";
import { expect, test } from "vitest";
import { ping } from "../../protocol/sip/stream.ts";
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  noConnection,
  stepConnection,
  unheardLimit,
} from "./connection-machine.ts";

const message = (n: number): Uint8Array => new Uint8Array([n]);

/** Time by hand; the effects of the last step are in `done`. */
class Play {
  state: ConnectionState = noConnection;
  done: readonly ConnectionEffect[] = [];
  wakeMs = -1;
  nowMs = 0;

  step(event: ConnectionEvent): readonly ConnectionEffect[] {
    Object.freeze(this.state);
    const next = stepConnection(this.state, event);
    this.state = next.state;
    this.done = next.effects.filter(({ type }) => type !== "wake");
    for (const effect of next.effects) if (effect.type === "wake") this.wakeMs = effect.atMs;
    return this.done;
  }

  want(n: number): readonly ConnectionEffect[] {
    return this.step({ type: "wanted", nowMs: this.nowMs, bytes: message(n) });
  }

  /** One of those that are unheard, by its place. */
  recall(place: number): readonly ConnectionEffect[] {
    return this.step({ type: "recalled", bytes: this.state.unheard[place] ?? message(0) });
  }

  reply(n: number): readonly ConnectionEffect[] {
    return this.step({ type: "replied", nowMs: this.nowMs, bytes: message(n) });
  }

  opened(): readonly ConnectionEffect[] {
    return this.step({ type: "opened", nowMs: this.nowMs, serial: this.state.serial });
  }

  heard(): readonly ConnectionEffect[] {
    return this.step({ type: "heard", nowMs: this.nowMs, serial: this.state.serial });
  }

  at(nowMs: number): readonly ConnectionEffect[] {
    this.nowMs = nowMs;
    return this.step({ type: "due", nowMs });
  }

  /** The timer fires, which was the last word on when. */
  dueAtWake(): readonly ConnectionEffect[] {
    const { wakeMs } = this;
    this.wakeMs = -1;
    return this.at(wakeMs);
  }
}

const opensIn = (effects: readonly ConnectionEffect[]): number => effects.filter(({ type }) => type === "open").length;

function written(effects: readonly ConnectionEffect[]): number[] {
  return effects.flatMap((effect) => (effect.type === "write" ? [effect.bytes[0] as number] : []));
}

test("what is wanted opens the connection, waits for it, and is written in order", () => {
  const play = new Play();
  expect(play.want(1)).toEqual([{ type: "open", serial: 1, beside: false }]);
  expect(play.want(2)).toEqual([]);
  expect(written(play.opened())).toEqual([1, 2]);
  expect(written(play.want(3))).toEqual([3]);
});

test("nobody answers for 60 s: connect-timeout, and what waited is given up", () => {
  const play = new Play();
  play.want(1);
  expect([play.wakeMs, play.at(59_999)]).toEqual([60_000, []]);
  const gaveUp = [{ type: "close" }, { type: "failed", fault: "connect-timeout" }];
  expect([play.at(60_000), play.state.unheard]).toEqual([gaveUp, []]);
});

test("where a connection takes all and says nothing for 3 s, a fresh one is opened beside it, and what it took is said again there", () => {
  const play = new Play();
  play.want(1);
  play.opened();
  play.nowMs = 1_000;
  play.heard();
  play.nowMs = 10_000;
  play.want(2);
  expect(play.at(12_999)).toEqual([]);
  expect(play.at(13_000)).toEqual([{ type: "open", serial: 2, beside: true }]);
  play.nowMs = 13_500;
  expect(written(play.opened())).toEqual([2]);
  expect(play.at(45_499)).toEqual([]);
  expect(play.at(45_500)).toEqual([{ type: "close" }, { type: "failed", fault: "silent" }]);
});

test("what ends under a message is opened anew once, then told as lost and not as unsent, whatever the second one failed of", () => {
  for (const fault of ["connection-lost", "connection-refused", "no-link", "name-not-found"] as const) {
    const play = new Play();
    expect([play.want(1).length, play.opened().length]).toEqual([1, 1]);
    const second = play.step({ type: "faulted", nowMs: 0, serial: 1, fault: "connection-lost" });
    expect(second).toEqual([{ type: "open", serial: 2, beside: false }]);
    if (fault === "connection-lost") play.opened();
    play.step({ type: "faulted", nowMs: 0, serial: 2, fault });
    expect([play.done, play.state.at]).toEqual([[{ type: "failed", fault: "connection-lost" }], "closed"]);
  }
});

test("a connection that is turned away, or shows a wrong certificate, fails at once", () => {
  const play = new Play();
  for (const [at, fault] of (["connection-refused", "certificate", "name-not-found"] as const).entries()) {
    play.want(1);
    expect(play.step({ type: "faulted", nowMs: 0, serial: at + 1, fault })).toEqual([{ type: "failed", fault }]);
  }
});

test("a response is written to an open connection and owed no answer: RFC 3261 18.2.2", () => {
  const play = new Play();
  expect(play.reply(1)).toEqual([]);
  expect(play.state).toBe(noConnection);
  play.want(2);
  expect(play.reply(3)).toEqual([]);
  expect(written(play.opened())).toEqual([2]);
  play.heard();
  play.nowMs = 30_000;
  expect(written(play.reply(4))).toEqual([4]);
  expect(play.state.unheard).toEqual([]);
  expect(play.at(60_000)).toEqual([]);
  expect(play.at(90_000)).toEqual([{ type: "close" }]);
});

test("beside a fresh connection, to which nobody has spoken, a response goes to the one that its request came over", () => {
  for (const isOpen of [false, true]) {
    const play = beside();
    if (isOpen) play.opened();
    expect(play.reply(7)).toEqual([{ type: "write-former", bytes: message(7) }]);
    expect(play.state.unheard.map(([n]) => n)).toEqual([1, 2]);
  }
});

test("a connection that is needed is opened once, and whoever needs it hears where there is none", () => {
  const play = new Play();
  const need = (): readonly ConnectionEffect[] => play.step({ type: "needed", nowMs: play.nowMs });
  expect(need()).toEqual([{ type: "open", serial: 1, beside: false }]);
  expect(need()).toEqual([]);
  const fault = "connection-refused";
  expect(play.step({ type: "faulted", nowMs: 0, serial: 1, fault })).toEqual([{ type: "failed", fault }]);
  need();
  expect(play.opened()).toEqual([]);
  expect(need()).toEqual([]);
  expect(play.at(60_000)).toEqual([{ type: "close" }]);
});

test("a connection on which everything that expects an answer has been answered is never judged silent", () => {
  const one = fc.record({ type: fc.constantFrom("wanted", "replied", "ping"), afterMs: fc.nat(100_000) });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 40 }), fc.boolean(), (said, on) => {
      const play = new Play();
      play.step({ type: "kept", nowMs: 0, on });
      play.want(0);
      play.opened();
      play.heard();
      for (const { type, afterMs } of said) {
        const untilMs = play.nowMs + afterMs;
        while (play.wakeMs > play.nowMs && play.wakeMs <= untilMs) {
          for (const effect of play.at(play.wakeMs)) expect(effect).toEqual({ type: "close" });
        }
        play.nowMs = untilMs;
        if (type === "ping") play.step({ type, nowMs: untilMs });
        else if (type === "replied") play.reply(1);
        else play.want(1);
        if (play.state.at === "connecting") play.opened();
        if (type === "wanted") play.heard();
        expect([play.state.unheard, play.state.former, play.state.isSecond]).toEqual([[], 0, false]);
      }
    }),
  );
});

test("idle for a minute it is closed without a word, unless its route is the active one", () => {
  for (const on of [false, true]) {
    const play = new Play();
    play.step({ type: "kept", nowMs: 0, on });
    play.want(1);
    play.opened();
    play.heard();
    expect(play.at(60_000)).toEqual(on ? [] : [{ type: "close" }]);
  }
});

test("a ping is written to a kept connection that is open, opens one that is closed, and is nothing to one that is not kept", () => {
  const play = new Play();
  const sent = (): readonly ConnectionEffect[] => play.step({ type: "ping", nowMs: play.nowMs });
  expect(sent()).toEqual([]);
  play.step({ type: "kept", nowMs: 0, on: true });
  expect(sent()).toEqual([{ type: "open", serial: 1, beside: false }]);
  expect(sent()).toEqual([]);
  expect(play.opened()).toEqual([]);
  expect(sent()).toEqual([{ type: "write", bytes: ping }]);
  expect(play.state.unheard).toEqual([]);
  play.step({ type: "faulted", nowMs: 0, serial: 1, fault: "connection-lost" });
  expect(sent()).toEqual([{ type: "open", serial: 2, beside: false }]);
});

test("an unanswered ping condemns a connection only where one was answered before", () => {
  const play = new Play();
  play.step({ type: "kept", nowMs: 0, on: true });
  play.want(1);
  play.opened();
  play.heard();
  play.step({ type: "ping", nowMs: 0 });
  expect(play.at(600_000)).toEqual([]);
  play.heard();
  play.step({ type: "pong", nowMs: 600_000, serial: 1 });
  play.step({ type: "ping", nowMs: 600_000 });
  expect(play.wakeMs).toBe(610_000);
  expect(play.at(609_999)).toEqual([]);
  expect(play.at(610_000)).toEqual([{ type: "open", serial: 2, beside: true }]);
  expect(play.state.isLively).toBe(false);
});

test("a message written behind an unanswered ping has its own 3 s", () => {
  const play = new Play();
  play.step({ type: "kept", nowMs: 0, on: true });
  play.want(1);
  play.opened();
  play.heard();
  play.step({ type: "pong", nowMs: 0, serial: 1 });
  play.step({ type: "ping", nowMs: 0 });
  play.nowMs = 1_000;
  play.want(2);
  expect(play.wakeMs).toBe(4_000);
  expect(play.at(4_000)).toEqual([{ type: "open", serial: 2, beside: true }]);
  expect(written(play.opened())).toEqual([2]);
});

/** One message was written at 0; a second connection is opened beside the first at 3 s, and a message comes for it. */
function beside(): Play {
  const play = new Play();
  play.want(1);
  play.opened();
  play.at(3_000);
  play.want(2);
  return play;
}

test("of the two the first to speak is kept: the old one, which is told what it has not heard", () => {
  for (const isOpen of [false, true]) {
    const play = beside();
    if (isOpen) play.opened();
    const back = play.step({ type: "heard", nowMs: 4_000, serial: 1 });
    expect(back.map(({ type }) => type)).toEqual(["go-back", "write"]);
    expect(written(back)).toEqual([2]);
    expect(play.state).toMatchObject({ at: "open", serial: 1, former: 0, sinceMs: 4_000, isSecond: false });
    expect(play.at(7_000)).toEqual([{ type: "open", serial: 3, beside: true }]);
    expect(play.at(67_000)).toEqual([{ type: "close" }, { type: "failed", fault: "connection-lost" }]);
  }
});

test("of the two the first to speak is kept: the fresh one, and what the old one still does means nothing", () => {
  const play = beside();
  expect(written(play.opened())).toEqual([1, 2]);
  expect(play.heard()).toEqual([{ type: "close-former" }]);
  const { state } = play;
  expect(play.step({ type: "heard", nowMs: 3_001, serial: 1 })).toEqual([]);
  expect(play.step({ type: "faulted", nowMs: 3_001, serial: 1, fault: "connection-lost" })).toEqual([]);
  expect(play.state).toBe(state);
});

test("where the fresh one fails the old one may still answer for 32 s, and where the old one ends the fresh one goes on", () => {
  const play = beside();
  const back = play.step({ type: "faulted", nowMs: 4_000, serial: 2, fault: "connection-refused" });
  expect([back[0]?.type, written(back)]).toEqual(["go-back", [2]]);
  expect(play.at(35_999)).toEqual([]);
  expect(play.at(36_000)).toEqual([{ type: "close" }, { type: "failed", fault: "silent" }]);
  const other = beside();
  expect(other.step({ type: "faulted", nowMs: 4_000, serial: 1, fault: "connection-lost" })).toEqual([
    { type: "close-former" },
  ]);
  expect(written(other.opened())).toEqual([1, 2]);
});

test("what is recalled is written to no connection that has not got it, and where it was written its silence counts", () => {
  const play = new Play();
  for (const n of [1, 2]) play.want(n);
  play.recall(0);
  expect(written(play.opened())).toEqual([2]);
  play.recall(0);
  expect(play.at(3_000)).toEqual([{ type: "open", serial: 2, beside: true }]);
  expect(written(play.opened())).toEqual([]);
  play.want(3);
  play.recall(0);
  expect(written(play.step({ type: "heard", nowMs: 3_000, serial: 1 }))).toEqual([]);
});

test("of more messages than the limit the oldest is given up", () => {
  const play = new Play();
  for (let n = 0; n < unheardLimit + 3; n++) play.want(n);
  expect(written(play.opened())).toEqual(Array.from({ length: unheardLimit }, (_, i) => i + 3));
});

test("whatever happens, nothing waits without a deadline, and no more connections are opened than messages and faults ask for", () => {
  const event = fc.oneof(
    fc.record({ type: fc.constant("wanted" as const), afterMs: fc.nat(5_000) }),
    fc.record({ type: fc.constantFrom("opened" as const, "heard" as const), afterMs: fc.nat(5_000) }),
    fc.record({ type: fc.constant("faulted" as const), afterMs: fc.nat(5_000) }),
    fc.record({ type: fc.constant("due" as const), afterMs: fc.nat(70_000) }),
    fc.record({ type: fc.constantFrom("kept" as const, "recalled" as const), afterMs: fc.nat(100) }),
    fc.record({ type: fc.constantFrom("old-heard" as const, "old-faulted" as const), afterMs: fc.nat(5_000) }),
    fc.record({ type: fc.constantFrom("ping" as const, "pong" as const), afterMs: fc.nat(30_000) }),
    fc.record({ type: fc.constantFrom("replied" as const, "needed" as const), afterMs: fc.nat(30_000) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const play = new Play();
      let opens = 0;
      let wants = 0;
      for (const { type, afterMs } of events) {
        const nowMs = play.nowMs + afterMs;
        while (play.wakeMs >= 0 && play.wakeMs <= nowMs) opens += opensIn(play.dueAtWake());
        play.nowMs = nowMs;
        const { serial } = play.state;
        if (type === "ping" || type === "needed") wants++;
        if (type === "wanted") play.want(wants++ % 256);
        else if (type === "faulted") play.step({ type, nowMs, serial, fault: "connection-lost" });
        else if (type === "kept") play.step({ type, nowMs, on: afterMs % 2 === 0 });
        else if (type === "due") play.at(nowMs);
        else if (type === "replied") play.reply(0);
        else if (type === "recalled") play.recall(afterMs % 3);
        else if (type === "ping" || type === "needed") play.step({ type, nowMs });
        else if (type === "old-heard") play.step({ type: "heard", nowMs, serial: play.state.former });
        else if (type === "old-faulted")
          play.step({ type: "faulted", nowMs, serial: play.state.former, fault: "connection-lost" });
        else play.step({ type, nowMs, serial });
        opens += opensIn(play.done);
        expect(play.state.unheard.length).toBeLessThanOrEqual(unheardLimit);
        expect(opens).toBeLessThanOrEqual(2 * wants);
        expect(play.state.former === 0 || play.state.former < play.state.serial).toBe(true);
        if (play.state.at === "closed") expect([play.state.unheard, play.state.former]).toEqual([[], 0]);
        else if (!play.state.kept || play.state.unheard.length > 0) expect(play.wakeMs).toBeGreaterThan(nowMs);
      }
    }),
  );
});
