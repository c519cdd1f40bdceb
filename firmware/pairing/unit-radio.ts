/** The unit's end of the radio: opens frames, tells its owner of presses, and answers only what the owner has made safe (radio 2, 4, 5). */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import type { Frame } from "../../protocol/radio/frame.ts";
import { decodeHeader, frameLimit, isFromUnit, openFrame, sealFrame } from "../../protocol/radio/frame.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { OpenRadio, Radio, RadioPacket } from "../ports/radio.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { Records } from "../radio-counters.ts";
import { blockLength, RadioCounters } from "../radio-counters.ts";
import { AirtimeLedger } from "../radio-ledger.ts";
import { bondHeardKind, unitCountersKind } from "../storage/record-kinds.ts";
import type { Answer, AnswerRank } from "./answer-queue.ts";
import { AnswerQueue } from "./answer-queue.ts";
import type { Bond, BondMemory } from "./bonds.ts";
import { bondLimit, judge, noMemory, withStep } from "./bonds.ts";
import type { UnitRadioEvent } from "./unit-radio-event.ts";

export interface UnitRadioOptions {
  readonly openRadio: OpenRadio;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** The journal, or what stands for it. */
  readonly records: Records;
  /** At most 32; the index is the bond's place for ever. */
  readonly bonds: readonly (Bond | undefined)[];
  readonly onEvent: (event: UnitRadioEvent) => void;
}

/** Frames that raised nothing: of unknown devices, changed or under a wrong key, or heard before. */
export interface UnitRadioCounters {
  readonly foreign: number;
  readonly forged: number;
  readonly replayed: number;
}

interface Place {
  readonly bond: Bond;
  readonly cipher: BlockCipher;
  /** Tells this address under this key from any other, without telling the key. */
  readonly check: number;
  memory: BondMemory;
  /** When the newest frame of this life ended, and what kind of answer it waits for. */
  heardAtMs: number | undefined;
  rank: AnswerRank;
  revokedToldAtMs: number | undefined;
}

/** A button needs this long from sending to hearing, and hears for this long. */
const turnMs = 20;
const hearsMs = 400;
const answerAirMs = Math.floor((airTimeUs(frameLimit) + 999) / 1000);
const dayMs = 86_400_000;

export class UnitRadio {
  private readonly clock: Clock;
  private readonly secrets: Secrets;
  private readonly records: Records;
  private readonly onEvent: (event: UnitRadioEvent) => void;
  private readonly places: (Place | undefined)[];
  private readonly own: RadioCounters;
  private readonly ledger: AirtimeLedger;
  private readonly queue: AnswerQueue;
  private readonly radio: Radio;
  private timer: Timer | undefined;
  private sendingUntilMs: number;
  private foreign: number;
  private forged: number;
  private replayed: number;

  constructor(options: UnitRadioOptions) {
    this.clock = options.clock;
    this.secrets = options.secrets;
    this.records = options.records;
    this.onEvent = options.onEvent;
    this.places = [];
    this.own = new RadioCounters(options.records, unitCountersKind);
    this.ledger = new AirtimeLedger();
    this.queue = new AnswerQueue();
    this.timer = undefined;
    this.sendingUntilMs = 0;
    this.foreign = 0;
    this.forged = 0;
    this.replayed = 0;
    for (let i = 0; i < options.bonds.length; i++) this.setBond(i, options.bonds[i]);
    // What an earlier life sent within this hour is not known; one block of counters is the likely most.
    if (this.own.usedBefore) this.ledger.book(this.clock.nowMs(), blockLength * airTimeUs(frameLimit));
    this.radio = options.openRadio({ onReadable: () => this.drain() });
    this.radio.listen(-1);
  }

  /** Puts a bond into a place, or empties it. The same address under the same key goes on with its counters. Throws beyond 32 places. */
  setBond(place: number, bond: Bond | undefined): void {
    if (place < 0 || place >= bondLimit) throw new Error("radio: no such place in the table of bonds");
    while (this.places.length <= place) this.places.push(undefined);
    if (bond === undefined) {
      this.places[place] = undefined;
      return;
    }
    const cipher = this.secrets.aes(bond.key);
    const check = checkOf(cipher, bond.address);
    const before = this.places[place];
    this.places[place] = {
      bond,
      cipher,
      check,
      memory: before !== undefined && before.check === check ? before.memory : this.recall(place, check),
      heardAtMs: undefined,
      rank: 0,
      revokedToldAtMs: undefined,
    };
  }

