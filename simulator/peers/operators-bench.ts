/** Units with telephones around a receiver with operators, in virtual time, for tests. */
import { TestRoute } from "../../firmware/sip/call-test-bench.ts";
import { SipPhone } from "../../firmware/sip/sip-phone.ts";
import { encodeSip, viewSip } from "../../protocol/sip/message.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { MediaNet, MediaPart } from "../house/media-part.ts";
import type { VoiceMode } from "./operator-modes.ts";
import type { OperatorsOptions } from "./operators.ts";
import { Receiver } from "./receiver.ts";
import { alarm, cid, okTo, ReceiverBench } from "./receiver-bench.ts";
import type { CallNews } from "./receiver-events.ts";
import type { ReceiverHost, ReceiverOptions } from "./receiver-options.ts";

const receiverAt = { host: "203.0.113.9", port: 5060 };
export const centre = "sip:mottagning@larm.example.net";
const wayMs = 20;

/** A unit's telephone, and what it saw. */
export class Home {
  readonly phone: SipPhone;
  readonly at: { readonly host: string; readonly port: number };
  readonly events: string[];
  /** Whether it takes calls. */
  takes: boolean;
  readonly sound: MediaPart;
  private readonly route: TestRoute;

  constructor(bench: OperatorsBench, number: number) {
    this.at = { host: `198.51.100.${number}`, port: 5060 };
    this.events = [];
    this.takes = true;
    this.sound = new MediaPart({ queue: bench.queue, note: () => {}, net: bench.net, host: this.at.host });
    const uri = `sip:${cid}${number}@larm.example.net`;
    this.route = new TestRoute(uri, this.at, "udp", (bytes) => bench.toReceiver(bytes, this));
    this.route.hop = () => ({ to: receiverAt, transport: "udp", receiver: 0 });
    const clock = { nowMs: () => bench.queue.nowMs, after: bench.host.after };
    const random = (into: Uint8Array): void => {
      for (let i = 0; i < into.length; i++) into[i] = bench.host.below(256);
    };
    this.phone = new SipPhone(
      { clock, random, route: this.route, openMedia: this.sound.open },
      {
        onIncoming: (from) => {
          this.events.push(`incoming ${from}`);
          if (this.takes) this.phone.answer("duplex");
        },
        onAnswered: () => this.events.push("answered"),
        onEnded: (reason) => this.events.push(`ended ${reason}`),
        onKey: (key) => {
          this.events.push(`key ${key}`);
          if (key === "0") this.phone.hangUp(); // as the unit does (SS 91100 7)
        },
      },
    );
  }

  hear(bytes: Uint8Array, bench: OperatorsBench): void {
    const message = viewSip(bytes);
    if (message.ok && message.value.kind === "request" && message.value.method === "MESSAGE")
      bench.toReceiver(encodeSip(okTo(message.value)), this);
    else this.route.hear(bytes.slice(), receiverAt);
  }

  dial(): void {
    this.phone.dial(centre, "duplex");
  }
}

export class OperatorsBench {
  readonly queue: EventQueue;
  readonly net: MediaNet;
  readonly host: ReceiverHost;
  readonly receiver: Receiver;
  readonly homes: Home[];
  readonly news: CallNews[];
  readonly statuses: number[];
  private readonly writer: ReceiverBench;

  constructor(mode: VoiceMode, more: Partial<OperatorsOptions> = {}, options: Partial<ReceiverOptions> = {}) {
    const chance = new Stream(1, "operators bench", 0);
    this.queue = new EventQueue();
    this.net = new MediaNet();
    this.homes = [];
    this.news = [];
    this.statuses = [];
    this.writer = new ReceiverBench();
    this.host = {
      nowMs: () => this.queue.nowMs,
      wallMs: () => this.queue.nowMs,
      after: (delayMs, callback) => {
        const handle = this.queue.after(delayMs, callback);
        return { cancel: () => this.queue.cancel(handle) };
      },
      below: (n) => chance.below(n),
      send: (bytes, to) => this.toHome(bytes, to.host),
    };
    const sound = new MediaPart({ queue: this.queue, note: () => {}, net: this.net, host: receiverAt.host });
    const onCall = (news: CallNews): void => {
      this.news.push(news);
    };
    this.receiver = new Receiver(this.host, {
      name: "main",
      address: receiverAt,
      mode: "normal",
      latencyMs: { least: 100, most: 100 },
      onEvent: () => {},
      operators: { count: 1, mode, openMedia: sound.open, onCall, ...more },
      ...options,
    });
  }

  home(): Home {
    const home = new Home(this, this.homes.length + 1);
    this.homes.push(home);
    return home;
  }

  /** The home's alarm, under its own account. */
  alarm(home: Home, changes: Record<string, string> = {}): void {
    const number = this.homes.indexOf(home) + 1;
    const from = `<sip:${cid}${number}@larm.example.net>;tag=k3v9`;
    const bytes = this.writer.message(alarm(`A${this.queue.nowMs}`, { cid: `${cid}${number}`, ...changes }), {
      From: from,
    });
    this.toReceiver(bytes, home);
  }

  toReceiver(bytes: Uint8Array, from: Home): void {
    const kept = bytes.slice();
    this.queue.after(wayMs, () => this.receiver.receive(kept, from.at, "udp"));
  }

  run(forMs: number): void {
    this.queue.runUntil(this.queue.nowMs + forMs);
  }

  get told(): readonly string[] {
    return this.news.map(({ what, operator, key, why }) =>
      [what, operator, key, why].filter((part) => part !== undefined).join(" "),
    );
  }

  private toHome(bytes: Uint8Array, host: string): void {
    const message = viewSip(bytes);
    if (message.ok && message.value.kind === "response") this.statuses.push(message.value.status);
    const kept = bytes.slice();
    this.queue.after(wayMs, () => this.homes.find(({ at }) => at.host === host)?.hear(kept, this));
  }
}
