/** A unit's telephone in virtual time: one line to the exchange, one call at a time. */
import type { OpenPhone, Phone, PhoneOptions } from "../../firmware/ports/phone.ts";
import type { SpeechMode } from "../../firmware/ports/voice.ts";
import type { EventQueue } from "../core/event-queue.ts";
import type { Note } from "./notes.ts";
import type { Call, Exchange, Party, Side } from "./phone-exchange.ts";

export interface PhonePartOptions {
  readonly queue: EventQueue;
  readonly exchange: Exchange;
  readonly note: Note;
  readonly number: string;
}

export class PhonePart {
  readonly open: OpenPhone;
  private readonly options: PhonePartOptions;
  private port: PhoneOptions | undefined;
  private call: Call | undefined;
  private party: Party;

  constructor(options: PhonePartOptions) {
    this.options = options;
    this.port = undefined;
    this.call = undefined;
    this.party = "caller";
    this.open = (port) => this.opened(port);
    options.exchange.connect(options.number, { ring: (from, call) => this.ring(from, call) });
  }

  /** The network loses the call. */
  drop(): void {
    this.call?.drop();
  }

  private opened(port: PhoneOptions): Phone {
    const { note } = this.options;
    this.port = port;
    return {
      medium: "mobile",
      dial: (number, mode) => this.dial(number, mode),
      answer: (mode) => {
        note("phone", { type: "answer", mode });
        this.call?.answer();
      },
      speak: (mode) => note("phone", { type: "speak", mode }),
      volume: (step) => note("phone", { type: "volume", step }),
      hangUp: () => this.hangUp(),
      close: () => {
        this.hangUp();
        this.port = undefined;
      },
    };
  }

  private dial(number: string, mode: SpeechMode): void {
    if (this.call !== undefined) throw new Error(`phone: ${number} dialled into another call`);
    this.options.note("phone", { type: "dial", number, mode });
    this.party = "caller";
    const call: Call = this.options.exchange.call(
      this.options.number,
      number,
      this.side(() => call),
    );
    this.call = call;
  }

  private ring(from: string, call: Call): Side | undefined {
    const port = this.port;
    if (this.call !== undefined || port === undefined) return undefined;
    this.options.note("phone", { type: "ring", from });
    this.call = call;
    this.party = "callee";
    this.options.queue.after(0, () => {
      if (this.call === call) port.onIncoming(from);
    });
    return this.side(() => call);
  }

  private hangUp(): void {
    const call = this.call;
    if (call === undefined) return;
    this.options.note("phone", { type: "hang-up" });
    this.call = undefined;
    call.hangUp(this.party);
  }

  /** News of a call that the unit has left is for nobody. */
  private side(own: () => Call): Side {
    const ifOwn = (tell: (port: PhoneOptions) => void): void => {
      if (this.call === own() && this.port !== undefined) tell(this.port);
    };
    return {
      onAnswered: () => ifOwn((port) => port.onAnswered()),
      onKey: (key) => ifOwn((port) => port.onKey(key)),
      onEnded: (reason) =>
        ifOwn((port) => {
          this.call = undefined;
          this.options.note("phone", { type: "ended", reason });
          port.onEnded(reason);
        }),
    };
  }
}