  /** After a restart: what the alarm's own record says of this bond. `step` absent: received. */
  restore(place: number, counter: number, name: number, step?: AlarmStep): void {
    const at = this.places[place];
    if (at === undefined || name < at.memory.name) return;
    at.memory = remembered(Math.max(counter, at.memory.counter), name, step ?? "received");
  }

  /** The alarm of this press is safe: say so while the button listens, and again to each further frame of this press. */
  acknowledge(place: number, name: number, step: AlarmStep): void {
    const at = this.places[place];
    if (at === undefined) return;
    at.memory = withStep(at.memory, name, step);
    this.answer(place, at, "acknowledge", name, step);
    if (at.memory.name === name) this.keep(place, at);
  }

  /** Answers a status request; without a listening button it only sets what further frames of this press are told. */
  status(place: number, name: number, step: AlarmStep): void {
    const at = this.places[place];
    if (at === undefined) return;
    at.memory = withStep(at.memory, name, step);
    this.answer(place, at, "status", name, step);
  }

  counters(): UnitRadioCounters {
    return { foreign: this.foreign, forged: this.forged, replayed: this.replayed };
  }

  /** When this bond was last heard in this life; any proven frame is a sign of life. */
  lastHeardMs(place: number): number | undefined {
    const at = this.places[place];
    return at === undefined ? undefined : at.heardAtMs;
  }

  close(): void {
    this.radio.close();
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
  }

  private drain(): void {
    for (let packet = this.radio.read(); packet !== undefined; packet = this.radio.read()) this.hear(packet);
  }

  private hear(packet: RadioPacket): void {
    const header = decodeHeader(packet.bytes);
    const place = header.ok && !isFromUnit(header.value.code) ? this.placeOf(header.value.address) : -1;
    const at = this.places[place];
    if (at === undefined) {
      this.foreign++;
      return;
    }
    const frame = openFrame(at.cipher, packet.bytes);
    if (!frame.ok) {
      this.forged++;
      return;
    }
    const nowMs = this.clock.nowMs();
    const judgement = judge(at.memory, frame.value, nowMs);
    if (judgement.verdict === "replayed") {
      this.replayed++;
      return;
    }
    at.memory = judgement.memory;
    at.heardAtMs = nowMs;
    if (at.bond.revoked) {
      this.tellRevoked(place, at, nowMs, packet.rssiDbm);
      return;
    }
    at.rank =
      judgement.verdict === "copy"
        ? 3
        : judgement.verdict === "report"
          ? 2
          : judgement.verdict === "status-asked"
            ? 1
            : 0;
    if (judgement.verdict === "press-again" || judgement.verdict === "copy") this.repeat(place, at);
    else this.tell(place, at, frame.value, packet.rssiDbm);
  }

  private repeat(place: number, at: Place): void {
    const step = at.memory.step;
    if (step !== undefined) this.answer(place, at, "acknowledge", at.memory.name, step);
  }

  private tell(place: number, at: Place, frame: Frame, rssiDbm: number): void {
    const message = frame.message;
    if (message.type === "press") {
      const press = message.press;
      this.onEvent({
        type: "press-heard",
        bond: place,
        name: at.memory.name,
        counter: frame.counter,
        presses: press.presses,
        ageS: press.ageS,
        reason: press.reason,
        batteryMv: press.batteryMv,
        low: press.low,
        form: press.form,
        rssiDbm,
      });
    }
    if (message.type === "status-request") {
      const asked = message.request;
      this.onEvent({
        type: "status-asked",
        bond: place,
        name: asked.name,
        batteryMv: asked.batteryMv,
        low: asked.low,
        form: asked.form,
        rssiDbm,
      });
    }
    if (message.type === "report") {
      const report = message.report;
      this.answer(place, at, "acknowledge", frame.counter, "received");
      this.keep(place, at);
      this.onEvent({
        type: "report-heard",
        bond: place,
        kind: report.kind,
        batteryMv: report.batteryMv,
        low: report.low,
        form: report.form,
        temperatureC: report.temperatureC,
        versionMajor: report.versionMajor,
        versionMinor: report.versionMinor,
        pressCount: report.pressCount,
        rssiDbm,
      });
    }
  }

