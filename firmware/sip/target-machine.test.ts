import fc from "fast-check";
import { expect, test } from "vitest";
import type { NameAnswer, Service } from "../ports/names.ts";
import type { Endpoint } from "../ports/socket.ts";
import {
  startTarget,
  stepTarget,
  type TargetEvent,
  type TargetSetUp,
  type TargetState,
  targetLimit,
} from "./target-machine.ts";

const named: TargetSetUp = { host: "larm.example.net", port: 5060, transport: "udp", address: undefined };
const both: TargetSetUp = { ...named, address: "203.0.113.9" };

function addresses(ttlS: number, ...found: string[]): NameAnswer {
  return { services: [], addresses: found, ttlS };
}

function services(ttlS: number, ...found: [string, number, number][]): NameAnswer {
  const all = found.map(([host, priority, port]): Service => ({ host, priority, weight: 0, port }));
  return { services: all, addresses: [], ttlS };
}

/** Time by hand; each step answers what was done, in short. */
class Play {
  state: TargetState;
  nowMs = 0;
  wakeMs = -1;

  constructor(setUp: TargetSetUp) {
    this.state = startTarget(setUp, 9);
  }

  step(event: TargetEvent): string[] {
    Object.freeze(this.state);
    const next = stepTarget(this.state, event);
    this.state = next.state;
    const done: string[] = [];
    for (const effect of next.effects) {
      if (effect.type === "wake") this.wakeMs = effect.atMs;
      else if (effect.type === "use") done.push(`${effect.target.host}:${effect.target.port}`);
      else done.push(effect.type === "give-up" ? "give-up" : `${effect.question.kind} ${effect.question.name}`);
    }
    return done;
  }

  want(urgent = false): string[] {
    return this.step({ type: "wanted", nowMs: this.nowMs, urgent });
  }

  told(answer: NameAnswer | undefined): string[] {
    return this.step({ type: "told", nowMs: this.nowMs, serial: this.state.serial, answer });
  }

  heard(): string[] {
    return this.step({ type: "heard", nowMs: this.nowMs });
  }

  failed(target: Endpoint): string[] {
    return this.step({ type: "failed", nowMs: this.nowMs, target });
  }

  due(nowMs: number): string[] {
    this.nowMs = nowMs;
    return this.step({ type: "due", nowMs });
  }
}

test("a receiver at an address, also one of IPv6, is asked for nowhere and has that one target for ever", () => {
  for (const host of ["192.0.2.7", "2001:db8::7"]) {
    const play = new Play({ ...named, host });
    for (let i = 0; i < 3; i++) {
      expect(play.want()).toEqual([`${host}:5060`]);
      play.failed({ host, port: 5060 });
      play.nowMs += 10_000;
    }
  }
});

test("a name with a port is looked up by its addresses alone, and its answer is kept for its time", () => {
  const play = new Play(named);
  expect(play.want()).toEqual(["addresses larm.example.net"]);
  expect(play.wakeMs).toBe(2_000);
  expect(play.told(addresses(300, "192.0.2.7", "192.0.2.8"))).toEqual(["192.0.2.7:5060"]);
  play.heard();
  play.nowMs = 299_999;
  expect(play.want()).toEqual(["192.0.2.7:5060"]);
  play.heard();
  play.nowMs = 300_000;
  expect(play.want()).toEqual(["addresses larm.example.net"]);
});

test.each([
  ["udp", "_sip._udp.larm.example.net", 5060],
  ["tcp", "_sip._tcp.larm.example.net", 5060],
  ["tls", "_sips._tcp.larm.example.net", 5061],
] as const)(
  "without a port the services of %s are asked for, and without any the name itself",
  (transport, name, port) => {
    const play = new Play({ ...named, port: 0, transport });
    expect(play.want()).toEqual([`services ${name}`]);
    expect(play.told(services(300, ["b.example.net", 20, 5070], ["a.example.net", 10, 5080]))).toEqual([
      "addresses a.example.net",
    ]);
    expect(play.told(addresses(300, "192.0.2.1"))).toEqual(["192.0.2.1:5080", "addresses b.example.net"]);
    expect(play.told(addresses(300, "192.0.2.2"))).toEqual([]);
    expect(play.state.known).toEqual([
      { host: "192.0.2.1", port: 5080 },
      { host: "192.0.2.2", port: 5070 },
    ]);
    for (const none of [services(300), undefined]) {
      const bare = new Play({ ...named, port: 0, transport });
      bare.want();
      expect(bare.told(none)).toEqual(["addresses larm.example.net"]);
      expect(bare.told(addresses(60, "192.0.2.7"))).toEqual([`192.0.2.7:${port}`]);
    }
  },
);

