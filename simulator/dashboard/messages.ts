/**
 * What the dashboard's page and its server say to each other: plain data both ways. Instants are whole ms since the story began; in
 * live mode, since the dashboard was started.
 */
import type { Ladder } from "../report/ladder.ts";

/** What a unit looks like on the map, one letter each so that a town of thousands is one short text. */
export const marks = {
  ready: "r",
  onePathLost: "1",
  noPath: "0",
  fault: "f",
  off: "x",
  waiting: "w",
  toldToWait: "n",
  accepted: "a",
  talking: "t",
} as const;
export type Mark = (typeof marks)[keyof typeof marks];

/** Kinds of objects that units share, by which the map can be grouped and which can be broken. */
export const sharedKinds = ["cell", "operator", "broadband", "receiver", "power"] as const;
export type SharedKind = (typeof sharedKinds)[number];

export interface StoryUnit {
  readonly id: string;
  readonly group: string;
  readonly buttons: number;
  /** What it hangs on, by name; "" where it has none. */
  readonly on: Readonly<Record<SharedKind, string>>;
}

export interface Shared {
  readonly object: SharedKind;
  readonly name: string;
  /** How many units hang on it. */
  readonly units: number;
}

/** What does not change while the story is played. */
export interface Story {
  readonly mode: "played" | "live";
  readonly name: string;
  readonly question: string;
  readonly seed: number;
  /** Another one: this story has other units now, and is told anew. */
  readonly version: number;
  /** Wall clock at instant 0, ms since 1970 (UTC). */
  readonly startWallMs: number;
  /** 0 where nobody knows the end. */
  readonly durationMs: number;
  readonly units: readonly StoryUnit[];
  readonly shared: readonly Shared[];
}

export interface Counts {
  readonly presses: number;
  readonly accepted: number;
  /** In a unit's journal and not accepted by anybody yet. */
  readonly waiting: number;
  /** Pressed, and no unit has it. */
  readonly unheard: number;
  readonly onePathLost: number;
  readonly noPath: number;
  readonly off: number;
}

/** An alarm that nobody has accepted yet. */
export interface Waiting {
  readonly unit: string;
  readonly button: number;
  readonly pressedMs: number;
  /** How far it has come. */
  readonly at: "pressed" | "stored" | "sent" | "carried";
  readonly attempts: number;
  /** Whether the wearer has been told to wait. */
  readonly told: boolean;
}

/** One press and how long it took until somebody had accepted it. */
export interface Wait {
  readonly pressedMs: number;
  readonly tookMs: number;
  readonly route: "mobile" | "broadband" | null;
}

/** Something that is broken now. */
export interface Broken {
  readonly object: string;
  readonly name: string;
  readonly fault: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether somebody broke it here, and can mend it. */
  readonly byHand: boolean;
}

/** What somebody did on the page, in the order of time. */
export interface DoneDeed {
  readonly atMs: number;
  /** Of a fault that was mended. */
  readonly toMs: number | null;
  readonly deed: Deed;
}

export interface Notice {
  readonly atMs: number;
  readonly phase: string;
  readonly cause: string;
  readonly subject: string;
  readonly units: number;
  readonly evidence: string;
}

/** One line of what a unit did and said; `what` is a word of the firmware, `text` the sentence that it spoke. */
export interface Note {
  readonly atMs: number;
  readonly by: "person" | "button" | "lamp" | "voice" | "supply" | "uplink" | "alarm" | "receiver";
  readonly what: string;
  readonly button: number;
  readonly text: { readonly sv: string; readonly en: string } | null;
}

export interface RouteView {
  readonly route: "mobile" | "broadband";
  readonly at: "unproven" | "proven" | "lost";
  readonly active: boolean;
  /** Last SIP answer over it; null: none yet. */
  readonly heardMs: number | null;
}

/** A report that the unit keeps in its journal. */
export interface KeptReport {
  readonly number: number;
  readonly kind: string;
  readonly at: string;
}

/** The unit that is looked at. */
export interface OpenedUnit {
  readonly id: string;
  readonly cid: string;
  readonly mark: Mark;
  /** What it shows, "" while it is dark; null, as in what follows, where nobody can know. */
  readonly lamp: string | null;
  readonly mains: boolean | null;
  readonly batteryPermille: number | null;
  readonly routes: readonly RouteView[];
  readonly journal: readonly KeptReport[];
  readonly notes: readonly Note[];
  /** Of its last presses, the newest first. */
  readonly ladders: readonly Ladder[];
}

/** How things are; sent several times a second while they change. */
export interface Frame {
  /** Of the story that it belongs to. */
  readonly version: number;
  readonly atMs: number;
  readonly running: boolean;
  /** Story time per real time; 0: as fast as it goes. */
  readonly speed: number;
  /** How far it has been played again, and up to where it will be; null: not so. */
  readonly catchingUp: { readonly atMs: number; readonly toMs: number } | null;
  /** Marks of all units, in the order of the story; null: only `changed`. */
  readonly marks: string | null;
  /** Place of a unit and its mark now. */
  readonly changed: readonly (readonly [number, Mark])[];
  readonly counts: Counts;
  /** The oldest first; at most 100. */
  readonly waiting: readonly Waiting[];
  /** Accepted since the last frame; with `marks`, all of them. */
  readonly waits: readonly Wait[];
  readonly broken: readonly Broken[];
  readonly done: readonly DoneDeed[];
  /** The last that the monitor said, the newest first. */
  readonly notices: readonly Notice[];
  readonly opened: OpenedUnit | null;
  /** At the end of the story; null before. */
  readonly digest: string | null;
}

/** What a person may do to a town by hand. */
export type Deed =
  | { readonly type: "press"; readonly unit: string; readonly button: number }
  | { readonly type: "key"; readonly unit: string; readonly key: "help" | "cancel" }
  | { readonly type: "handle"; readonly unit: string; readonly how: "unplugged" | "plugged-in" }
  | { readonly type: "fault"; readonly object: SharedKind | "unit"; readonly name: string; readonly fault: string };

export type Order =
  | { readonly type: "play" | "pause" | "save" }
  | { readonly type: "speed"; readonly speed: number }
  | { readonly type: "step" | "seek"; readonly ms: number }
  | { readonly type: "open"; readonly unit: string | null }
  | { readonly type: "do"; readonly deed: Deed }
  | { readonly type: "mend"; readonly object: string; readonly name: string };

/** Faults that the page offers for each kind of object, the usual one first. Words of scenario files. */
export const offeredFaults: Readonly<Record<SharedKind | "unit", readonly string[]>> = {
  cell: ["down", "no-data", "lossy"],
  operator: ["down", "no-data", "slow", "denied"],
  broadband: ["down", "no-data", "lossy", "no-address"],
  receiver: ["refuse-connect", "silent-after-200", "silent-open", "busy", "sip-503"],
  power: ["off"],
  unit: ["dead", "frozen-modem"],
};

/** Answer to an order. */
export type Answer = { readonly ok: true; readonly saved?: string } | { readonly ok: false; readonly why: string };
