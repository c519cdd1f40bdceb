/**
 * The bench's own modem, which hears the texts and calls of the units: any GSM modem with AT commands in PDU mode, driven by
 * serialport-gsm. It answers no call; that it rang, and who called, is what a test wants to know.
 */
import { createRequire } from "node:module";
import type { BenchCall, BenchClock, BenchModem, BenchText } from "./bench.ts";
import { Happenings } from "./happenings.ts";
import { RigError } from "./rig-error.ts";

export interface GsmModemOptions {
  /** Its own, with its country's. */
  readonly number: string;
  /** Of its SIM; absent: none. */
  readonly pin?: string | undefined;
  /** Where its port is now; undefined: nowhere. */
  readonly locate: () => Promise<string | undefined>;
  readonly clock: BenchClock;
  /** How often it is asked whether it is there, half a second each. */
  readonly readyTries?: number | undefined;
}

type Done = (result: unknown, fault?: unknown) => void;

/** What is used of the package, which has no types. */
interface Client {
  on(name: string, listener: (value: never) => void): void;
  open(path: string, options: object, done: Done): void;
  close(done: Done): void;
  initializeModem(done: Done): void;
  setModemMode(done: Done, priority: boolean, timeout: number, mode: string): void;
  checkModem(done: Done, priority: boolean, timeout: number): void;
  deleteAllSimMessages(done: Done, priority: boolean, timeout: number): void;
  deleteMessage(message: unknown, done: Done): void;
  sendSMS(number: string, text: string, alert: boolean, done: (result: unknown) => void): void;
}

interface ClientText {
  readonly sender: string;
  readonly message: string;
}

const baud = 115_200;
/** A modem rings every few seconds, and tells the number each time. */
const ringMs = 7_000;
const answerMs = 15_000;
const usualTries = 20;
const readyMs = 500;
const graceMs = 200;

/** Rejects with RigError where port, package or modem is missing. */
export async function openGsmModem(options: GsmModemOptions): Promise<BenchModem & { close(): Promise<void> }> {
  const path = await options.locate();
  if (path === undefined) throw modemError("it is not plugged in", "livlina devices shows what is");
  const client = clientOf();
  const modem = new GsmModem(client, options);
  await answered("open", (done) =>
    client.open(
      path,
      {
        baudRate: baud,
        cnmiCommand: "AT+CNMI=2,1,0,2,1",
        incomingCallIndication: true,
        enableConcatenation: true,
        ...((options.pin ?? "") === "" ? {} : { pin: options.pin }),
      },
      // Of this one call the fault comes first.
      (fault, result) => done(result, fault),
    ),
  );
  try {
    await modem.start();
  } catch (thrown) {
    await modem.close();
    throw thrown;
  }
  return modem;
}

class GsmModem implements BenchModem {
  readonly number: string;
  private readonly client: Client;
  private readonly clock: BenchClock;
  private readonly readyTries: number;
  private readonly heardTexts: Happenings<BenchText>;
  private readonly heardCalls: Happenings<BenchCall>;
  private readonly rungMs: Map<string, number>;

  constructor(client: Client, { number, clock, readyTries = usualTries }: GsmModemOptions) {
    this.number = number;
    this.client = client;
    this.clock = clock;
    this.readyTries = readyTries;
    this.heardTexts = new Happenings("bench modem", clock, ({ from, text }) => `${from}: ${text}`);
    this.heardCalls = new Happenings("bench modem", clock, ({ from }) => `call of ${from}`);
    this.rungMs = new Map();
    client.on("onNewMessage", (texts: readonly ClientText[] | ClientText) => {
      for (const text of Array.isArray(texts) ? (texts as readonly ClientText[]) : [texts as ClientText])
        this.take(text);
    });
    client.on("onNewIncomingCall", ({ data }: { readonly data: { readonly number: string } }) =>
      this.ring(data.number),
    );
  }

