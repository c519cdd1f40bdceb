/** The department on ports in a test's hands; whole updates are in `simulator/update`. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { headerBytes, type ImageHeader } from "../../protocol/update/image-header.ts";
import type { Slots } from "../ports/slots.ts";
import type { StreamOptions } from "../ports/stream.ts";
import { Bench, minuteMs } from "../power/test-bench.ts";
import { keepUpdate, keptUpdate } from "./update-record.ts";
import { updateDefaults } from "./update-settings.ts";
import { nothingKept } from "./update-state.ts";
import { Updater } from "./updater.ts";

const image = new Uint8Array(1_500).map((_, i) => i & 255);
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const key = Uint8Array.from(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
const header: ImageHeader = {
  board: "test-board",
  leastRevision: 0,
  mostRevision: 9,
  region: "eu",
  version: 0x01010000,
  leastVersion: 0,
  length: image.length,
  sha256: Uint8Array.from(createHash("sha256").update(image).digest()),
  keyId: 7,
};
const bytes = headerBytes(header);
const offer = Buffer.concat([bytes, sign(null, bytes, privateKey)]);

class Hands {
  readonly bench = new Bench();
  readonly asked: string[] = [];
  readonly slot = new Uint8Array(4_096);
  readonly restarts: string[] = [];
  readonly calls: string[] = [];
  connections = 0;
  closed = 0;
  journalFails = false;
  isNative = false;
  /** What is answered to a request; undefined: nothing. */
  answer: (request: string) => Buffer | undefined = (request) => this.serve(request);
  options: StreamOptions | undefined;
  updater: Updater | undefined;

  start(): Updater {
    const context = this.bench.context;
    const journal = context.records;
    const records = Object.create(journal, {
      write: {
        value: (kind: number, at: number, given: Uint8Array) => !this.journalFails && journal.write(kind, at, given),
      },
    }) as typeof journal;
    const slots: Slots = {
      pageSize: 1_024,
      pageCount: 4,
      stage: "settled",
      write: (page, given) => {
        this.slot.set(given, page * 1_024);
        return true;
      },
      read: (at, into) => into.set(this.slot.subarray(at, at + into.length)),
      sha256: this.isNative
        ? (length) => Uint8Array.from(createHash("sha256").update(this.slot.subarray(0, length)).digest())
        : undefined,
      tryNext: () => this.called("try-next"),
      confirm: () => this.called("confirm"),
      goBack: () => this.called("go-back"),
    };
    this.updater = new Updater({
      context: { ...context, records },
      settings: { ...updateDefaults, mode: "on", host: "release.example", askEveryMs: 3_600_000 },
      port: {
        identity: { board: "test-board", revision: 1, region: "eu", version: 0x01000000 },
        keys: [{ id: 7, key }],
        slots,
      },
      starts: { restart: (cause) => this.restarts.push(cause) },
      unit: "46123",
      isIll: false,
      openStream: () => (options) => this.connect(options),
      checkNow: undefined,
      faults: () => ["radio-deaf", "battery-worn"],
      isWeak: () => false,
      log: () => {},
    });
    return this.updater;
  }

  /** Minute by minute, with a receiver that accepts something in each. */
  pass(minutes: number): void {
    for (let i = 0; i < minutes; i++) {
      this.bench.pass(minuteMs);
      this.updater?.accepted();
    }
  }

  private called(what: string): boolean {
    this.calls.push(what);
    return true;
  }

  private connect(options: StreamOptions): {
    write: (given: Uint8Array) => void;
    read: () => Uint8Array | undefined;
    close: () => void;
  } {
    this.connections++;
    this.options = options;
    const inbox: Uint8Array[] = [];
    const clock = this.bench.clock;
    clock.after(1, () => options.onReady({ host: "10.0.0.1", port: 1 }, "checked"));
    return {
      write: (given) => {
        const request = Buffer.from(given).toString("latin1");
        this.asked.push(request.split(" HTTP", 1)[0] as string);
        clock.after(1, () => {
          const answer = this.answer(request);
          if (answer === undefined) return;
          // In two pieces, as a network may cut it.
          for (const piece of [answer.subarray(0, 30), answer.subarray(30)]) {
            inbox.push(Uint8Array.from(piece));
            options.onReadable(piece.length);
          }
        });
      },
      read: () => inbox.shift(),
      close: () => {
        this.closed++;
      },
    };
  }

  private serve(request: string): Buffer {
    if (request.startsWith("GET /v1/offer?"))
      return Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 140\r\n\r\n"), offer]);
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request) as RegExpExecArray;
    const part = image.subarray(Number(from), Number(to) + 1);
    return Buffer.concat([
      Buffer.from(
        `HTTP/1.1 206 P\r\nContent-Range: bytes ${from}-${to}/1500\r\nContent-Length: ${part.length}\r\n\r\n`,
      ),
      part,
    ]);
  }
}

