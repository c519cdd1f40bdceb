/** The button's end of the radio: seals what the machines order, books its air time, and opens what the unit answers. Decides nothing. */
import type { Acknowledge, AlarmStep } from "../../protocol/radio/acknowledge.ts";
import { heardAcknowledge } from "../../protocol/radio/acknowledge.ts";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import type { BondTold } from "../../protocol/radio/bond-frame.ts";
import { heardBondOrder, keyCheck, sentBondTold } from "../../protocol/radio/bond-frame.ts";
import type { HeardType, SentType } from "../../protocol/radio/envelope.ts";
import { decodeEnvelope, frameLimit, isFromUnit, openAs, sealAs } from "../../protocol/radio/envelope.ts";
import { decodePairingHeader } from "../../protocol/radio/pairing.ts";
import { heardStatus } from "../../protocol/radio/status.ts";
import type { ButtonHost } from "../ports/host.ts";
import type { Radio } from "../ports/radio.ts";
import type { Records } from "../radio-counters.ts";
import { blockLength, RadioCounters } from "../radio-counters.ts";
import type { AirRoom } from "../radio-ledger.ts";
import { AirtimeLedger } from "../radio-ledger.ts";
import { buttonCountersKind } from "../storage/record-kinds.ts";

/** Who hears what the unit says. */
export interface ButtonEar {
  /** How far the press (or report) of this name is; proven, and not heard before. */
  beTold(name: number, step: AlarmStep): void;
  /** A frame of pairing that is not sealed (radio 7.1). */
  beSpokenTo(bytes: Uint8Array): void;
  /** The unit welcomes the key on trial, naming the button's newest frame. */
  beWelcomed(): void;
  /** The unit has taken this button out of use, naming its newest frame. */
  beRevoked(): void;
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
  private readonly ear: ButtonEar;
  /** The key that calls go out under; undefined where no unit knows this button. */
  private cipher: BlockCipher | undefined;
  /** The key of a pairing under way. */
  private trial: BlockCipher | undefined;
  private readonly counters: RadioCounters;
  private readonly ledger: AirtimeLedger;
  private readonly radio: Radio;
  /** The newest frame, whole: a copy is these bytes again. */
  private lastBytes: Uint8Array;
  private lastCounter: number;
  private heardCounter: number;
  private foreign: number;
  private forged: number;
  private replayed: number;

  constructor(host: ButtonHost, address: number, records: Records, ear: ButtonEar) {
    this.host = host;
    this.address = address;
    this.ear = ear;
    this.cipher = undefined;
    this.trial = undefined;
    this.counters = new RadioCounters(records, buttonCountersKind);
    this.ledger = new AirtimeLedger();
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

  /** Calls go out under this key from now on; undefined: none go out. */
  setKey(key: Uint8Array | undefined): void {
    this.cipher = key === undefined ? undefined : this.host.secrets.aes(key);
    this.trial = undefined;
    this.heardCounter = 0;
  }

  /** The key of a pairing under way; undefined: it is over. */
  setTrial(key: Uint8Array | undefined): void {
    this.trial = key === undefined ? undefined : this.host.secrets.aes(key);
  }

  get hasKey(): boolean {
    return this.cipher !== undefined;
  }

  /** `keyCheck` of the key that calls go out under; 0 for none. */
  keyCheck(): number {
    return this.cipher === undefined ? 0 : keyCheck(this.cipher, this.address);
  }

  /** The counter that the next new frame takes; 0 while none may be sent. */
  nextCounter(): number {
    return this.cipher === undefined ? 0 : this.counters.peek();
  }

  roomNow(nowMs: number): AirRoom {
    return this.ledger.roomFor(nowMs, longestAirUs);
  }

  /** Throws when the counter is not the one that is due: a machine that names another would seal two contents under one value. */
  sendNew<T>(type: SentType<T>, counter: number, value: T): Uint8Array {
    if (this.cipher === undefined) throw new Error("button: a frame without a key");
    return this.put(counter, sealAs(type, this.cipher, this.address, counter, value));
  }

  /** Tells of the bond, under the key on trial for `joining`, under the button's own else. False while no counter may be used. */
  tellBond(told: BondTold): boolean {
    const cipher = told.phase === "joining" ? this.trial : this.cipher;
    const counter = this.counters.peek();
    if (cipher === undefined || counter === 0) return false;
    this.put(counter, sealAs(sentBondTold, cipher, this.address, counter, told));
    return true;
  }

  /** The very bytes of a frame that was sent before. */
  sendAgain(bytes: Uint8Array): void {
    this.lastBytes = bytes;
    this.ledger.book(this.host.clock.nowMs(), airTimeUs(bytes.length));
    this.radio.send(bytes);
  }

  /** Hears until 400 ms after the end of the newest frame. */
  listenForAnswer(): void {
    this.radio.listen(Math.floor((airTimeUs(this.lastBytes.length) + 999) / 1000) + listenMs);
  }

  refused(): RefusedFrames {
    return { foreign: this.foreign, forged: this.forged, replayed: this.replayed };
  }

  close(): void {
    this.radio.close();
  }

  private put(counter: number, bytes: Uint8Array): Uint8Array {
    if (this.counters.take() !== counter) throw new Error("button: a frame out of turn");
    this.lastCounter = counter;
    this.sendAgain(bytes);
    return bytes;
  }

  private drain(): void {
    for (let packet = this.radio.read(); packet !== undefined; packet = this.radio.read()) this.hear(packet.bytes);
  }

  private hear(bytes: Uint8Array): void {
    if (decodePairingHeader(bytes).ok) {
      this.ear.beSpokenTo(bytes);
      return;
    }
    const header = decodeEnvelope(bytes);
    if (!header.ok || header.value.address !== this.address || !isFromUnit(header.value.code)) {
      this.foreign++;
      return;
    }
    const code = header.value.code;
    if (code === heardBondOrder.code) this.hearOrder(bytes);
    else this.hearAnswer(code === heardStatus.code ? heardStatus : heardAcknowledge, bytes);
  }

  private hearAnswer(type: HeardType<Acknowledge>, bytes: Uint8Array): void {
    const frame = this.cipher === undefined ? undefined : openAs(type, this.cipher, bytes);
    if (frame === undefined || !frame.ok) {
      this.forged++;
      return;
    }
    const told = frame.value.value;
    if (this.isNewer(frame.value.counter)) this.ear.beTold(told.name, told.step);
  }

  /** An order counts only if it names the newest frame: a recorded one is worth nothing. */
  private hearOrder(bytes: Uint8Array): void {
    const welcome = this.trial === undefined ? undefined : openAs(heardBondOrder, this.trial, bytes);
    if (welcome !== undefined && welcome.ok) {
      const said = welcome.value.value;
      if (said.order === "welcome" && said.answers === this.lastCounter) this.ear.beWelcomed();
      return;
    }
    const order = this.cipher === undefined ? undefined : openAs(heardBondOrder, this.cipher, bytes);
    if (order === undefined || !order.ok) {
      this.forged++;
      return;
    }
    if (!this.isNewer(order.value.counter)) return;
    if (order.value.value.order === "revoke" && order.value.value.answers === this.lastCounter) this.ear.beRevoked();
  }

  private isNewer(counter: number): boolean {
    if (counter <= this.heardCounter) {
      this.replayed++;
      return false;
    }
    this.heardCounter = counter;
    return true;
  }
}