  get texts(): readonly BenchText[] {
    return this.heardTexts.all;
  }

  get calls(): readonly BenchCall[] {
    return this.heardCalls.all;
  }

  async start(): Promise<void> {
    const { client } = this;
    await this.ready();
    await answered("initialize", (done) => client.initializeModem(done));
    await answered("PDU mode", (done) => client.setModemMode(done, false, answerMs, "PDU"));
    // What it kept is nobody's news, and fills its places. Behind it the news of texts is on too, for which the package does not wait.
    await answered("empty memory", (done) => client.deleteAllSimMessages(done, false, answerMs));
  }

  expectText(
    what: string,
    matches: (text: BenchText) => boolean,
    withinMs: number,
    sinceMs?: number,
  ): Promise<BenchText> {
    return this.heardTexts.expect(what, matches, withinMs, sinceMs);
  }

  expectCall(
    what: string,
    matches: (call: BenchCall) => boolean,
    withinMs: number,
    sinceMs?: number,
  ): Promise<BenchCall> {
    return this.heardCalls.expect(what, matches, withinMs, sinceMs);
  }

  async send(to: string, text: string): Promise<void> {
    // With a callback of one parameter the package answers before it has sent; with two when it is done.
    await answered(`text to ${to}`, (done) =>
      this.client.sendSMS(to, text, false, (result: unknown, _fault?: unknown) => done(result)),
    );
  }

  async check(): Promise<void> {
    await this.ready();
  }

  async close(): Promise<void> {
    this.heardTexts.close();
    this.heardCalls.close();
    await new Promise<void>((resolve) => this.client.close(() => resolve()));
  }

  /** A modem that was just powered says nothing for a while, and the package says nothing of that. */
  private async ready(): Promise<void> {
    for (let left = this.readyTries; left > 0; left--) {
      const isThere = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), readyMs + graceMs);
        this.client.checkModem(
          (result, fault) => {
            clearTimeout(timer);
            resolve(fault === undefined && (result as { status?: string }).status === "success");
          },
          false,
          readyMs,
        );
      });
      if (isThere) return;
    }
    throw modemError("it does not answer", "is it powered, and this its AT port?");
  }

  private take(text: ClientText): void {
    this.heardTexts.add({ from: text.sender.replace(/^(?=\d)/, "+"), text: text.message, hostMs: this.clock.nowMs() });
    // Its memory has few places; a text that stays there keeps the next one out.
    this.client.deleteMessage(text, () => {});
  }

  private ring(from: string): void {
    const now = this.clock.nowMs();
    const before = this.rungMs.get(from);
    this.rungMs.set(from, now);
    if (before === undefined || now - before > ringMs) this.heardCalls.add({ from, hostMs: now });
  }
}

function clientOf(): Client {
  try {
    return (createRequire(import.meta.url)("serialport-gsm") as { Modem(): Client }).Modem();
  } catch {
    throw modemError("serialport-gsm is not installed", "npm ci, without --omit=dev");
  }
}

/** Rejects with RigError where it is refused, or nobody answers. */
function answered(what: string, ask: (done: Done) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(modemError(`no answer to ${what} within ${answerMs / 1000} s`, "is it powered, and this its AT port?")),
      answerMs,
    );
    ask((result, fault) => {
      clearTimeout(timer);
      const status = (result as { status?: string } | undefined)?.status;
      if (fault !== undefined && fault !== null)
        reject(
          modemError(
            `${what}: ${fault instanceof Error ? fault.message : JSON.stringify(fault)}`,
            "its PIN and its port in the bench file",
          ),
        );
      else if (status !== undefined && status !== "success")
        reject(modemError(`${what} was refused: ${JSON.stringify(result)}`, "its PIN and its SIM"));
      else resolve(result);
    });
  });
}

function modemError(what: string, hint: string): RigError {
  return new RigError("modem", `bench modem: ${what}`, hint);
}
