/** The adapters over doubles of the engine's objects, a few lines each: what they ask of the engine, and what they promise to the ports. */
import { expect, test, vi } from "vitest";
import { nobleAes } from "../../../protocol/radio/arbitraries.ts";
import type { Datagram } from "../../ports/socket.ts";
import { bleOver } from "./ble.ts";
import { buttonSignals } from "./button-signals.ts";
import { BytesHeard, bytesOf, textOf } from "./bytes.ts";
import { chipWiresOver } from "./chip-wires.ts";
import { EspruinoClock } from "./clock.ts";
import { datagramsOver } from "./datagrams.ts";
import type { HeardDevice, Nrf, Pins, RawFlash, Timers, Uart, UdpPeer, WatchEvent } from "./engine.ts";
import { EspruinoFlash } from "./flash.ts";
import { cipherOf } from "./own-cipher.ts";
import { inputOn } from "./pins.ts";
import { serialOver } from "./serial.ts";

/** Time in the test's hand. */
class Time implements Timers {
  nowS = 1_795_344_018.8732;
  private readonly waiting = new Map<number, { atS: number; run: () => void }>();
  private last = 0;

  getTime(): number {
    return this.nowS;
  }

  setTimeout(run: () => void, delayMs: number): number {
    this.waiting.set(++this.last, { atS: this.nowS + delayMs / 1000, run });
    return this.last;
  }

  clearTimeout(timer: number): void {
    if (!this.waiting.delete(timer)) throw new Error("Unknown Timeout");
  }

  pass(ms: number): void {
    this.nowS += ms / 1000;
    for (const [timer, { atS, run }] of [...this.waiting])
      if (atS <= this.nowS + 1e-6) {
        this.waiting.delete(timer);
        run();
      }
  }
}

function pinsOf(
  levels: Record<string, number> = {},
): Pins & { readonly told: string[]; watch: (event: WatchEvent) => void } {
  const told: string[] = [];
  const pins = {
    told,
    watch: (_event: WatchEvent): void => {},
    pinMode: (pin: unknown, mode: string) => void told.push(`${pin} ${mode}`),
    digitalRead: (pin: unknown) => levels[String(pin)] ?? 0,
    digitalWrite: (pin: unknown, level: number) => void told.push(`${pin} = ${level}`),
    digitalPulse: (pin: unknown, level: number, times: readonly number[]) => void told.push(`${pin} ${level} ${times}`),
    analogRead: () => 0,
    setWatch: (run: (event: WatchEvent) => void) => {
      pins.watch = run;
      return 7;
    },
    clearWatch: (watch: number) => void told.push(`no watch ${watch}`),
  };
  return pins;
}

test("the clock counts whole milliseconds from the start, and nobody who sets the engine's clock takes it back", () => {
  const time = new Time();
  const clock = new EspruinoClock(time);
  expect(clock.nowMs()).toBe(0);
  time.pass(1_500);
  expect(clock.nowMs()).toBe(1_500);
  time.nowS -= 3_600;
  expect(clock.nowMs()).toBe(1_500);
  time.pass(250);
  expect(clock.nowMs()).toBe(1_750);
});

test("a timer that has fired or was cancelled may be cancelled again: the engine would throw", () => {
  const time = new Time();
  const clock = new EspruinoClock(time);
  let count = 0;
  const first = clock.after(100, () => count++);
  const second = clock.after(100, () => count++);
  second.cancel();
  second.cancel();
  time.pass(100);
  first.cancel();
  expect(count).toBe(1);
});

test("raw pages are those of the board, and pages that the engine uses itself are refused", () => {
  const calls: string[] = [];
  const raw: RawFlash = {
    getFree: () => [{ addr: 0x6a000, length: 0x2000 }],
    erasePage: (at) => void calls.push(`erase ${at.toString(16)}`),
    write: (bytes, at) => void calls.push(`write ${bytes.length} ${at.toString(16)}`),
    read: (length, at) => new Uint8Array(length).fill(at & 0xff),
  };
  const pages = { address: 0x6a000, sectorSize: 4096, sectorCount: 2, programUnit: 4 } as const;
  const flash = new EspruinoFlash(raw, pages);
  flash.erase(1);
  flash.program(0x1008, new Uint8Array(8));
  const into = new Uint8Array(3);
  flash.read(0x21, into);
  expect(calls).toEqual(["erase 6b000", "write 8 6b008"]);
  expect([...into]).toEqual([0x21, 0x21, 0x21]);
  expect(() => new EspruinoFlash(raw, { ...pages, sectorCount: 3 })).toThrow("not free");
  expect(() => new EspruinoFlash(raw, { ...pages, address: 0x69000 })).toThrow("not free");
});

