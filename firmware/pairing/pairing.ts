/**
 * The department that lets devices join: holds the labels of those that are expected, proves what they send, makes their keys (radio 7).
 * The unit's key opens a window for what is expected; a command may name one more.
 */

import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import { bondToldFrame, keyCheck } from "../../protocol/radio/bond-frame.ts";
import { decodeEnvelope, openAs } from "../../protocol/radio/envelope.ts";
import type { PairingTalk, RejectReason } from "../../protocol/radio/pairing.ts";
import {
  cancelCode,
  confirmCode,
  decodePairingHeader,
  encodePairingOffer,
  encodePairingReject,
  openPairingCancel,
  openPairingConfirm,
  openPairingRequest,
  pairKey,
  requestCode,
} from "../../protocol/radio/pairing.ts";
import { nobody } from "../../protocol/radio/person-slot.ts";
import { observerOf } from "../department.ts";
import { Runner } from "../runner.ts";
import { expectedDeviceKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { formOfCode, isAccessory } from "./bond-record.ts";
import type { BondTable } from "./bond-table.ts";
import { personLimit } from "./bond-table.ts";
import type { Expected } from "./expected-device.ts";
import { decodeExpected, encodeExpected, expectedLimit } from "./expected-device.ts";
import type { PairingEffect, PairingEvent, PairingState, Talk, WindowEnd } from "./pairing-machine.ts";
import { pairingAtStart, stepPairing } from "./pairing-machine.ts";
import type { UnitRadio } from "./unit-radio.ts";

/** What the window tells who stands before the unit. */
export type PairingNews =
  | { readonly type: "window-opened" }
  | { readonly type: "found" }
  | { readonly type: "refused"; readonly reason: RejectReason; readonly person: number }
  /** Nobody has pressed it yet: it is not verified. */
  | { readonly type: "joined"; readonly place: number; readonly person: number }
  | { readonly type: "window-ended"; readonly how: WindowEnd };

interface Awaited {
  readonly device: Expected;
  readonly cipher: BlockCipher;
}

export class Pairing {
  private readonly context: UnitContext;
  private readonly table: BondTable;
  private readonly onNews: (news: PairingNews) => void;
  private readonly machine: Runner<PairingState, PairingEvent, PairingEffect>;
  private readonly wake: Wake;
  private readonly awaited: Awaited[];
  private radio: UnitRadio | undefined;

  constructor(context: UnitContext, table: BondTable, onNews: (news: PairingNews) => void) {
    this.context = context;
    this.table = table;
    this.onNews = onNews;
    this.radio = undefined;
    this.awaited = [];
    this.wake = new Wake(context.clock, () => this.machine.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.machine = new Runner(
      stepPairing,
      pairingAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "pairing"),
    );
    for (let i = 0; i < expectedLimit; i++) this.recall(i);
  }

  /** The radio that offers go out by; given once, before anything is heard. */
  attach(radio: UnitRadio): void {
    this.radio = radio;
  }

  /** Keeps a label; the same address again replaces its former one. Why it cannot join is answered at once, in the words of a reject. */
  expect(device: Expected): RejectReason | undefined {
    if (device.label.length !== 16 || device.person < 1 || device.person > personLimit) return "no-place";
    const refusal = this.table.refusal(device);
    if (refusal !== undefined) return refusal;
    let at = this.awaited.length;
    for (let i = 0; i < this.awaited.length; i++)
      if ((this.awaited[i] as Awaited).device.address === device.address) at = i;
    if (at >= expectedLimit) return "no-place";
    this.awaited[at] = { device, cipher: this.context.secrets.aes(device.label) };
    this.context.records.write(expectedDeviceKind, at, encodeExpected(device));
    return undefined;
  }

  /** Opens the window for all that is expected, for 120 s. False where nothing is. */
  open(): boolean {
    if (this.awaited.length === 0) return false;
    this.machine.dispatch({ type: "opened", nowMs: this.context.clock.nowMs() });
    return true;
  }

  stop(): void {
    this.machine.dispatch({ type: "stopped" });
  }

  get isOpen(): boolean {
    return this.machine.state.at === "open";
  }

  openFrameHeard(bytes: Uint8Array): void {
    const header = decodePairingHeader(bytes);
    if (!header.ok || this.machine.state.at === "closed") return;
    const awaited = this.awaitedOf(header.value.address);
    if (awaited === undefined) return;
    if (header.value.code === requestCode) this.asked(awaited, bytes);
    for (const talk of this.talksOf(awaited)) {
      const said = talkFor(talk, awaited.device.person);
      if (header.value.code === confirmCode && openPairingConfirm(awaited.cipher, said, bytes).ok)
        this.machine.dispatch({ type: "confirmed" });
      if (header.value.code === cancelCode && openPairingCancel(awaited.cipher, said, bytes).ok)
        this.machine.dispatch({ type: "cancelled", talk });
    }
  }

  /** A joining under the key of an exchange of this window. */
  belongsToPairing(bytes: Uint8Array): boolean {
    if (this.machine.state.at === "closed" || bytes[0] !== bondToldFrame.code) return false;
    const header = decodeEnvelope(bytes);
    const awaited = header.ok ? this.awaitedOf(header.value.address) : undefined;
    if (awaited === undefined) return false;
    for (const talk of this.talksOf(awaited)) {
      const cipher = this.context.secrets.aes(this.keyOf(awaited, talk));
      const told = openAs(bondToldFrame, cipher, bytes);
      if (!told.ok || told.value.value.phase !== "joining") continue;
      const form = formOfCode(told.value.value.form);
      // A detector that says it is a button, or the reverse, is not what the label was typed in for.
      if (form === undefined || isAccessory(form) !== isAccessory(awaited.device.form)) return true;
      const counter = told.value.counter;
      this.machine.dispatch({ type: "joining", talk, counter, holds: told.value.value.holds });
      return true;
    }
    return false;
  }

  /** A device has called; `fresh`: under the newest key that it has. */
  settled(address: number, fresh: boolean): void {
    const state = this.machine.state;
    if (state.at === "closed") return;
    for (const each of state.joined) if (each.address === address && fresh) this.forget(address);
    this.machine.dispatch({ type: "settled", address, fresh, more: this.awaited.length > 0 });
  }

  private asked(awaited: Awaited, bytes: Uint8Array): void {
    const random = openPairingRequest(awaited.cipher, bytes);
    if (!random.ok) return;
    const unitRandom = new Uint8Array(random.value.length);
    this.context.secrets.random(unitRandom);
    const refusal = this.table.refusal(awaited.device);
    const address = awaited.device.address;
    this.machine.dispatch({ type: "asked", address, deviceRandom: random.value, unitRandom, refusal });
  }

  private perform(effect: PairingEffect): void {
    switch (effect.type) {
      case "offer": {
        const awaited = this.awaitedOf(effect.talk.address);
        if (awaited === undefined || this.radio === undefined) return;
        this.radio.sendOpen(encodePairingOffer(awaited.cipher, talkFor(effect.talk, awaited.device.person)));
        return;
      }
      case "reject": {
        const awaited = this.awaitedOf(effect.address);
        if (awaited === undefined || this.radio === undefined) return;
        const bytes = encodePairingReject(awaited.cipher, effect.address, effect.deviceRandom, effect.reason);
        this.radio.sendOpen(bytes);
        this.onNews({ type: "refused", reason: effect.reason, person: awaited.device.person });
        return;
      }
      case "show-found":
        this.onNews({ type: "found" });
        return;
      case "adopt":
        this.adopt(effect);
        return;
      case "window-opened":
        this.onNews({ type: "window-opened" });
        return;
      case "window-ended":
        this.onNews({ type: "window-ended", how: effect.how });
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  /** Both keys are on flash before the welcome goes out: nothing else of an exchange needs to survive a restart. */
  private adopt(effect: Extract<PairingEffect, { readonly type: "adopt" }>): void {
    const awaited = this.awaitedOf(effect.talk.address);
    const radio = this.radio;
    if (awaited === undefined || radio === undefined) return;
    if (this.table.refusal(awaited.device) !== undefined) return;
    const key = this.keyOf(awaited, effect.talk);
    const held = this.heldKey(awaited.device.address, effect.holds);
    const place = this.table.adopt(awaited.device, key, held);
    if (place === nobody) return;
    radio.setBond(place, this.table.bond(place));
    radio.welcome(place, effect.counter);
    this.onNews({ type: "joined", place, person: awaited.device.person });
  }

  /** The bytes of the key that the device says it calls with, where the table has it. */
  private heldKey(address: number, holds: number): Uint8Array | undefined {
    const bond = this.table.bond(this.table.placeOf(address));
    if (bond === undefined || holds === 0) return undefined;
    if (this.checkOf(bond.key, address) === holds) return bond.key;
    const fresh = bond.freshKey;
    return fresh !== undefined && this.checkOf(fresh, address) === holds ? fresh : undefined;
  }

  private checkOf(key: Uint8Array, address: number): number {
    return keyCheck(this.context.secrets.aes(key), address);
  }

  private keyOf(awaited: Awaited, talk: Talk): Uint8Array {
    return pairKey(awaited.cipher, talkFor(talk, awaited.device.person));
  }

  private talksOf(awaited: Awaited): readonly Talk[] {
    const state = this.machine.state;
    const own: Talk[] = [];
    if (state.at === "open")
      for (const talk of state.talks) if (talk.address === awaited.device.address) own.push(talk);
    return own;
  }

  private awaitedOf(address: number): Awaited | undefined {
    for (const each of this.awaited) if (each.device.address === address) return each;
    return undefined;
  }

  /** Who has joined is expected no more; the last one takes its number. */
  private forget(address: number): void {
    for (let i = 0; i < this.awaited.length; i++) {
      if ((this.awaited[i] as Awaited).device.address !== address) continue;
      const last = this.awaited.pop() as Awaited;
      if (i < this.awaited.length) {
        this.awaited[i] = last;
        this.context.records.write(expectedDeviceKind, i, encodeExpected(last.device));
      }
      this.context.records.remove(expectedDeviceKind, this.awaited.length);
      return;
    }
  }

  private recall(at: number): void {
    const bytes = this.context.records.read(expectedDeviceKind, at);
    const device = bytes === undefined ? undefined : decodeExpected(bytes);
    if (device !== undefined) this.awaited.push({ device, cipher: this.context.secrets.aes(device.label) });
  }
}

function talkFor(talk: Talk, person: number): PairingTalk {
  return { address: talk.address, buttonRandom: talk.deviceRandom, unitRandom: talk.unitRandom, person };
}