  private tellRevoked(place: number, at: Place, nowMs: number, rssiDbm: number): void {
    if (at.revokedToldAtMs !== undefined && nowMs - at.revokedToldAtMs < dayMs) return;
    at.revokedToldAtMs = nowMs;
    this.onEvent({ type: "revoked-heard", bond: place, rssiDbm });
  }

  /** Nothing is sent to a button that does not listen: its next copy or request gets the answer. */
  private answer(place: number, at: Place, type: Answer["type"], name: number, step: AlarmStep): void {
    const heardAtMs = at.heardAtMs;
    const untilMs = heardAtMs === undefined ? 0 : heardAtMs + hearsMs - answerAirMs;
    if (heardAtMs === undefined || this.clock.nowMs() > untilMs) return;
    this.queue.put({ bond: place, rank: at.rank, type, name, step, fromMs: heardAtMs + turnMs, untilMs });
    this.pump();
  }

  /** One answer at a time, so that a more urgent one never waits behind more than the one on the air. */
  private pump(): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
    const nowMs = this.clock.nowMs();
    if (nowMs >= this.sendingUntilMs) {
      const answer = this.queue.take(nowMs, this.ledger.room(nowMs, airTimeUs(frameLimit)));
      if (answer !== undefined) this.transmit(answer, nowMs);
    }
    const fromMs = this.queue.nextFromMs();
    if (fromMs === undefined) return;
    this.timer = this.clock.after(Math.max(1, Math.max(fromMs, this.sendingUntilMs) - nowMs), () => this.pump());
  }

  private transmit(answer: Answer, nowMs: number): void {
    const at = this.places[answer.bond];
    if (at === undefined || this.own.peek() === 0) return;
    const said = { name: answer.name, step: answer.step };
    const bytes = sealFrame(
      at.cipher,
      at.bond.address,
      this.own.take(),
      answer.type === "status" ? { type: "status", status: said } : { type: "acknowledge", acknowledge: said },
    );
    const airUs = airTimeUs(bytes.length);
    this.ledger.book(nowMs, airUs);
    this.sendingUntilMs = nowMs + Math.floor((airUs + 999) / 1000);
    this.radio.send(bytes);
  }

  private placeOf(address: number): number {
    for (let i = 0; i < this.places.length; i++) {
      const at = this.places[i];
      if (at !== undefined && at.bond.address === address) return i;
    }
    return -1;
  }

  /** A button that was paired anew has a new key and may count from 1 again, so the record of its former key does not count. */
  private recall(place: number, check: number): BondMemory {
    const stored = this.records.read(bondHeardKind, place);
    if (stored === undefined || stored.length !== 12) return noMemory;
    const from = new Reader(stored, 0, stored.length);
    if (from.u32() !== check) return noMemory;
    const counter = from.u32();
    return remembered(counter, from.u32(), "received");
  }

  private keep(place: number, at: Place): void {
    const bytes = new Uint8Array(12);
    const to = new Writer(bytes);
    to.u32(at.check);
    to.u32(at.memory.counter);
    to.u32(at.memory.name);
    this.records.write(bondHeardKind, place, bytes);
  }
}

function remembered(counter: number, name: number, step: AlarmStep): BondMemory {
  return { counter, name, pressCounter: 0, presses: 0, step, pressHeardAtMs: 0, repeats: 0 };
}

/** The block begins with a zero, unlike the counter blocks of CCM under this key, so that it gives nothing of them away. */
function checkOf(cipher: BlockCipher, address: number): number {
  const block = new Uint8Array(16);
  const to = new Writer(block);
  to.u8(0);
  to.u32(address);
  cipher(block);
  return new Reader(block, 0, 4).u32();
}
