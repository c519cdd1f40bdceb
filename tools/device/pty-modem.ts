/** For tests: a modem's stand-in on a pseudo-terminal in real time, quick in its answers, with its own short-message centre. */
import { randomInt } from "node:crypto";
import type { Serial } from "../../firmware/ports/serial.ts";
import type { SmsDeliver } from "../../protocol/at/sms-pdu.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import { LiveTime } from "../../simulator/live/live-time.ts";
import { SmsCentre } from "../../simulator/network/sms-centre.ts";
import { BenchBearer } from "../../simulator/peers/bench-bearer.ts";
import { ModemPeer } from "../../simulator/peers/modem.ts";
import { IdentityPart } from "../../simulator/peers/modem-identity.ts";
import { MessagesPart } from "../../simulator/peers/modem-messages.ts";
import { openPty, type Pty } from "./pty.ts";

/** The modem's own number, and one that takes every message. */
export const ownNumber = "+46700000001";
export const farNumber = "+46701234567";
export const iccid = "89460110000000000017";

export class PtyModem {
  readonly pty: Pty;
  readonly centre: SmsCentre;
  readonly messages: MessagesPart;
  /** What has come to the far number. */
  readonly arrived: SmsDeliver[];
  /** Command lines heard, without line ends. */
  readonly heard: string[];
  private readonly time: LiveTime;
  private readonly serial: Serial;
  private readonly peer: ModemPeer;

  constructor(model: string) {
    this.pty = openPty();
    this.time = new LiveTime();
    this.arrived = [];
    this.heard = [];
    const clock = new SimClock(this.time.queue);
    const host = {
      nowMs: () => clock.nowMs(),
      after: (delayMs: number, callback: () => void) => clock.after(delayMs, callback),
      below: (n: number) => randomInt(n),
    };
    const centre = new SmsCentre(host, { delayMs: { least: 10, most: 50 }, startWallMs: Date.UTC(2026, 2, 2) });
    let messages: MessagesPart | undefined;
    const parts = [
      (modem: ModemPeer) => {
        messages = new MessagesPart(modem, { number: ownNumber, centre, sendMs: { least: 20, most: 100 } });
        return messages;
      },
      (modem: ModemPeer) => new IdentityPart(modem, { model, number: ownNumber, iccid: () => iccid }),
    ];
    const answerMs = { least: 1, most: 20 };
    const quick = { answerMs, bootMs: answerMs, searchMs: answerMs };
    this.peer = new ModemPeer(host, { bearer: new BenchBearer(), model, parts, powered: false, ...quick }, (bytes) =>
      this.serial.write(bytes),
    );
    this.centre = centre;
    this.messages = messages as MessagesPart;
    centre.attach(farNumber, { deliver: (message) => this.arrived.push(message) > 0 });
    this.serial = this.pty.openDevice({ baud: 115_200, onReadable: () => this.hear() });
    this.time.enter(() => this.peer.power(true));
  }

  /** Somebody sends the modem a text. */
  text(text: string): void {
    const to = { kind: "submit", center: "", to: ownNumber, reference: 0, validMinutes: 60 } as const;
    this.time.enter(() => this.centre.take(farNumber, { ...to, reportWanted: false, text, part: undefined }));
  }

  close(): void {
    this.time.stop();
    this.serial.close();
    this.pty.close();
  }

  private hear(): void {
    for (let bytes = this.serial.read(); bytes !== undefined; bytes = this.serial.read()) {
      const now = bytes;
      for (const line of Buffer.from(now)
        .toString("latin1")
        .split(/[\r\n]+/))
        if (line !== "") this.heard.push(line);
      this.time.enter(() => this.peer.receive(now));
    }
  }
}
