import fc from "fast-check";
import { expect, test } from "vitest";
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
}

function written(effects: readonly ConnectionEffect[]): number[] {
  return effects.flatMap((effect) => (effect.type === "write" ? [effect.bytes[0] as number] : []));
}

test("what is wanted opens the connection, waits for it, and is written in order", () => {
  const play = new Play();
  expect(play.want(1)).toEqual([{ type: "open", serial: 1 }]);
  expect(play.want(2)).toEqual([]);
  expect(written(play.opened())).toEqual([1, 2]);
  expect(written(play.want(3))).toEqual([3]);
});

test("nobody answers for 60 s: connect-timeout, and what waited is given up", () => {
  const play = new Play();
  play.want(1);
  expect(play.wakeMs).toBe(60_000);
  expect(play.at(59_999)).toEqual([]);
  expect(play.at(60_000)).toEqual([{ type: "close" }, { type: "failed", fault: "connect-timeout" }]);
  expect(play.state.unheard).toEqual([]);
});

test("a connection that takes all and says nothing is replaced after 3 s, and what it took is said again over the fresh one", () => {
  const play = new Play();
  play.want(1);
  play.opened();
  play.nowMs = 1_000;
  play.heard();
  play.nowMs = 10_000;
  play.want(2);
  expect(play.at(12_999)).toEqual([]);
  expect(play.at(13_000)).toEqual([{ type: "open", serial: 2 }]);
  play.nowMs = 13_500;
  expect(written(play.opened())).toEqual([2]);
  expect(play.at(45_499)).toEqual([]);
  expect(play.at(45_500)).toEqual([{ type: "close" }, { type: "failed", fault: "silent" }]);
});

test("what ends under a message is opened anew once, then given up with its fault", () => {
  const play = new Play();
  play.want(1);
  play.opened();
  const end = (): readonly ConnectionEffect[] =>
    play.step({ type: "faulted", nowMs: play.nowMs, serial: play.state.serial, fault: "connection-lost" });
  expect(end()).toEqual([{ type: "open", serial: 2 }]);
  play.opened();
  expect(end()).toEqual([{ type: "failed", fault: "connection-lost" }]);
  expect(play.state.at).toBe("closed");
});

test("a connection that is turned away, or shows a wrong certificate, fails at once", () => {
  for (const fault of ["connection-refused", "certificate", "name-not-found"] as const) {
    const play = new Play();
    play.want(1);
    expect(play.step({ type: "faulted", nowMs: 0, serial: 1, fault })).toEqual([{ type: "failed", fault }]);
  }
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

test("what an earlier connection still says is passed over", () => {
  const play = new Play();
  play.want(1);
  play.opened();
  play.at(3_000);
  expect(play.state.serial).toBe(2);
  expect(play.step({ type: "heard", nowMs: 3_001, serial: 1 })).toEqual([]);
  expect(play.step({ type: "faulted", nowMs: 3_001, serial: 1, fault: "connection-lost" })).toEqual([]);
  expect(play.state.unheard).toHaveLength(1);
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
    fc.record({ type: fc.constant("kept" as const), afterMs: fc.nat(100) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const play = new Play();
      let opens = 0;
      let wants = 0;
      for (const { type, afterMs } of events) {
        play.nowMs += afterMs;
        const { nowMs } = play;
        const { serial } = play.state;
        if (type === "wanted") play.want(wants++ % 256);
        else if (type === "faulted") play.step({ type, nowMs, serial, fault: "connection-lost" });
        else if (type === "kept") play.step({ type, nowMs, on: afterMs % 2 === 0 });
        else if (type === "due") play.at(nowMs);
        else play.step({ type, nowMs, serial });
        opens += play.done.filter((effect) => effect.type === "open").length;
        expect(play.state.unheard.length).toBeLessThanOrEqual(unheardLimit);
        expect(opens).toBeLessThanOrEqual(2 * wants);
        if (play.state.at === "closed") expect(play.state.unheard).toEqual([]);
        else if (!play.state.kept || play.state.unheard.length > 0) expect(play.wakeMs).toBeGreaterThan(nowMs - 70_000);
      }
    }),
  );
});
