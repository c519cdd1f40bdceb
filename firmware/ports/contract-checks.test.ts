/** Each check of the contract sees a host that breaks its promise, and a sound host is held to all of them. */
import { expect, test } from "vitest";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import { NorFlash } from "../../simulator/flash.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import type { Clock } from "./clock.ts";
import { Contract, type ContractNews, type PortCheck } from "./contract.ts";
import { buttonContract } from "./contract-button.ts";
import { unitContract } from "./contract-unit.ts";
import type { ButtonHost, UnitHost } from "./host.ts";
import type { RadioPacket } from "./radio.ts";
import type { OpenSerial } from "./serial.ts";

/** Verdicts by the checks' names, and the count that came at the end. */
class Book implements ContractNews {
  readonly verdicts = new Map<string, string>();
  end: number | undefined;

  onVerdict(name: string, { result, why }: { readonly result: string; readonly why: string }): void {
    expect(this.verdicts.has(name)).toBe(false);
    this.verdicts.set(name, why === "" || result === "skipped" ? result : `${result}: ${why}`);
  }

  onEnd(broken: number): void {
    this.end = broken;
  }

  get broken(): string[] {
    return [...this.verdicts]
      .filter(([, text]) => text.startsWith("broken"))
      .map(([name, text]) => `${name} / ${text}`);
  }
}

/** A host that keeps every promise, and what one may put in the place of its parts. */
class Bench {
  readonly queue = new EventQueue();
  readonly clock: Clock = new SimClock(this.queue);
  private chance = 0;

  unit(): UnitHost {
    return {
      ...this.core(),
      openBroadband: ({ onReady }) => {
        const timer = this.clock.after(1, () => onReady({ host: "192.0.2.20", port: 5_060 }));
        return { send: () => {}, read: () => undefined, close: () => timer.cancel() };
      },
      openModemLine: looped(this.clock),
      openServiceLine: undefined,
      signals: { show: () => {} },
      openKeys: () => ({ close: () => {} }),
      openPower: () => ({
        mainsAtStart: true,
        batteryAtStart: true,
        coldStart: true,
        batteryMv: () => 3_900,
        load: () => {},
        showMains: () => {},
        close: () => {},
      }),
      openThermometer: ({ onPassed }) => ({
        deciC: () => 215,
        watch: () => this.clock.after(10, onPassed),
        close: () => {},
      }),
      starts: { cause: "power-on", restart: () => {} },
      observe: undefined,
    };
  }

  button(): ButtonHost {
    return {
      ...this.core(),
      openContact: () => ({ close: () => {} }),
      signals: { show: () => {} },
      batteryMv: () => 3_000,
      observe: undefined,
    };
  }

  run<H extends { readonly clock: Clock }>(host: H, checks: readonly PortCheck<H>[]): Book {
    const book = new Book();
    new Contract(host.clock, checks, { host, spareSector: 1, isLooped: true }, book);
    this.queue.runUntil(3_600_000);
    return book;
  }

  private core() {
    return {
      clock: this.clock,
      secrets: {
        random: (into: Uint8Array) => {
          for (let i = 0; i < into.length; i++) into[i] = ++this.chance;
        },
        aes: aesBlock,
      },
      flash: new NorFlash({ sectorSize: 4_096, sectorCount: 4, programUnit: 4, below: () => 0 }),
      openRadio: () => ({ send: () => {}, listen: () => {}, read: () => undefined, close: () => {} }),
    };
  }
}

/** A line that gives back what it is given, a part at a time. */
function looped(clock: Clock, change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): OpenSerial {
  return ({ onReadable }) => {
    const waiting: Uint8Array[] = [];
    return {
      write: (bytes) => {
        const sent = change(bytes);
        for (let at = 0; at < sent.length; at += 100)
          clock.after(1 + at / 100, () => {
            waiting.push(sent.subarray(at, at + 100));
            onReadable(1);
          });
      },
      read: () => waiting.shift(),
      close: () => {},
    };
  };
}

test("a host that keeps every promise is held to all of them, and told so at the end", () => {
  const bench = new Bench();
  const unit = bench.run(bench.unit(), unitContract);
  expect(unit.broken).toEqual([]);
  expect([...unit.verdicts.values()].every((verdict) => verdict === "held")).toBe(true);
  expect([unit.verdicts.size, unit.end]).toEqual([unitContract.length, 0]);
  const button = new Bench();
  expect(button.run(button.button(), buttonContract).end).toBe(0);
});

test("what a board does not have is skipped, and flash is left alone where no sector is spared", () => {
  const bench = new Bench();
  const { openModemLine, openKeys, openPower, openThermometer, starts, openBroadband, ...bare } = bench.unit();
  const host = { ...bare, openModemLine: undefined, openBroadband: undefined };
  const book = new Book();
  const erased: number[] = [];
  const flash = Object.assign(Object.create(host.flash), { erase: (sector: number) => erased.push(sector) > 0 });
  new Contract(bench.clock, unitContract, { host: { ...host, flash }, spareSector: -1, isLooped: true }, book);
  bench.queue.runUntil(3_600_000);
  expect(book.end).toBe(0);
  expect(erased).toEqual([]);
  expect([...book.verdicts.values()].filter((verdict) => verdict === "skipped")).toHaveLength(11);
});

type Breach = (host: UnitHost, bench: Bench) => Partial<UnitHost>;

let draws = 0;

