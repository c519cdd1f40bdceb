/** The unit's end of the radio: opens frames, tells its owner of calls, and answers only what the owner has made safe (radio 2, 4, 5, 7). */
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import type { BondOrderKind } from "../../protocol/radio/bond-frame.ts";
import { bondOrderFrame } from "../../protocol/radio/bond-frame.ts";
import { sealAs } from "../../protocol/radio/envelope.ts";
import { frameLimit, sealFrame } from "../../protocol/radio/frame.ts";
import { decodePairingHeader } from "../../protocol/radio/pairing.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { OpenRadio, Radio, RadioPacket } from "../ports/radio.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { Records } from "../radio-counters.ts";
import { blockLength, RadioCounters } from "../radio-counters.ts";
import { AirtimeLedger } from "../radio-ledger.ts";
import { unitCountersKind } from "../storage/record-kinds.ts";
import type { Answer, AnswerRank } from "./answer-queue.ts";
import { AnswerQueue } from "./answer-queue.ts";
import type { Bond, Series, Verdict } from "./bonds.ts";
import { bondLimit, fallSeries, judge, newestOf, pressSeries, remembered, seriesOf, withStep } from "./bonds.ts";
import { addressOf } from "./heard-frame.ts";
import { newsOf } from "./radio-news.ts";
import type { OpenedFrame } from "./radio-place.ts";
import { RadioPlace } from "./radio-place.ts";
import type { UnitRadioEvent } from "./unit-radio-event.ts";

/** What becomes of frames that are no calls: pairing, keys on trial, signs of life, the state of the channel. */
export interface RadioKeeper {
  /** A frame of pairing that is not sealed (radio 7.1). */
  openFrameHeard(bytes: Uint8Array): void;
  /** A sealed frame of this address came; true where it belongs to a pairing under way, and nothing else is to be made of it. */
  belongsToPairing(bytes: Uint8Array): boolean;
  /** A device with two keys called under one of them: the other goes. */
  keySettled(place: number, fresh: boolean): void;
  /** Any proven frame, not heard before, of a device in use. */
  alive(place: number, rssiDbm: number): void;
  /** The channel was taken for so long up to now, by what is no frame of an own device. */
  busy(forMs: number): void;
}

export interface UnitRadioOptions {
  readonly openRadio: OpenRadio;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** The journal, or what stands for it. */
  readonly records: Records;
  /** At most 32; the index is the bond's place for ever. */
  readonly bonds: readonly (Bond | undefined)[];
  readonly onEvent: (event: UnitRadioEvent) => void;
  /** Absent: pairing is not answered, and nobody supervises. */
  readonly keeper?: RadioKeeper | undefined;
}

