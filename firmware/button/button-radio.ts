/** The button's end of the radio: seals what the machines order, books its air time, and opens what the unit answers. Decides nothing. */
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import type { Message } from "../../protocol/radio/frame.ts";
import { decodeHeader, frameLimit, isFromUnit, openFrame, sealFrame } from "../../protocol/radio/frame.ts";
import type { ButtonHost } from "../ports/host.ts";
import type { Radio } from "../ports/radio.ts";
import type { Records } from "../radio-counters.ts";
import { blockLength, RadioCounters } from "../radio-counters.ts";
import type { AirRoom } from "../radio-ledger.ts";
import { AirtimeLedger } from "../radio-ledger.ts";
import { buttonCountersKind } from "../storage/record-kinds.ts";

/** What pairing leaves behind: the button's own address and the key it shares with one unit. */
export interface ButtonBond {
  readonly address: number;
  /** 16 bytes. */
  readonly key: Uint8Array;
}

/** Frames that were not taken: of other devices, changed or under a wrong key, or heard before. */
export interface RefusedFrames {
  readonly foreign: number;
  readonly forged: number;
  readonly replayed: number;
}

/** How long a button hears after the end of each of its frames. */
export const listenMs = 400;
const longestAirUs = airTimeUs(frameLimit);

export class ButtonRadio {
  private readonly host: ButtonHost;
  private readonly address: number;
  private readonly cipher: BlockCipher;
  private readonly counters: RadioCounters;
  private readonly ledger: AirtimeLedger;
  private readonly radio: Radio;
  private readonly onTold: (name: number, step: AlarmStep) => void;
  /** The newest frame, whole: a copy is these bytes again. */
  private lastBytes: Uint8Array;
  private lastCounter: number;
  private heardCounter: number;
  private foreign: number;
  private forged: number;
  private replayed: number;

  /** `onTold`: the unit said how far the press (or report) of this name is; proven, and not heard before. */
  constructor(host: ButtonHost, bond: ButtonBond, records: Records, onTold: (name: number, step: AlarmStep) => void) {
    this.host = host;
    this.address = bond.address;
    this.cipher = host.secrets.aes(bond.key);
    this.counters = new RadioCounters(records, buttonCountersKind);
    this.ledger = new AirtimeLedger();
    this.onTold = onTold;
    this.lastBytes = new Uint8Array(0);
    this.lastCounter = 0;
    this.heardCounter = 0;
    this.foreign = 0;
    this.forged = 0;
    this.replayed = 0;
    // What an earlier life sent within this hour is not known; one block of counters is the likely most.
    if (this.counters.usedBefore) this.ledger.book(host.clock.nowMs(), blockLength * longestAirUs);
    this.radio = host.openRadio({ onReadable: () => this.drain() });
  }

  /** The counter that the next new frame takes; 0 while none may be sent. */
  nextCounter(): number {
    return this.counters.peek();
  }

  room(nowMs: number): AirRoom {
    return this.ledger.room(nowMs, longestAirUs);
  }

  /** Throws when the counter is not the one that is due: a machine that names another would seal two contents under one value. */
  send(counter: number, message: Message): void {
    if (this.counters.take() !== counter) throw new Error("button: a frame out of turn");
    this.lastBytes = sealFrame(this.cipher, this.address, counter, message);
    this.lastCounter = counter;
    this.transmit();
  }

  /** Sends the newest frame once more, if this is its counter; otherwise nothing happens and the answer is false. */
  sendAgain(counter: number): boolean {
    if (counter !== this.lastCounter) return false;
    this.transmit();
    return true;
  }

  /** Hears until 400 ms after the end of the newest frame. */
  listen(): void {
    this.radio.listen(Math.floor((airTimeUs(this.lastBytes.length) + 999) / 1000) + listenMs);
  }

  refused(): RefusedFrames {
    return { foreign: this.foreign, forged: this.forged, replayed: this.replayed };
  }

  close(): void {
    this.radio.close();
  }

  private transmit(): void {
    this.ledger.book(this.host.clock.nowMs(), airTimeUs(this.lastBytes.length));
    this.radio.send(this.lastBytes);
  }

  private drain(): void {
    for (let packet = this.radio.read(); packet !== undefined; packet = this.radio.read()) this.hear(packet.bytes);
  }

  private hear(bytes: Uint8Array): void {
    const header = decodeHeader(bytes);
    if (!header.ok || header.value.address !== this.address || !isFromUnit(header.value.code)) {
      this.foreign++;
      return;
    }
    const frame = openFrame(this.cipher, bytes);
    if (!frame.ok) {
      this.forged++;
      return;
    }
    if (frame.value.counter <= this.heardCounter) {
      this.replayed++;
      return;
    }
    this.heardCounter = frame.value.counter;
    const message = frame.value.message;
    if (message.type === "acknowledge") this.onTold(message.acknowledge.name, message.acknowledge.step);
    if (message.type === "status") this.onTold(message.status.name, message.status.step);
  }
}