/** How the broken promise is called, and a host that breaks it. */
const breaches: readonly [promise: string, breach: Breach][] = [
  [
    "clock: whole milliseconds",
    (_, { clock }) => {
      let at = 0;
      return {
        clock: { nowMs: () => (at++ === 90 ? 0 : clock.nowMs() + at), after: (ms, call) => clock.after(ms, call) },
      };
    },
  ],
  ["clock: a timer fires once", (_, { clock }) => ({ clock: early(clock) })],
  [
    "clock: a timer of no delay",
    (_, { clock }) => ({
      clock: {
        nowMs: () => clock.nowMs(),
        after: (ms, call) => {
          if (ms > 0) return clock.after(ms, call);
          call();
          return { cancel: () => {} };
        },
      },
    }),
  ],
  [
    "clock: the nearer of two",
    (_, { clock }) => ({
      clock: {
        nowMs: () => clock.nowMs(),
        after: (ms, call) => {
          const timer = clock.after(ms, call);
          return ms === 40 ? { cancel: () => {} } : timer;
        },
      },
    }),
  ],
  ["flash: at least two", ({ flash }) => ({ flash: changed(flash, { sectorCount: 1 }) })],
  ["flash: an erased sector", ({ flash }) => ({ flash: changed(flash, { read: (_, into) => into.fill(0xfe) }) })],
  [
    "flash: what is programmed reads back",
    ({ flash }) => ({
      flash: changed(flash, { read: (address, into) => flash.read(address & ~3, into) }),
    }),
  ],
  [
    "flash: a view into",
    ({ flash }) => ({
      flash: changed(flash, {
        program: (address, bytes) => flash.program(address, new Uint8Array(bytes.buffer, 0, bytes.length)),
      }),
    }),
  ],
  [
    "flash: zeros go over",
    ({ flash }) => {
      const seen = new Set<number>();
      return {
        flash: changed(flash, {
          erase: (sector) => {
            seen.clear();
            return flash.erase(sector);
          },
          program: (address, bytes) => {
            const isFirst = !seen.has(address);
            seen.add(address);
            return isFirst ? flash.program(address, bytes) : true;
          },
        }),
      };
    },
  ],
  [
    "secrets: the block function",
    ({ secrets }) => ({
      secrets: { random: secrets.random, aes: (key) => (block) => secrets.aes(key)(new Uint8Array(block)) },
    }),
  ],
  [
    "secrets: CCM",
    ({ secrets }) => {
      let last = secrets.aes(new Uint8Array(16));
      const aes = (key: Uint8Array) => {
        last = secrets.aes(key);
        return (block: Uint8Array) => last(block);
      };
      return { secrets: { random: secrets.random, aes } };
    },
  ],
  ["secrets: random bytes", ({ secrets }) => ({ secrets: { aes: secrets.aes, random: (into) => void into.fill(4) } })],
  [
    "secrets: random bytes",
    ({ secrets }) => ({ secrets: { aes: secrets.aes, random: (into) => void into.set([++draws]) } }),
  ],
  [
    "radio: sends",
    (_, { clock }) => ({
      openRadio: ({ onReadable }) => {
        const packets: RadioPacket[] = [];
        clock.after(350, () => onReadable(1));
        return { send: () => {}, listen: () => {}, read: () => packets.shift(), close: () => {} };
      },
    }),
  ],
  [
    "modem line: 2,048",
    (_, { clock }) => ({ openModemLine: looped(clock, (bytes) => bytes.map((byte) => byte & 0x7f)) }),
  ],
  [
    "datagrams: ready",
    () => ({
      openBroadband: ({ onReady }) => {
        onReady({ host: "192.0.2.20", port: 5_060 });
        return { send: () => {}, read: () => undefined, close: () => {} };
      },
    }),
  ],
  [
    "datagrams: one that is sent",
    (host) => ({
      openBroadband: (options) => {
        const socket = host.openBroadband?.(options);
        if (socket === undefined) throw new Error("no socket");
        return {
          ...socket,
          send: () => {
            throw new Error("not ready");
          },
        };
      },
    }),
  ],
  [
    "signals: each",
    () => ({
      signals: {
        show: (signal) => {
          if (signal === "talking") throw new Error("no such pattern");
        },
      },
    }),
  ],
  [
    "keys and lid",
    () => ({
      openLid: () => {
        throw new Error("pin in use");
      },
    }),
  ],
  [
    "power: the battery",
    (host) => ({
      openPower: (options) => ({
        ...(host.openPower as NonNullable<UnitHost["openPower"]>)(options),
        batteryMv: () => 12,
      }),
    }),
  ],
  [
    "thermometer: a border",
    () => ({ openThermometer: () => ({ deciC: () => 215, watch: () => {}, close: () => {} }) }),
  ],
  ["starts: the cause", () => ({ starts: { cause: "unknown", restart: () => {} } })],
];

function early(clock: Clock): Clock {
  return { nowMs: () => clock.nowMs(), after: (ms, call) => clock.after(ms === 30 ? 29 : ms, call) };
}

function changed(flash: UnitHost["flash"], own: Partial<UnitHost["flash"]>): UnitHost["flash"] {
  const { sectorSize, sectorCount, programUnit } = flash;
  return {
    sectorSize,
    sectorCount,
    programUnit,
    erase: (sector) => flash.erase(sector),
    program: (address, bytes) => flash.program(address, bytes),
    read: (address, into) => flash.read(address, into),
    ...own,
  };
}

test("each check sees a host that breaks its promise", () => {
  for (const [promise, breach] of breaches) {
    const bench = new Bench();
    const sound = bench.unit();
    const book = bench.run({ ...sound, ...breach(sound, bench) }, unitContract);
    expect(
      book.broken.some((line) => line.startsWith(promise)),
      `${promise}: ${book.broken.join("; ")}`,
    ).toBe(true);
    expect(book.end).toBe(book.broken.length);
  }
  const covered = unitContract.filter(({ name }) => !breaches.some(([promise]) => name.startsWith(promise)));
  expect(covered.map(({ name }) => name)).toEqual([]);
});