test("the configured address comes first and waits for no name server; where it fails, the name is asked for", () => {
  const play = new Play(both);
  expect(play.want()).toEqual(["203.0.113.9:5060"]);
  play.failed({ host: "203.0.113.9", port: 5060 });
  expect(play.want()).toEqual(["addresses larm.example.net"]);
  expect(play.told(addresses(300, "192.0.2.7"))).toEqual(["192.0.2.7:5060"]);
  play.failed({ host: "192.0.2.7", port: 5060 });
  expect(play.want()).toEqual(["203.0.113.9:5060"]);
});

test("a target that owes an answer for 8 s gives way to the next one, and one that answers stays", () => {
  const play = new Play(named);
  play.want();
  play.told(addresses(3_600, "192.0.2.7", "192.0.2.8"));
  play.nowMs = 7_999;
  expect(play.want()).toEqual(["192.0.2.7:5060"]);
  play.nowMs = 8_000;
  expect(play.want()).toEqual(["192.0.2.8:5060"]);
  play.heard();
  play.nowMs = 100_000;
  expect(play.want()).toEqual(["192.0.2.8:5060"]);
});

test("what failed before the target in use is passed over", () => {
  const play = new Play(named);
  play.want();
  play.told(addresses(3_600, "192.0.2.7", "192.0.2.8"));
  play.failed({ host: "192.0.2.8", port: 5060 });
  expect(play.want()).toEqual(["192.0.2.7:5060"]);
});

test("a name server that is silent for 2 s: the last good address, then the configured one, else nothing", () => {
  const play = new Play(named);
  play.want();
  expect(play.due(1_999)).toEqual([]);
  expect(play.due(2_000)).toEqual(["give-up"]);
  play.want();
  play.told(addresses(60, "192.0.2.7"));
  play.heard();
  play.nowMs = 100_000;
  expect(play.want()).toEqual(["addresses larm.example.net"]);
  expect(play.want()).toEqual([]);
  expect(play.due(102_000)).toEqual(["192.0.2.7:5060"]);
  const set = new Play(both);
  set.want();
  set.failed({ host: "203.0.113.9", port: 5060 });
  set.want();
  expect(set.due(2_000)).toEqual(["203.0.113.9:5060"]);
});

test("an urgent message takes the last good address at once, while the name is looked up beside it", () => {
  const play = new Play(named);
  play.want();
  play.told(addresses(60, "192.0.2.7"));
  play.heard();
  play.nowMs = 100_000;
  expect(play.want(true)).toEqual(["addresses larm.example.net", "192.0.2.7:5060"]);
});

test("a name that does not exist is nowhere, but for what was good before", () => {
  const play = new Play(named);
  play.want();
  expect(play.told(addresses(0))).toEqual(["give-up"]);
  expect(play.want()).toEqual(["addresses larm.example.net"]);
  play.told(addresses(0, "192.0.2.7"));
  play.heard();
  play.nowMs = 60_000;
  play.want();
  expect(play.told(addresses(0))).toEqual(["192.0.2.7:5060"]);
});

test("the last that answered is used on where a new look-up still has it", () => {
  const play = new Play({ ...named, port: 0 });
  const look = (): string[] => {
    play.told(services(60, ["a", 1, 5060], ["b", 2, 5060]));
    return play.told(addresses(60, "192.0.2.1")).concat(play.told(addresses(60, "192.0.2.2")));
  };
  play.want();
  expect(look()).toEqual(["192.0.2.1:5060", "addresses b"]);
  play.failed({ host: "192.0.2.1", port: 5060 });
  expect(play.want()).toEqual(["192.0.2.2:5060"]);
  play.heard();
  play.nowMs = 100_000;
  play.want();
  expect(look()).toEqual(["addresses b", "192.0.2.2:5060"]);
});

