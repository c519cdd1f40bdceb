/** What an update goes through, and what of it outlives a start. */
import type { ImageHeader, SignedHeader } from "../../protocol/update/image-header.ts";
import type { DeviceIdentity } from "../ports/slots.ts";
import type { UpdateSettings } from "./update-settings.ts";

/**
 * `none`: nothing is in the other slot that is to be used. `loading`: its first bytes. `loaded`: all of them, and they are
 * right. `armed`: its trial was ordered. `trial`: it runs on trial. `kept`: it runs for good.
 */
export type KeptStage = "none" | "loading" | "loaded" | "armed" | "trial" | "kept";

/**
 * Why an image is not used. `start`: it never came so far as to say anything. `accept`: no receiver accepted a message.
 * `radio`: no device was heard. `check`: the self-check found what it had not found before. `loop`: it began to start over
 * and over again later. `image`: not the bytes that were signed. `flash`: the chip does not hold it.
 */
export type Why = "none" | "start" | "accept" | "radio" | "check" | "loop" | "image" | "flash";

/** Why an offer is not taken. `key`: nobody who is trusted has signed it. `failed`: it was tried and not kept. */
export type Refusal = "board" | "revision" | "region" | "version" | "step" | "size" | "key" | "signature" | "failed";

export interface KeptUpdate {
  readonly stage: KeptStage;
  /** What the stage is about. */
  readonly header: ImageHeader | undefined;
  /** So many bytes of it are in the slot. */
  readonly offset: number;
  /** Trials that were ordered. */
  readonly attempts: number;
  /** Before it no device's silence is held against the image. */
  readonly radioDue: boolean;
  /** Checks that failed before the trial: bit 0 is the first of the table. */
  readonly faultsBefore: number;
  /** What stands against the image that `header` names. */
  readonly why: Why;
  /** The other slot holds what ran before, whole. */
  readonly canGoBack: boolean;
  /** No image up to this version is tried any more; 0: none has failed. */
  readonly failed: number;
  readonly failedWhy: Why;
}

export interface TrialFacts {
  readonly sinceMs: number;
  readonly isAccepted: boolean;
  readonly isHeard: boolean;
  readonly isChecked: boolean;
}

export type UpdateAt =
  | { readonly at: "idle"; readonly nextMs: number }
  | { readonly at: "asking"; readonly untilMs: number }
  | { readonly at: "checking-offer"; readonly offer: SignedHeader }
  | { readonly at: "loading"; readonly untilMs: number }
  | { readonly at: "checking-image" }
  | ({ readonly at: "trial" } & TrialFacts)
  /** A restart was ordered: nothing more is done in this life. */
  | { readonly at: "leaving" };

export interface UpdateState {
  readonly now: UpdateAt;
  readonly kept: KeptUpdate;
  /** No alarm, call, loss of mains or weak battery; since when. */
  readonly isCalm: boolean;
  readonly calmMs: number;
  /** When a receiver last accepted something, and a device was last heard; -1: not in this life. */
  readonly acceptedMs: number;
  readonly heardMs: number;
  /** Tries in a row that came to nothing. */
  readonly failures: number;
  /** Of the newest offer that was not taken. */
  readonly refusal: Refusal | "none";
}

/** What a unit is, beside its state: given to each step, and the same for a whole life. */
export interface UpdatePlan {
  readonly identity: DeviceIdentity;
  readonly settings: UpdateSettings;
  readonly keyIds: readonly number[];
  readonly pageSize: number;
  /** Of a slot. */
  readonly capacity: number;
}

export type UpdateEvent =
  /** `isIll`: the unit has begun to start over and over again. `faults`: checks that fail, as `faultsBefore`. */
  | {
      readonly type: "started";
      readonly nowMs: number;
      readonly kept: KeptUpdate;
      readonly slotStage: "settled" | "trial";
      readonly isIll: boolean;
      readonly canCheck: boolean;
    }
  | { readonly type: "calm"; readonly nowMs: number; readonly isCalm: boolean }
  /** A receiver has accepted anything, a beat too. */
  | { readonly type: "accepted"; readonly nowMs: number }
  /** A frame of a device of the unit's own. */
  | { readonly type: "heard"; readonly nowMs: number }
  /** A round of self-checks has ended; `faults`: those that failed, as `faultsBefore`. */
  | { readonly type: "checked"; readonly nowMs: number; readonly faults: number }
  /** The server's answer; undefined: there is nothing for this unit. */
  | {
      readonly type: "offered";
      readonly nowMs: number;
      readonly offer: SignedHeader | undefined;
      readonly faults: number;
    }
  | { readonly type: "signature"; readonly nowMs: number; readonly isGood: boolean }
  /** So many bytes more are in the slot; false: the chip has failed. */
  | { readonly type: "written"; readonly nowMs: number; readonly isGood: boolean }
  | { readonly type: "digest"; readonly nowMs: number; readonly isGood: boolean }
  /** The server, or the way to it, has failed. */
  | { readonly type: "unreached"; readonly nowMs: number }
  | { readonly type: "due"; readonly nowMs: number };

export type UpdateEffect =
  | { readonly type: "ask" }
  /** The bytes from `offset` on, a page at most, to be written to the slot. */
  | { readonly type: "load"; readonly header: ImageHeader; readonly offset: number }
  | { readonly type: "check-signature"; readonly offer: SignedHeader }
  | { readonly type: "check-image"; readonly header: ImageHeader }
  /** What of these is going on is given up. */
  | { readonly type: "stop" }
  | { readonly type: "keep"; readonly kept: KeptUpdate }
  | { readonly type: "self-check" }
  | { readonly type: "try-next" }
  | { readonly type: "confirm" }
  | { readonly type: "go-back" }
  | { readonly type: "restart" }
  /** Receivers are told; `why` is none where the version is kept. */
  | { readonly type: "tell"; readonly version: number; readonly why: Why }
  | { readonly type: "log"; readonly what: KeptStage | "refused" | "taken-back"; readonly version: number }
  /** `spreadMs`: later by chance, up to so much. */
  | { readonly type: "wake"; readonly atMs: number; readonly spreadMs: number };

export const nothingKept: KeptUpdate = {
  stage: "none",
  header: undefined,
  offset: 0,
  attempts: 0,
  radioDue: false,
  faultsBefore: 0,
  why: "none",
  canGoBack: false,
  failed: 0,
  failedWhy: "none",
};

export const notStarted: UpdateState = {
  now: { at: "idle", nextMs: 0 },
  kept: nothingKept,
  isCalm: true,
  calmMs: 0,
  acceptedMs: -1,
  heardMs: -1,
  failures: 0,
  refusal: "none",
};