test("a unit asks, loads, checks and asks again over TLS, with its name for the certificate, and starts the image once", () => {
  const hands = new Hands();
  hands.start();
  hands.pass(20);
  const name = createHash("sha256").update(image).digest("hex");
  const question = "GET /v1/offer?unit=46123&board=test-board&revision=1&region=eu&version=1.0.0&stage=";
  expect(hands.asked).toEqual([
    `${question}none`,
    `GET /v1/image/${name}`,
    `GET /v1/image/${name}`,
    `${question}loaded`,
  ]);
  expect(hands.options).toMatchObject({ to: { host: "release.example", port: 443 }, serverName: "release.example" });
  expect(hands.calls).toEqual(["try-next"]);
  expect(hands.restarts).toEqual(["update"]);
  expect(hands.slot.subarray(0, 1_500)).toEqual(image);
  expect(keptUpdate(hands.bench.context.records)).toMatchObject({
    stage: "armed",
    attempts: 1,
    faultsBefore: (1 << 4) | (1 << 7),
  });
});

test("where the engine brings a digest of its own, it is used, and a wrong image is found by it as well", () => {
  const hands = new Hands();
  hands.isNative = true;
  hands.start();
  hands.pass(20);
  expect(hands.restarts).toEqual(["update"]);
  const other = new Hands();
  other.isNative = true;
  other.start();
  const answer = other.answer;
  other.answer = (request) => {
    const good = answer(request);
    if (request.includes("/image/") && good !== undefined) good[good.length - 1] = 99;
    return good;
  };
  other.pass(20);
  expect([other.restarts, other.bench.raised.at(-1)?.stt]).toEqual([[], "taken back 1.1.0: image"]);
});

test("what the journal does not take is neither loaded nor started", () => {
  const hands = new Hands();
  hands.start();
  hands.journalFails = true;
  hands.pass(60);
  expect(hands.asked.filter((request) => request.includes("/image/"))).toEqual([]);
  const loaded = new Hands();
  keepUpdate(loaded.bench.context.records, { ...nothingKept, stage: "loaded", header, offset: 1_500 });
  loaded.start();
  loaded.journalFails = true;
  loaded.pass(60);
  expect([loaded.calls, loaded.restarts]).toEqual([[], []]);
});

test("an answer that is none costs the connection and a minute, and more than an answer may hold is not kept", () => {
  const answers: readonly Buffer[] = [
    Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 140\r\n\r\nshort, and then the line is closed"),
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc`),
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n${"x".repeat(1_025)}`),
    Buffer.from("x".repeat(5_000)),
    Buffer.from("HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: elsewhere\r\n\r\n"),
  ];
  for (const answer of answers) {
    const hands = new Hands();
    hands.answer = () => answer;
    hands.start();
    hands.pass(30);
    expect(hands.connections).toBeGreaterThan(1);
    expect(hands.connections).toBeLessThan(12);
    expect(hands.connections - hands.closed).toBeLessThanOrEqual(1);
    expect(hands.calls).toEqual([]);
  }
});

test("without a route there is a pause, and a connection that ends in the middle is opened anew", () => {
  const hands = new Hands();
  hands.answer = (request) => {
    hands.answer = () => undefined;
    const good = Buffer.from(
      request.startsWith("GET /v1/offer")
        ? Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 140\r\n\r\n"), offer])
        : "",
    );
    return good;
  };
  hands.start();
  while (!hands.asked.some((request) => request.includes("/image/"))) hands.bench.pass(100);
  hands.options?.onFault("connection-lost");
  hands.pass(5);
  expect(hands.connections).toBeGreaterThan(1);
  expect(hands.restarts).toEqual([]);
});