test("advertising is under our company and without connections, and only our company's data is heard", () => {
  let scan: ((device: HeardDevice) => void) | undefined;
  const asked: object[] = [];
  const calls: string[] = [];
  const nrf: Nrf = {
    setAdvertising: (services, options) => void asked.push({ services, ...options }),
    setScan: (callback) => {
      scan = callback;
    },
    setTxPower: (dbm) => void calls.push(`${dbm} dBm`),
    sleep: () => void calls.push("sleep"),
    wake: () => void calls.push("wake"),
    getBattery: () => 3,
  };
  const heard: unknown[] = [];
  const ble = bleOver(nrf, 4)({ company: 0xffff, onHeard: (data, rssi) => heard.push([[...data], rssi]) });
  expect(calls).toEqual(["4 dBm", "sleep"]);
  ble.advertise(new Uint8Array([33, 1]), 100);
  expect(asked).toMatchObject([{ services: {}, manufacturer: 0xffff, interval: 100, connectable: false }]);
  ble.scan(true);
  scan?.({ manufacturer: 0x590, manufacturerData: new Uint8Array([1]).buffer, rssi: -50 });
  scan?.({ rssi: -50 });
  scan?.({ manufacturer: 0xffff, manufacturerData: new Uint8Array([161, 2]).buffer, rssi: -61 });
  expect(heard).toEqual([[[161, 2], -61]]);
  ble.close();
  expect(scan).toBeUndefined();
  expect(calls.slice(2)).toEqual(["wake", "sleep"]);
});

test("a contact to ground is closed while its level is low", () => {
  const pins = pinsOf();
  const heard: boolean[] = [];
  const input = inputOn(pins, { pin: "D0", active: "low", pull: "up" })({ onChange: (closed) => heard.push(closed) });
  pins.watch({ state: false });
  pins.watch({ state: true });
  input.close();
  expect(heard).toEqual([true, false]);
  expect(pins.told).toEqual(["D0 input_pullup", "no watch 7"]);
});

test("each signal of a button has a look of its own, on boards with three lamps and with one", () => {
  const signals = ["sent", "received", "accepted", "given-up", "joining", "joined", "of-no-use", "fall-felt"] as const;
  const lamp = (pin: string) => ({ pin, active: "high" }) as const;
  for (const wiring of [{ red: lamp("D5"), green: lamp("D4"), blue: lamp("D3") }, { lamp: lamp("D2") }]) {
    const pins = pinsOf();
    const shown = buttonSignals(pins, wiring);
    for (const signal of signals) shown.show(signal);
    expect(new Set(pins.told).size).toBeGreaterThanOrEqual(signals.length - (wiring.lamp === undefined ? 0 : 1));
  }
});

test("bytes go through the engine's text and back, and what nobody reads has a bound", () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(bytesOf(textOf(all))).toEqual(all);
  const heard = new BytesHeard(4);
  heard.put("abc");
  heard.put("def");
  expect(textOf(heard.take() ?? new Uint8Array(0))).toBe("abcd");
  expect(heard.take()).toBeUndefined();
});

test("a serial line says that bytes wait, hands them over once, and is silent after its end", () => {
  const setup = vi.fn();
  const written: number[][] = [];
  let put = (_text: string): void => {};
  const uart: Uart = {
    setup,
    on: (_event, callback) => {
      put = callback;
    },
    removeAllListeners: () => {},
    write: (bytes) => void written.push([...bytes]),
  };
  const counts: number[] = [];
  const line = serialOver(uart, { receive: "D16", transmit: "D17" })({
    baud: 9_600,
    onReadable: (count) => counts.push(count),
  });
  expect(setup).toHaveBeenCalledWith(9_600, { rx: "D16", tx: "D17" });
  put("AT");
  put("\r");
  expect(counts).toEqual([2, 3]);
  expect([...(line.read() ?? [])]).toEqual([65, 84, 13]);
  expect(line.read()).toBeUndefined();
  line.write(new Uint8Array([0, 255]));
  line.close();
  put("x");
  line.write(new Uint8Array([1]));
  expect(written).toEqual([[0, 255]]);
  expect(counts).toEqual([2, 3]);
});

