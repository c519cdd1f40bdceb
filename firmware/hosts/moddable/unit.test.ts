/** The whole unit on Moddable's adapters, with doubles of the engine below: it starts from its factory page, keeps the contract and calls. */
import { expect, test } from "vitest";
import { Air } from "../../../simulator/air/air.ts";
import { Sx1262Chip } from "../../../simulator/chips/sx1262.ts";
import { EventQueue, type Handle } from "../../../simulator/core/event-queue.ts";
import { aesBlock } from "../../../simulator/node-aes.ts";
import { Contract } from "../../ports/contract.ts";
import { unitContract } from "../../ports/contract-unit.ts";
import type { ChipWires } from "../../ports/spi.ts";
import { defaultStaggerMs } from "../../settings.ts";
import type { BoardWiring } from "../board.ts";
import { unitFactoryPage } from "../unit-factory.ts";
import type { DigitalIo, DigitalIoOptions, DigitalPin, SpiIo, TlsIo } from "./ecma419.ts";
import { startUnit } from "./start-unit.ts";
import { BenchFlash, type BenchPin, benchPins } from "./test-bench.ts";
import { benchNetwork, benchSerial, benchTcp, benchUdp } from "./test-sockets.ts";
import { type EngineModules, unitHostOf } from "./unit-host.ts";

const board: BoardWiring = {
  name: "desk",
  hardware: "desk",
  region: "eu",
  version: "0.0.0",
  commit: "",
  pins: { help: { pin: 2, active: "low", pull: "up" }, lamp: { pin: 12, active: "high" } },
  lines: { modem: { port: 2, receive: 5, transmit: 17, baud: 115_200 } },
  radio: {
    chip: "sx1262",
    port: 1,
    clock: 14,
    in: 36,
    out: 15,
    select: 4,
    busy: 39,
    interrupt: 35,
    reset: 33,
    tcxoMv: 1_800,
    switchByChip: true,
  },
  native: { aes: true, ccm: false },
  journal: { address: 0x3e0000, sectorSize: 4_096, sectorCount: 28, programUnit: 4 },
  factory: { address: 0x3ff000, sectorSize: 4_096 },
};

const page = unitFactoryPage({
  cid: "4711",
  domain: "larm.example",
  policy: "broadband-only",
  receivers: [{ uri: "sip:larm@larm.example", host: "192.0.2.7", port: 5_060, user: "", password: "", answerFrom: [] }],
  localPort: 0,
  modem: { apn: "", user: "", password: "", pin: "" },
  staggerMs: defaultStaggerMs,
  bonds: [],
});

/** The pins of the radio chip lead to its model, the others to a finger. */
function pinsWith(wires: ChipWires, others: ReturnType<typeof benchPins>): DigitalIo {
  function Pin(options: DigitalIoOptions): DigitalPin {
    if (options.pin === 33) return { write: (level) => wires.holdReset(level === 0), read: () => 1, close: () => {} };
    if (options.pin !== 39 && options.pin !== 35) return new others.io(options);
    const open = options.pin === 39 ? wires.openBusy : wires.openInterrupt;
    const line = open({ onChange: () => options.onReadable?.() });
    return { read: () => (line.isHigh() ? 1 : 0), write: () => {}, close: () => line.close() };
  }
  const { Input, InputPullUp, InputPullDown, Output, Rising, Falling } = others.io;
  return Object.assign(Pin, { Input, InputPullUp, InputPullDown, Output, Rising, Falling }) as unknown as DigitalIo;
}

/** Whole buffers, as the engine's own has it. */
class BenchCipher {
  private readonly block: (bytes: Uint8Array) => void;

  constructor(_: "AES", key: ArrayBuffer) {
    this.block = aesBlock(new Uint8Array(key));
  }

  encrypt(from: ArrayBuffer, into: ArrayBuffer): void {
    const bytes = new Uint8Array(into);
    bytes.set(new Uint8Array(from));
    this.block(bytes);
  }
}

class Desk {
  readonly queue = new EventQueue();
  readonly flash = new BenchFlash(4_096, { journal: 28 * 4_096, factory_data: 4_096 });
  readonly udp = benchUdp();
  readonly network = benchNetwork();
  readonly pins = benchPins();
  readonly chip: Sx1262Chip;
  readonly engine: EngineModules<Handle>;

