/** Both sides of radio 7 as a small model over the real bytes, and random acts of somebody who hears, keeps, drops, changes and replays all of it. */
import fc from "fast-check";
import { nobleAes } from "../arbitraries.ts";
import type { BlockCipher } from "../block-cipher.ts";
import type { BondPhase, BondTold } from "../bond-frame.ts";
import { bondOrderFrame, bondToldFrame, keyCheck } from "../bond-frame.ts";
import { openAs, sealAs } from "../envelope.ts";
import type { PairingTalk } from "../pairing.ts";
import {
  decodePairingHeader,
  encodePairingCancel,
  encodePairingConfirm,
  encodePairingOffer,
  encodePairingRequest,
  openPairingCancel,
  openPairingOffer,
  openPairingRequest,
  pairKey,
  requestCode,
} from "../pairing.ts";

export const address = 0xc0ffee01;
const talkLimit = 4;
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const checkOf = (key: string): number => keyCheck(aesOf(key), address);
export const aesOf = (key: string): BlockCipher => nobleAes(new Uint8Array(Buffer.from(key, "hex")));

/** Everything that was ever on the air. */
type Air = Uint8Array[];
let randoms = 0;
function newRandom(): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(4, ++randoms);
  return bytes;
}

export class Device {
  key: string | undefined;
  trying: { readonly talk: PairingTalk; readonly key: string } | undefined;
  random: Uint8Array | undefined;
  newest = 0;
  wiped = 0;
  readonly pressed: string[] = [];
  readonly factory: BlockCipher;
  readonly air: Air;
  constructor(label: string, air: Air) {
    this.factory = aesOf(label);
    this.air = air;
  }
  start(): void {
    this.trying = undefined;
    this.random = newRandom();
    this.air.push(encodePairingRequest(this.factory, address, this.random));
  }
  retry(): void {
    if (this.trying !== undefined) this.tell(this.trying.key, "joining");
  }
  /** Only the key it calls with and its counter are in flash. */
  restart(): void {
    this.trying = undefined;
    this.random = undefined;
  }
  stop(): void {
    if (this.trying !== undefined) this.air.push(encodePairingCancel(this.factory, this.trying.talk));
    this.trying = undefined;
    this.random = undefined;
  }
  /** Who is in need comes first: a press ends the trying. */
  press(): void {
    this.trying = undefined;
    if (this.key === undefined) return;
    this.pressed.push(`${this.key} ${this.newest + 1}`);
    this.tell(this.key, "joined");
  }
  private tell(key: string, phase: BondPhase): void {
    const holds = this.key === undefined ? 0 : checkOf(this.key);
    const told: BondTold = { phase, batteryMv: 3_000, low: false, form: 0, holds };
    this.air.push(sealAs(bondToldFrame, aesOf(key), address, ++this.newest, told));
  }
  hear(bytes: Uint8Array): void {
    if (this.random !== undefined) {
      const offer = openPairingOffer(this.factory, this.random, bytes);
      if (offer.ok) {
        this.trying = { talk: offer.value, key: hex(pairKey(this.factory, offer.value)) };
        this.random = undefined;
        this.air.push(encodePairingConfirm(this.factory, offer.value));
        this.tell(this.trying.key, "joining");
        return;
      }
    }
    if (this.trying !== undefined) {
      const order = openAs(bondOrderFrame, aesOf(this.trying.key), bytes);
      if (order.ok && order.value.value.order === "welcome" && order.value.value.answers === this.newest) {
        this.key = this.trying.key;
        this.trying = undefined;
        this.tell(this.key, "joined");
        return;
      }
    }
    if (this.key === undefined) return;
    const order = openAs(bondOrderFrame, aesOf(this.key), bytes);
    if (!order.ok || order.value.value.order !== "revoke" || order.value.value.answers !== this.newest) return;
    this.tell(this.key, "leaving");
    this.key = undefined;
    this.wiped++;
  }
}

interface Known {
  readonly key: string;
  heard: number;
}