test("the radio chip is held by its reset line, spoken to over the bus with its own select line, and its lines can be read", () => {
  const pins = pinsOf({ D26: 1 });
  const bus = { setup: vi.fn(), send: vi.fn((bytes: Uint8Array) => bytes.map((byte) => byte ^ 0xff)) };
  const wiring = {
    chip: "sx1262",
    port: "SPI1",
    clock: "D18",
    in: "D19",
    out: "D23",
    select: "D5",
    busy: "D26",
    interrupt: "D27",
    reset: "D14",
    tcxoMv: 1_800,
    switchByChip: true,
  } as const;
  const wires = chipWiresOver(bus, pins, wiring);
  const spi = wires.openSpi();
  const into = new Uint8Array(4);
  spi.transfer(new Uint8Array([1, 2]), into);
  expect([...into]).toEqual([254, 253, 0, 0]);
  expect(bus.send).toHaveBeenCalledWith(new Uint8Array([1, 2]), "D5");
  expect(bus.setup).toHaveBeenCalledWith({ sck: "D18", miso: "D19", mosi: "D23", baud: 8_000_000, mode: 0 });
  expect(wires.openBusy({ onChange: () => {} }).isHigh()).toBe(true);
  wires.holdReset(true);
  wires.holdReset(false);
  expect(pins.told.slice(-2)).toEqual(["D14 = 0", "D14 = 1"]);
});

test("datagrams flow while the network has an address; one that goes is a fault, one that comes a new socket", () => {
  const time = new Time();
  let address = "";
  const sockets: { sent: string[]; hear: (text: string, from: UdpPeer) => void; closed: boolean }[] = [];
  const dgram = {
    createSocket: () => {
      const socket = { sent: [] as string[], hear: (_text: string, _from: UdpPeer): void => {}, closed: false };
      sockets.push(socket);
      return {
        bind: () => {},
        send: (text: string, port: number, host: string) => void socket.sent.push(`${text} ${host}:${port}`),
        on: (event: string, callback: (text: string, from: UdpPeer) => void) => {
          if (event === "message") socket.hear = callback;
        },
        close: () => {
          socket.closed = true;
        },
      };
    },
  };
  const told: string[] = [];
  const random = (into: Uint8Array): void => void into.fill(1);
  const open = datagramsOver({ dgram, clock: new EspruinoClock(time), random, address: () => address });
  const socket = open({
    localPort: 0,
    onReady: (local) => told.push(`${local.host}:${local.port}`),
    onReadable: (count) => told.push(`${count} wait`),
    onFault: (fault) => told.push(fault),
  });
  time.pass(0);
  socket.send(new Uint8Array([65]), { host: "192.0.2.1", port: 5060 });
  address = "192.0.2.7";
  time.pass(5_000);
  socket.send(new Uint8Array([65, 66]), { host: "192.0.2.1", port: 5060 });
  expect(sockets[0]?.sent).toEqual(["AB 192.0.2.1:5060"]);
  for (let i = 0; i < 10; i++) sockets[0]?.hear("ok", { address: "192.0.2.1", port: 5060 });
  const heard: Datagram[] = [];
  for (let next = socket.read(); next !== undefined; next = socket.read()) heard.push(next);
  expect(heard.length).toBe(8);
  expect(heard[0]).toEqual({ bytes: bytesOf("ok"), from: { host: "192.0.2.1", port: 5060 } });
  address = "";
  time.pass(5_000);
  expect(sockets[0]?.closed).toBe(true);
  socket.close();
  time.pass(60_000);
  expect(told.filter((line) => !line.endsWith("wait"))).toEqual(["192.0.2.7:49409", "no-link"]);
});

test("our own AES is AES", () => {
  for (let round = 0; round < 50; round++) {
    const key = new Uint8Array(16).map((_, index) => (index * 31 + round * 17) & 255);
    const ours = new Uint8Array(16).map((_, index) => (index * 7 + round * 91) & 255);
    const theirs = new Uint8Array(ours);
    cipherOf(key)(ours);
    nobleAes(key)(theirs);
    expect(ours).toEqual(theirs);
  }
});
