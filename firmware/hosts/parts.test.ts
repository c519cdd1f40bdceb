/** What hosts of several engines share: the factory page, the lamp, and names asked for over datagrams. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import type { LookUp, NameAnswer, NameQuestion } from "../ports/names.ts";
import type { Datagram, DatagramOptions, DatagramSocket } from "../ports/socket.ts";
import type { UnitSettings } from "../settings.ts";
import { defaultStaggerMs } from "../settings.ts";
import { buttonFactoryPage, readButtonFactory } from "./button-factory.ts";
import { factoryPageLimit } from "./factory-page.ts";
import { LampBlinker } from "./lamp-blinker.ts";
import { mostQuestions, nameClient } from "./name-client.ts";
import { readUnitFactory, unitFactoryPage } from "./unit-factory.ts";

const settings: UnitSettings = {
  cid: "4711",
  domain: "larm.example",
  policy: "mobile-first",
  receivers: [{ uri: "sip:larm@larm.example", host: "192.0.2.7", port: 5_060, user: "", password: "", answerFrom: [] }],
  localPort: 0,
  modem: { apn: "larm", user: "", password: "", pin: "" },
  staggerMs: defaultStaggerMs,
  bonds: [],
  serviceKey: new Uint8Array(16).fill(9),
};

/** A page at the head of a sector whose rest is blank. */
function sectorOf(page: Uint8Array): Uint8Array {
  const sector = new Uint8Array(factoryPageLimit).fill(0xff);
  sector.set(page);
  return sector;
}

test("a button's factory page gives its address, form and label back", () => {
  const label = Uint8Array.from({ length: 16 }, (_, i) => i * 3);
  const read = readButtonFactory(sectorOf(buttonFactoryPage({ address: 0xdeadbeef, form: "neck", label })));
  expect(read).toEqual({ ok: true, value: { address: 0xdeadbeef, form: "neck", label } });
  expect(() => buttonFactoryPage({ address: 1, form: "wrist", label: new Uint8Array(15) })).toThrow("16 bytes");
});

test("a unit's factory page gives settings that it can start with", () => {
  const page = unitFactoryPage(settings);
  if (page === undefined) throw new Error("the settings do not fit");
  const read = readUnitFactory(sectorOf(page));
  expect(read).toMatchObject({ ok: true, value: { cid: "4711", serviceKey: settings.serviceKey } });
  const useless = unitFactoryPage({ ...settings, cid: "" });
  expect(readUnitFactory(sectorOf(useless ?? new Uint8Array()))).toMatchObject({ ok: false });
});

test("a blank sector, a page of the other role and a changed byte are no factory page", () => {
  const page = buttonFactoryPage({ address: 7, form: "wrist", label: new Uint8Array(16) });
  expect(readButtonFactory(sectorOf(new Uint8Array()))).toMatchObject({ ok: false });
  expect(readUnitFactory(sectorOf(page))).toMatchObject({ ok: false, fault: { field: "role" } });
  fc.assert(
    fc.property(fc.nat(page.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const changed = sectorOf(page);
      changed[at] = (changed[at] as number) ^ mask;
      expect(readButtonFactory(changed).ok).toBe(false);
    }),
  );
  for (let length = 0; length < page.length; length++)
    expect(readButtonFactory(page.subarray(0, length)).ok).toBe(false);
});

test("a lamp blinks as the pattern says, and a new signal begins at once", () => {
  const queue = new EventQueue();
  const seen: string[] = [];
  const lamp = new LampBlinker(new SimClock(queue), (colour) => seen.push(`${queue.nowMs} ${colour}`));
  lamp.show("ready");
  queue.runUntil(1_000);
  expect(seen.splice(0)).toEqual(["0 green"]);
  lamp.show("no-path");
  queue.runUntil(5_000);
  expect(seen.splice(0)).toEqual([
    "1000 red",
    "1200 none",
    "1400 red",
    "1600 none",
    "4200 red",
    "4400 none",
    "4600 red",
    "4800 none",
  ]);
  lamp.show("sending");
  expect(seen.splice(0)).toEqual(["5000 blue"]);
  lamp.show("ready");
  queue.runUntil(60_000);
  expect(seen).toEqual(["5000 green"]);
});

/** A name server on the desk: hears each question, answers what `answer` makes of it. */
class Desk {
  readonly queue = new EventQueue();
  readonly clock = new SimClock(this.queue);
  readonly asked: { host: string; port: number; id: number; type: number; localPort: number }[] = [];
  open = 0;
  answer: (question: Uint8Array, type: number) => Uint8Array | undefined = () => undefined;
  readonly servers: string[] = ["192.0.2.53", "192.0.2.54"];
  private chance = 0x1000;

  /** Answers come from the server that was asked, unless said. */
  answersFrom: string | undefined;

  ask(question: NameQuestion): Promise<NameAnswer | undefined> {
    const lookUp = this.client();
    return new Promise((resolve) => lookUp(question, resolve));
  }

  client(): LookUp {
    return nameClient({
      open: (options) => this.socket(options),
      clock: this.clock,
      servers: () => this.servers,
      random: (into) => {
        this.chance++;
        into.set([this.chance >> 8, this.chance & 255].slice(0, into.length));
      },
    });
  }