/** Frames that raised nothing: of unknown devices, changed or under a wrong key, or heard before. */
export interface UnitRadioCounters {
  readonly foreign: number;
  readonly forged: number;
  readonly replayed: number;
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
  private readonly keeper: RadioKeeper | undefined;
  private readonly places: (RadioPlace | undefined)[];
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
    this.keeper = options.keeper;
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
    const keeper = options.keeper;
    this.radio = options.openRadio({
      onReadable: () => this.drain(),
      onBusy: keeper === undefined ? undefined : (forMs) => keeper.busy(forMs),
    });
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
    this.places[place] = new RadioPlace(place, bond, this.secrets, this.records, this.places[place]);
  }

  /** After a restart: what the alarm's own record says of this bond. `step` absent: received; `series` absent: a press. */
  restore(place: number, counter: number, name: number, step?: AlarmStep, series?: number): void {
    const at = this.places[place];
    if (at === undefined) return;
    const key = at.keys[at.keys.length - 1] as RadioPlace["under"];
    const code = series ?? pressSeries;
    const known = newestOf(key.memory, code);
    if (known === undefined || name >= known.name)
      key.memory = remembered(key.memory, counter, code, name, step ?? "received");
  }

  /** The alarm of this call is safe: say so while the device listens, and again to each further frame of this call. */
  acknowledge(place: number, name: number, step: AlarmStep): void {
    const at = this.places[place];
    if (at === undefined) return;
    const memory = withStep(at.under.memory, name, step);
    const known = memory !== at.under.memory;
    at.under.memory = memory;
    this.answer(place, at, "acknowledge", name, step);
    if (known) at.keep();
  }

  /** Answers a status request; without a listening button it only sets what further frames of this press are told. */
  status(place: number, name: number, step: AlarmStep): void {
    const at = this.places[place];
    if (at === undefined) return;
    at.under.memory = withStep(at.under.memory, name, step);
    this.answer(place, at, "status", name, step);
  }

  /** Tells the device whose frame with this counter was just heard, under its fresh key where it has one, that this key counts. */
  welcome(place: number, counter: number): void {
    const at = this.places[place];
    if (at === undefined) return;
    at.under = at.keys[0] as RadioPlace["under"];
    at.under.memory = { counter: Math.max(counter, at.under.memory.counter), series: at.under.memory.series };
    at.keep();
    this.expectAnswer(at, 2);
    this.answer(place, at, "welcome", counter, "received");
  }

  /** Answers a frame of pairing that was just heard; dropped where air time runs short. */
  sendOpen(bytes: Uint8Array): void {
    const nowMs = this.clock.nowMs();
    const untilMs = nowMs + hearsMs - answerAirMs;
    this.queue.put({
      bond: -1,
      rank: 2,
      type: "open",
      name: 0,
      step: "received",
      fromMs: nowMs + turnMs,
      untilMs,
      bytes,
    });
    this.pump();
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
    const bytes = packet.bytes;
    if (this.keeper !== undefined && decodePairingHeader(bytes).ok) {
      this.keeper.openFrameHeard(bytes);
      return;
    }
    const address = addressOf(bytes);
    if (address >= 0 && this.keeper !== undefined && this.keeper.belongsToPairing(bytes)) return;
    const place = this.placeOf(address);
    const at = this.places[place];
    if (at === undefined) {
      this.foreign++;
      if (this.keeper !== undefined) this.keeper.busy(Math.floor((airTimeUs(bytes.length) + 999) / 1000));
      return;
    }
    const opened = at.open(bytes);
    if (opened === undefined) this.forged++;
    else this.take(place, at, opened, packet.rssiDbm);
  }

  private take(place: number, at: RadioPlace, opened: OpenedFrame, rssiDbm: number): void {
    const frame = opened.frame;
    const nowMs = this.clock.nowMs();
    const joinedWith = (at.keys[0] as RadioPlace["under"]).memory.counter;
    const judgement = judge(opened.key.memory, frame, nowMs);
    if (judgement.verdict === "replayed") {
      this.replayed++;
      return;
    }
    opened.key.memory = judgement.memory;
    at.under = opened.key;
    this.expectAnswer(at, rankOf(judgement.verdict));
    if (at.bond.revoked) {
      this.tellRevoked(place, at, frame.counter, rssiDbm);
      return;
    }
    const joining = frame.message.type === "bond-told" && frame.message.told.phase === "joining";
    if (this.keeper !== undefined && judgement.verdict !== "copy") {
      if (at.keys.length > 1 && !joining && (opened.key.fresh || frame.counter > joinedWith))
        this.keeper.keySettled(place, opened.key.fresh);
      this.keeper.alive(place, rssiDbm);
    }
    this.tell(place, this.places[place] ?? at, opened, judgement.verdict, rssiDbm);
  }

  private tell(place: number, at: RadioPlace, opened: OpenedFrame, verdict: Verdict, rssiDbm: number): void {
    const series = callIn(at, opened);
    if (verdict === "call-again" || verdict === "copy") {
      const step = series === undefined ? undefined : series.step;
      if (series !== undefined && step !== undefined) this.answer(place, at, "acknowledge", series.name, step);
      return;
    }
    if (verdict === "report" && opened.frame.message.type !== "bond-told") {
      this.answer(place, at, "acknowledge", opened.frame.counter, "received");
      at.keep();
    }
    const news = newsOf(place, at.bond, opened.frame, series, rssiDbm);
    if (news !== undefined) this.onEvent(news);
  }

  /** A revoked device is told to wipe its key whenever it is heard (radio 7.4). */
  private tellRevoked(place: number, at: RadioPlace, counter: number, rssiDbm: number): void {
    const nowMs = this.clock.nowMs();
    at.rank = 3;
    this.answer(place, at, "revoke", counter, "received");
    if (at.revokedToldAtMs !== undefined && nowMs - at.revokedToldAtMs < dayMs) return;
    at.revokedToldAtMs = nowMs;
    this.onEvent({ type: "revoked-heard", bond: place, rssiDbm });
  }

  private expectAnswer(at: RadioPlace, rank: AnswerRank): void {
    at.heardAtMs = this.clock.nowMs();
    at.rank = rank;
  }

  /** Nothing is sent to a button that does not listen: its next copy or request gets the answer. */
  private answer(place: number, at: RadioPlace, type: Answer["type"], name: number, step: AlarmStep): void {
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
      const answer = this.queue.take(nowMs, this.ledger.roomFor(nowMs, airTimeUs(frameLimit)));
      if (answer !== undefined) this.transmit(answer, nowMs);
    }
    const fromMs = this.queue.nextFromMs();
    if (fromMs === undefined) return;
    this.timer = this.clock.after(Math.max(1, Math.max(fromMs, this.sendingUntilMs) - nowMs), () => this.pump());
  }

  private transmit(answer: Answer, nowMs: number): void {
    const bytes = answer.bytes ?? this.sealed(answer);
    if (bytes === undefined) return;
    const airUs = airTimeUs(bytes.length);
    this.ledger.book(nowMs, airUs);
    this.sendingUntilMs = nowMs + Math.floor((airUs + 999) / 1000);
    this.radio.send(bytes);
  }

  private sealed(answer: Answer): Uint8Array | undefined {
    const at = this.places[answer.bond];
    if (at === undefined || this.own.peek() === 0) return undefined;
    const cipher = at.under.cipher;
    const address = at.bond.address;
    const said = { name: answer.name, step: answer.step };
    const type = answer.type;
    if (type === "acknowledge") return sealFrame(cipher, address, this.own.take(), { type, acknowledge: said });
    if (type === "status") return sealFrame(cipher, address, this.own.take(), { type, status: said });
    const order: BondOrderKind = type === "welcome" ? "welcome" : "revoke";
    return sealAs(bondOrderFrame, cipher, address, this.own.take(), { answers: answer.name, order });
  }

  private placeOf(address: number): number {
    for (let i = 0; i < this.places.length; i++) {
      const at = this.places[i];
      if (at !== undefined && at.bond.address === address) return i;
    }
    return -1;
  }
}

function rankOf(verdict: Verdict): AnswerRank {
  if (verdict === "copy") return 3;
  if (verdict === "report") return 2;
  return verdict === "status-asked" ? 1 : 0;
}

/** The call that a frame is about, as it stands after the frame was judged. */
function callIn(at: RadioPlace, opened: OpenedFrame): Series | undefined {
  const message = opened.frame.message;
  if (message.type === "press") return newestOf(at.under.memory, pressSeries);
  if (message.type === "fall") return newestOf(at.under.memory, fallSeries);
  return message.type === "accessory-event" ? newestOf(at.under.memory, seriesOf(message.event.happening)) : undefined;
}