  constructor() {
    const { queue, flash, udp } = this;
    const air = new Air(queue, { seed: 1, lossPpm: 0, neighbourLossPpm: 0, observe: () => {} });
    const place = air.join({ name: "unit", building: "house", home: "home" });
    this.chip = new Sx1262Chip(queue, air, place);
    const { wires } = this.chip;
    function Bus(): { transfer(bytes: Uint8Array): void; flush(deselect: boolean): void; close(): void } {
      const spi = wires.openSpi();
      let isSelected = false;
      return {
        transfer: (bytes) => {
          if (isSelected) throw new Error("the chip is still selected");
          isSelected = true;
          spi.transfer(Uint8Array.from(bytes), bytes);
        },
        flush: (deselect) => {
          if (deselect) isSelected = false;
        },
        close: () => spi.close(),
      };
    }
    let chance = 0;
    this.engine = {
      crypt: { BlockCipher: BenchCipher },
      random: {
        get: (count) => Uint8Array.from({ length: count }, () => (chance = (chance * 75 + 74) % 65_537)).buffer,
      },
      timers: { set: (run, ms) => queue.after(ms, run), clear: (handle) => void queue.cancel(handle) },
      time: {
        get ticks() {
          return queue.nowMs | 0;
        },
        delta: (start, end) => (end - start) | 0,
      },
      flash,
      serial: benchSerial().io,
      digital: pinsWith(wires, this.pins),
      spi: Bus as unknown as SpiIo,
      udp: udp.io,
      tcp: benchTcp().io,
      tls: benchTcp().io as unknown as TlsIo,
      network: this.network.io,
      starts: {
        resetReason: () => ({ reason: 1 }),
        notes: { get: () => undefined, set: () => {}, delete: () => {} },
        system: { restart: () => {} },
      },
      nameServers: () => ["192.0.2.53"],
    };
  }

  /** Somebody holds the help key for a while. */
  press(): void {
    const key: BenchPin = this.pins.pin(2);
    key.move(0);
    this.queue.runUntil(this.queue.nowMs + 5_000);
    key.move(1);
  }

  /** All datagrams so far, as text. */
  get sent(): { address: string; port: number; text: string }[] {
    return this.udp.opened.flatMap((socket) =>
      socket.sent.map(({ bytes, address, port }) => ({ address, port, text: Buffer.from(bytes).toString() })),
    );
  }
}

test("the adapters keep the contract of every port that the board has", () => {
  const desk = new Desk();
  const host = unitHostOf(board, desk.engine);
  desk.network.become(500, "192.0.2.20");
  const found: string[] = [];
  let end = -1;
  new Contract(
    host.clock,
    unitContract,
    { host, spareSector: 27, isLooped: false },
    {
      onVerdict: (name, { result, why }) => found.push(`${result} ${name}${why === "" ? "" : `: ${why}`}`),
      onEnd: (broken) => {
        end = broken;
      },
    },
  );
  desk.queue.runUntil(600_000);
  expect(found.filter((line) => line.startsWith("broken"))).toEqual([]);
  expect(found.filter((line) => line.startsWith("skipped"))).toEqual([
    "skipped modem line: 2,048 bytes of every value come back where it is looped: not looped",
    "skipped power: the battery's voltage is one of a cell, or 0 without: the board has none",
    "skipped thermometer: a border that is passed already is told once: the board has none",
  ]);
  expect(end).toBe(0);
  expect(desk.chip.book.breaches).toEqual([]);
  expect(desk.chip.book.sent).toBe(1);
});

test("a unit with a factory page starts, and its help key becomes an alarm to its receiver over UDP", () => {
  const desk = new Desk();
  desk.flash.contents["factory_data"]?.set(page ?? new Uint8Array());
  expect(startUnit(board, desk.engine)).toBeDefined();
  desk.network.become(500, "192.0.2.20");
  desk.queue.runUntil(10_000);
  const before = desk.sent.length;
  desk.press();
  desk.queue.runUntil(desk.queue.nowMs + 5_000);
  const calls = desk.sent.slice(before).filter(({ text }) => text.startsWith("MESSAGE sip:larm@larm.example"));
  expect(calls.length).toBeGreaterThan(0);
  expect(calls[0]).toMatchObject({ address: "192.0.2.7", port: 5_060 });
  expect(calls[0]?.text).toContain("<cid>4711</cid>");
  expect(desk.chip.now).toBe("receiving");
  expect(desk.flash.contents["journal"]?.some((byte) => byte !== 0xff)).toBe(true);
});

test("a unit without a factory page shows a fault and sends nothing", () => {
  const desk = new Desk();
  expect(startUnit(board, desk.engine)).toBeUndefined();
  desk.network.become(500, "192.0.2.20");
  const levels = new Set<number>();
  for (let i = 0; i < 200; i++) {
    desk.queue.runUntil(desk.queue.nowMs + 50);
    levels.add(desk.pins.pin(12).level);
  }
  expect([...levels].sort()).toEqual([0, 1]);
  expect(desk.sent).toEqual([]);
});

test("a board whose radio the engine does not know is refused", () => {
  const desk = new Desk();
  expect(() => unitHostOf({ ...board, radio: { chip: "ble", powerDbm: 4 } }, desk.engine)).toThrow("not known to XS");
});