  socket(options: DatagramOptions): DatagramSocket {
    this.open++;
    const waiting: Datagram[] = [];
    this.clock.after(0, () => options.onReady({ host: "192.0.2.20", port: 50_000 }));
    return {
      send: (bytes, { host, port }) => {
        const type = (bytes[bytes.length - 4] as number) * 256 + (bytes[bytes.length - 3] as number);
        const id = (bytes[0] as number) * 256 + (bytes[1] as number);
        this.asked.push({ host, port, id, type, localPort: options.localPort });
        const answer = this.answer(bytes, type);
        if (answer === undefined) return;
        waiting.push({ bytes: answer, from: { host: this.answersFrom ?? host, port } });
        this.clock.after(10, () => options.onReadable(waiting.length));
      },
      read: () => waiting.shift(),
      close: () => this.open--,
    };
  }
}

/** The question turned into an answer with these records, as their type and data in hex. */
function answered(question: Uint8Array, records: readonly [type: number, hex: string][], code = 0): Uint8Array {
  const head = Buffer.from(question);
  head[2] = 0x81;
  head[3] = 0x80 | code;
  head[7] = records.length;
  const tail = records.map(([type, hex]) =>
    Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, hex.length / 2]), Buffer.from(hex, "hex")]),
  );
  return Uint8Array.from(Buffer.concat([head, ...tail]));
}

test("an address is asked for as IPv4, and as IPv6 where there is none", async () => {
  const desk = new Desk();
  desk.answer = (question, type) => answered(question, type === 28 ? [[28, `20010db8${"0".repeat(23)}7`]] : []);
  const answer = desk.ask({ kind: "addresses", name: "larm.example" });
  desk.queue.runUntil(5_000);
  expect(await answer).toEqual({ services: [], addresses: ["2001:db8:0:0:0:0:0:7"], ttlS: 60 });
  expect(desk.asked.map(({ type, port, localPort }) => [type, port, localPort])).toEqual([
    [1, 53, 0],
    [28, 53, 0],
  ]);
  expect(desk.asked[0]?.id).not.toBe(desk.asked[1]?.id);
  expect(desk.open).toBe(0);
});

test("each server is asked twice before nobody answers", async () => {
  const desk = new Desk();
  const answer = desk.ask({ kind: "services", name: "_sip._udp.larm.example" });
  desk.queue.runUntil(10_000);
  expect(await answer).toBeUndefined();
  expect(desk.asked.map(({ host }) => host)).toEqual(["192.0.2.53", "192.0.2.54", "192.0.2.53", "192.0.2.54"]);
  expect(desk.open).toBe(0);
});

test("an answer to another question, under another number or from elsewhere counts for nothing", async () => {
  const desk = new Desk();
  desk.answer = (question) => {
    const forged = answered(question, [[1, "c0000263"]]);
    forged[1] = (forged[1] as number) ^ 1;
    return forged;
  };
  const answer = desk.ask({ kind: "addresses", name: "larm.example" });
  desk.queue.runUntil(10_000);
  expect(await answer).toBeUndefined();
});

test("a server that was not asked is not heard", async () => {
  const desk = new Desk();
  desk.answer = (question) => answered(question, [[1, "c0000207"]]);
  desk.answersFrom = "192.0.2.99";
  const answer = desk.ask({ kind: "addresses", name: "larm.example" });
  desk.queue.runUntil(10_000);
  expect(await answer).toBeUndefined();
});

test("questions that are over make room for others", async () => {
  const desk = new Desk();
  desk.answer = (question) => answered(question, [[1, "c0000207"]]);
  const lookUp = desk.client();
  let answers = 0;
  for (let i = 0; i < 3 * mostQuestions; i++) {
    lookUp({ kind: "addresses", name: "larm.example" }, (answer) => {
      if (answer?.addresses[0] === "192.0.2.7") answers++;
    });
    desk.queue.runUntil(desk.queue.nowMs + 20);
  }
  expect(answers).toBe(3 * mostQuestions);
  expect(desk.open).toBe(0);
});

test("without a server, with a name that is none, and beyond eight questions nothing is answered, and later", async () => {
  const desk = new Desk();
  desk.servers.splice(0);
  const none = desk.ask({ kind: "addresses", name: "larm.example" });
  desk.queue.runUntil(10);
  expect(await none).toBeUndefined();
  desk.servers.push("192.0.2.53");
  const bad = desk.ask({ kind: "addresses", name: "a..b" });
  desk.queue.runUntil(20);
  expect(await bad).toBeUndefined();
  expect(desk.asked).toEqual([]);
  const lookUp = desk.client();
  let unanswered = 0;
  for (let i = 0; i <= mostQuestions; i++)
    lookUp({ kind: "addresses", name: "larm.example" }, (answer) => {
      if (answer === undefined) unanswered++;
    });
  expect(unanswered).toBe(0);
  desk.queue.runUntil(21);
  expect(unanswered).toBe(1);
  expect(desk.open).toBe(mostQuestions);
});