export class Unit {
  current: Known | undefined;
  fresh: (Known & { joinedWith: number }) | undefined;
  talks: PairingTalk[] = [];
  windowOpen = false;
  /** Counter of the newest joining in this window: an older one says what the device held before. */
  lastJoin = 0;
  revoked = false;
  counter = 0;
  readonly raised: string[] = [];
  readonly factory: BlockCipher;
  readonly air: Air;
  constructor(label: string, air: Air) {
    this.factory = aesOf(label);
    this.air = air;
  }
  keys(): (string | undefined)[] {
    return [this.current?.key, this.fresh?.key];
  }
  /** The end of the window; a restart does the same, since both keys are in flash before a welcome goes out. */
  close(): void {
    this.windowOpen = false;
    this.talks = [];
    this.lastJoin = 0;
  }
  /** A confirm is only shown to who pairs: the joining that follows is what counts. */
  hear(bytes: Uint8Array): void {
    const header = decodePairingHeader(bytes);
    if (!header.ok) this.hearSealed(bytes);
    else if (header.value.code === requestCode && this.windowOpen) this.asked(bytes);
    else this.talks = this.talks.filter((talk) => !openPairingCancel(this.factory, talk, bytes).ok);
  }
  private asked(bytes: Uint8Array): void {
    const random = openPairingRequest(this.factory, bytes);
    if (!random.ok) return;
    let talk = this.talks.find((one) => hex(one.buttonRandom) === hex(random.value));
    if (talk === undefined) {
      talk = { address, buttonRandom: random.value, unitRandom: newRandom(), person: 1 };
      this.talks.push(talk);
      if (this.talks.length > talkLimit) this.talks.shift();
    }
    this.air.push(encodePairingOffer(this.factory, talk));
  }
  private hearSealed(bytes: Uint8Array): void {
    for (const talk of this.talks) {
      const key = hex(pairKey(this.factory, talk));
      const told = openAs(bondToldFrame, aesOf(key), bytes);
      if (!told.ok || told.value.value.phase !== "joining") continue;
      if (told.value.counter > this.lastJoin) this.adopt(key, told.value.counter, told.value.value.holds);
      return;
    }
    for (const known of [this.fresh, this.current]) {
      if (known === undefined) continue;
      const told = openAs(bondToldFrame, aesOf(known.key), bytes);
      if (!told.ok || told.value.counter <= known.heard) continue;
      known.heard = told.value.counter;
      if (told.value.value.phase === "joined") this.called(known, told.value.counter);
      return;
    }
  }
  /** Beside the new key only the one that the device says it holds stays. */
  private adopt(key: string, counter: number, holds: number): void {
    this.current = [this.current, this.fresh].find((known) => known !== undefined && checkOf(known.key) === holds);
    this.fresh = { key, heard: counter, joinedWith: counter };
    this.lastJoin = counter;
    this.order(key, counter, "welcome");
  }
  private called(known: Known, counter: number): void {
    if (known === this.fresh) {
      this.current = { key: known.key, heard: known.heard };
      this.fresh = undefined;
      this.talks = [];
      this.revoked = false;
    } else if (this.fresh !== undefined && counter > this.fresh.joinedWith) {
      this.fresh = undefined;
      this.talks = [];
    }
    if (this.revoked) this.order(known.key, counter, "revoke");
    else this.raised.push(`${known.key} ${counter}`);
  }
  private order(key: string, answers: number, order: "welcome" | "revoke"): void {
    this.air.push(sealAs(bondOrderFrame, aesOf(key), address, ++this.counter, { answers, order }));
  }
}

export interface World {
  readonly air: Air;
  readonly device: Device;
  readonly unit: Unit;
  readonly stranger: Device;
  readonly strangeUnit: Unit;
  revokes: number;
}

export function worldOf(bonded: boolean): World {
  const air: Air = [];
  randoms = 0;
  const world: World = {
    air,
    device: new Device("11".repeat(16), air),
    unit: new Unit("11".repeat(16), air),
    stranger: new Device("22".repeat(16), air),
    strangeUnit: new Unit("33".repeat(16), air),
    revokes: 0,
  };
  world.strangeUnit.windowOpen = true;
  if (bonded) {
    world.device.key = "44".repeat(16);
    world.unit.current = { key: "44".repeat(16), heard: 0 };
  }
  return world;
}

const kinds = {
  start: 3,
  open: 3,
  close: 1,
  stop: 1,
  press: 2,
  stranger: 1,
  revoke: 1,
  change: 2,
  replay: 4,
  newest: 8,
  tail: 4,
  exchange: 4,
  cut: 1,
  retry: 2,
};
type Kind = keyof typeof kinds;
export type Act = { readonly what: Kind; readonly pick: number; readonly bit: number };
const anyKind = fc.oneof(
  ...(Object.keys(kinds) as Kind[]).map((kind) => ({ arbitrary: fc.constant(kind), weight: kinds[kind] })),
);
export const anyActs = fc.array(fc.record({ what: anyKind, pick: fc.nat(), bit: fc.nat(200) }), {
  minLength: 1,
  maxLength: 80,
});

export function play(world: World, { what, pick, bit }: Act, mayRevoke: boolean): void {
  const { air, device, unit } = world;
  const everybody = [device, unit, world.stranger, world.strangeUnit];
  const packet = air[pick % Math.max(1, air.length)];
  const last = air[air.length - 1 - (what === "tail" ? pick % 4 : 0)];
  if (what === "start") device.start();
  else if (what === "open") unit.windowOpen = true;
  else if (what === "stop") device.stop();
  else if (what === "close") unit.close();
  else if (what === "cut") device.restart();
  else if (what === "retry") device.retry();
  else if (what === "press") device.press();
  else if (what === "stranger") world.stranger.start();
  else if (what === "revoke" && mayRevoke) {
    unit.revoked = true;
    world.revokes++;
  } else if (what === "change" && packet !== undefined) {
    const changed = new Uint8Array(packet);
    const at = bit % (changed.length * 8);
    changed[at >> 3] = (changed[at >> 3] as number) ^ (1 << (at & 7));
    for (const one of everybody) one.hear(changed);
  } else if (what === "replay" && packet !== undefined) everybody[bit % 4]?.hear(packet);
  else if (what === "exchange") {
    unit.windowOpen = true;
    device.start();
    for (let step = 0; step < pick % 6; step++)
      for (const one of everybody) one.hear(air[air.length - 1] as Uint8Array);
  } else if ((what === "newest" || what === "tail") && last !== undefined) for (const one of everybody) one.hear(last);
}

/** Nobody interferes: each packet reaches the other side. */
export function settle(world: World): void {
  for (let at = world.air.length - 1; at < world.air.length && world.air.length < 4_000; at++) {
    const packet = world.air[at] as Uint8Array;
    world.unit.hear(packet);
    world.device.hear(packet);
  }
}