test("the answer to an older question, and one that nobody asked for, change nothing", () => {
  const play = new Play(named);
  play.want();
  const { state } = play;
  play.step({ type: "told", nowMs: 0, serial: state.serial - 1, answer: addresses(60, "192.0.2.66") });
  expect(play.state).toBe(state);
  play.told(addresses(60, "192.0.2.7"));
  expect(play.told(addresses(60, "192.0.2.66"))).toEqual([]);
  expect(play.state.known).toEqual([{ host: "192.0.2.7", port: 5060 }]);
});

test("times to live below a minute count as one, and above six hours as six", () => {
  for (const [ttlS, keptS] of [
    [0, 60],
    [86_400, 21_600],
  ] as const) {
    const play = new Play(named);
    play.want();
    play.told(addresses(ttlS, "192.0.2.7"));
    expect(play.state.knownMs).toBe(1_000 * keptS);
  }
});

test("the shortest of all records counts, where a name service tells it", () => {
  for (const [servicesS, keptS] of [
    [90, 90],
    [0, 120],
    [500, 120],
  ] as const) {
    const play = new Play({ ...named, port: 0 });
    play.want();
    play.told(services(servicesS, ["a", 1, 5060]));
    play.told(addresses(120, "192.0.2.7"));
    expect(play.state.knownMs).toBe(1_000 * keptS);
  }
});

test("whatever happens, a message that waits is served by its deadline, and no more targets are kept than the limit", () => {
  const anyAnswer = fc.option(
    fc.record({
      services: fc.array(
        fc.record({ priority: fc.nat(2), weight: fc.nat(2), port: fc.constant(5060), host: fc.constant("s") }),
      ),
      addresses: fc.array(fc.constantFrom("192.0.2.1", "192.0.2.2", "192.0.2.3"), { maxLength: 6 }),
      ttlS: fc.nat(100),
    }),
    { nil: undefined },
  );
  const event = fc.oneof(
    fc.record({ type: fc.constant("wanted" as const), urgent: fc.boolean(), afterMs: fc.nat(9_000) }),
    fc.record({ type: fc.constant("told" as const), answer: anyAnswer, afterMs: fc.nat(1_000) }),
    fc.record({ type: fc.constant("heard" as const), afterMs: fc.nat(100) }),
    fc.record({ type: fc.constant("failed" as const), afterMs: fc.nat(100) }),
  );
  const setUp = fc.constantFrom(named, both, { ...named, port: 0 }, { ...both, port: 0 });
  fc.assert(
    fc.property(setUp, fc.array(event, { maxLength: 40 }), (start, events) => {
      const play = new Play(start);
      let waitsMs = -1;
      for (const each of events) {
        const untilMs = play.nowMs + each.afterMs;
        while (play.state.dueMs >= 0 && play.state.dueMs <= untilMs) {
          const served = play.due(play.state.dueMs);
          expect(served).toHaveLength(1);
          waitsMs = -1;
        }
        play.nowMs = untilMs;
        const done =
          each.type === "wanted"
            ? play.want(each.urgent)
            : each.type === "told"
              ? play.told(each.answer)
              : each.type === "heard"
                ? play.heard()
                : play.failed(play.state.known[0] ?? { host: "203.0.113.9", port: 5060 });
        if (each.type === "wanted" && waitsMs < 0) waitsMs = play.nowMs;
        if (done.some((what) => what === "give-up" || /^[0-9]/.test(what))) waitsMs = -1;
        if (waitsMs >= 0) {
          expect(play.state.dueMs).toBeGreaterThanOrEqual(play.nowMs);
          expect(play.state.dueMs).toBeLessThanOrEqual(waitsMs + 2_000);
        }
        expect(play.state.known.length).toBeLessThanOrEqual(targetLimit);
      }
    }),
  );
});
