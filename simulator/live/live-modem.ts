/** A modem's stand-in in real time: its line is a Serial port, its network real sockets, its telephone and texts stay in here. */
import { randomInt } from "node:crypto";
import type { OpenSerial, Serial } from "../../firmware/ports/serial.ts";
import type { SmsDeliver, SmsSubmit } from "../../protocol/at/sms-pdu.ts";
import { SimClock } from "../core/sim-clock.ts";
import { Exchange } from "../house/phone-exchange.ts";
import { SmsCentre } from "../network/sms-centre.ts";
import { ModemPeer } from "../peers/modem.ts";
import type { CallVendor } from "../peers/modem-call-news.ts";
import { ModemCalls } from "../peers/modem-calls.ts";
import { plantFault } from "../peers/modem-fault-words.ts";
import type { ModemFile } from "../peers/modem-files.ts";
import { IdentityPart } from "../peers/modem-identity.ts";
import type { Span } from "../peers/modem-line.ts";
import { MessagesPart } from "../peers/modem-messages.ts";
import type { ModemPeerOptions } from "../peers/modem-options.ts";
import { LiveBearer } from "./live-bearer.ts";
import { LiveTime } from "./live-time.ts";

/** Times are real ms since the start. */
export type ModemNews =
  /** A line without its end; raw data as it comes. */
  | { readonly type: "heard" | "said"; readonly t: number; readonly text: string }
  /** A text message that the modem has sent. */
  | { readonly type: "text"; readonly t: number; readonly to: string; readonly text: string }
  /** Something of an address that is not allowed was dropped. */
  | { readonly type: "dropped"; readonly t: number; readonly host: string }
  | { readonly type: "port-refused"; readonly t: number; readonly port: number; readonly code: string };

export interface LiveModemOptions {
  readonly vendor: CallVendor;
  readonly model: string;
  /** The modem's end of its line. */
  readonly openLine: OpenSerial;
  /** Own address of its data. */
  readonly address: string;
  /** Addresses and names beyond loopback that may be used. */
  readonly allow: readonly string[];
  /** Authorities in PEM. */
  readonly authorities: readonly string[];
  readonly files: readonly ModemFile[];
  /** The SIM's own, with its country's. */
  readonly number: string;
  /** "" where the SIM asks for none. */
  readonly pin: string;
  /** Places of each of its message memories. */
  readonly places: number;
  readonly onNews: (news: ModemNews) => void;
  /** How long it takes for what it does; as a real one unless said. */
  readonly pace?: Pick<ModemPeerOptions, "answerMs" | "bootMs" | "searchMs"> & { readonly textMs?: Span };
}

const baud = 115_200;
const iccid = "89460110000000000017";
/** Numbers that were sent a text; whoever has them takes everything. */
const mailboxLimit = 1_000;
const anyMinutes = 60;

export class LiveModem {
  readonly peer: ModemPeer;
  private readonly options: LiveModemOptions;
  private readonly time: LiveTime;
  private readonly bearer: LiveBearer;
  private readonly centre: SmsCentre;
  private readonly exchange: Exchange;
  private readonly serial: Serial;
  private readonly mailboxes: Set<string>;

  /** It has power from now on. */
  constructor(options: LiveModemOptions) {
    this.options = options;
    this.time = new LiveTime();
    this.mailboxes = new Set([options.number]);
    const clock = new SimClock(this.time.queue);
    const host = {
      nowMs: () => clock.nowMs(),
      after: (delayMs: number, callback: () => void) => clock.after(delayMs, callback),
      below: (n: number) => randomInt(n),
    };
    this.bearer = new LiveBearer({
      address: options.address,
      allow: options.allow,
      authorities: options.authorities,
      enter: (run) => this.time.enter(run),
      onDropped: (host) => options.onNews({ type: "dropped", t: this.nowMs(), host }),
      onRefusedPort: (port, code) => options.onNews({ type: "port-refused", t: this.nowMs(), port, code }),
    });
    this.exchange = new Exchange(clock);
    const { number, vendor, model } = options;
    const { textMs, ...pace } = options.pace ?? {};
    const centre = textMs === undefined ? {} : { delayMs: textMs };
    const texts = textMs === undefined ? {} : { sendMs: textMs };
    this.centre = new SmsCentre(host, { startWallMs: Date.now(), ...centre });
    const parts = [
      (modem: ModemPeer) => new ModemCalls(modem, { exchange: this.exchange, number, vendor }),
      (modem: ModemPeer) =>
        new MessagesPart(modem, { number, centre: this.openCentre(), places: options.places, ...texts }),
      (modem: ModemPeer) => new IdentityPart(modem, { model, number, iccid: () => iccid }),
    ];
    this.peer = new ModemPeer(
      host,
      { bearer: this.bearer, model, pin: options.pin, files: options.files, parts, powered: false, ...pace },
      (bytes) => this.say(bytes),
    );
    this.serial = options.openLine({ baud, onReadable: () => this.hear() });
    this.time.enter(() => this.peer.power(true));
  }

  nowMs(): number {
    return this.time.nowMs();
  }

  /** Plants a fault by its line; answers what is wrong with the line, undefined where nothing is. */
  plant(line: string): string | undefined {
    let wrong: string | undefined;
    this.time.enter(() => {
      wrong = plantFault(line, this.peer, this.bearer);
    });
    return wrong;
  }

  /** Somebody sends the modem's number a text. */
  text(from: string, text: string): void {
    const { number } = this.options;
    const submit: SmsSubmit = {
      kind: "submit",
      center: "",
      to: number,
      reference: 0,
      validMinutes: anyMinutes,
      reportWanted: false,
      text,
      part: undefined,
    };
    this.time.enter(() => this.centre.take(from, submit));
  }

  /** Somebody calls the modem's number, talks as long as he is let, and says nothing. */
  ring(from: string): void {
    const side = { onAnswered: () => {}, onEnded: () => {}, onKey: () => {} };
    this.time.enter(() => this.exchange.call(from, this.options.number, side));
  }

  /** Its power is cut. */
  close(): void {
    this.time.enter(() => this.peer.power(false));
    this.time.stop();
    this.bearer.close();
    this.serial.close();
  }

  /** Every number is somebody's: what is sent to it is told. */
  private openCentre(): SmsCentre {
    const { centre } = this;
    const take = (from: string, submit: SmsSubmit): number => {
      if (!this.mailboxes.has(submit.to) && this.mailboxes.size < mailboxLimit) {
        this.mailboxes.add(submit.to);
        centre.attach(submit.to, { deliver: (message) => this.tellText(submit.to, message) });
      }
      return centre.take(from, submit);
    };
    return Object.assign(Object.create(centre) as SmsCentre, { take });
  }

  private tellText(to: string, message: SmsDeliver): boolean {
    this.options.onNews({ type: "text", t: this.nowMs(), to, text: message.text });
    return true;
  }

  private hear(): void {
    for (let bytes = this.serial.read(); bytes !== undefined; bytes = this.serial.read()) {
      const heard = bytes;
      this.tell("heard", heard);
      this.time.enter(() => this.peer.receive(heard));
    }
  }

  private say(bytes: Uint8Array): void {
    this.tell("said", bytes);
    this.serial.write(bytes);
  }

  private tell(type: "heard" | "said", bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    for (const line of text.split(/[\r\n]+/)) {
      if (line !== "") this.options.onNews({ type, t: this.nowMs(), text: line });
    }
  }
}
