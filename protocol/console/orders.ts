/**
 * What service people may order over an open service line, and what a unit answers: the same kind of table as in
 * messages.ts, which joins them. Nothing here raises, accepts, cancels or silences an alarm.
 */
import type { AccessoryType } from "../radio/accessory-types.ts";
import type { ButtonForm } from "../radio/button-flags.ts";
import { type ConsoleRow, hexField, numberField, textField, wordField } from "./fields.ts";
import type { InstallEvent, InstallOrder } from "./install-orders.ts";
import { days, form, highestWord, life, person, place, places, to, where } from "./order-fields.ts";

export type LifeWord = "stored" | "prepared" | "installed" | "in-service" | "suspended" | "returned" | "wiped";

export type DeviceForm = ButtonForm | AccessoryType;

export type ConsoleOrder =
  | InstallOrder
  | { readonly type: "lock" }
  /** Events of the log from sequence number `from` on. */
  | { readonly type: "log-read"; readonly from: number; readonly count: number }
  | { readonly type: "settings-state" }
  /** A piece of the settings in force, without what is secret in them. */
  | { readonly type: "settings-get"; readonly at: number }
  | { readonly type: "settings-begin"; readonly length: number; readonly crc: number }
  | { readonly type: "settings-put"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly type: "settings-end" }
  | { readonly type: "test-mode"; readonly mode: "on" | "off" }
  | { readonly type: "life"; readonly life: LifeWord }
  | {
      readonly type: "pair";
      /** 4 bytes, and the 16 of its label. */
      readonly address: Uint8Array;
      readonly label: Uint8Array;
      readonly person: number;
      readonly form: DeviceForm;
      readonly where: string;
    }
  | { readonly type: "revoke"; readonly place: number }
  | { readonly type: "range-walk"; readonly place: number; readonly where: string }
  | { readonly type: "range-end" }
  | { readonly type: "path-test" }
  | { readonly type: "self-check" }
  | { readonly type: "restart" }
  /** Planned work on a network or a receiver, in seconds since 1970 (UTC), the end excluded. */
  | { readonly type: "maintenance"; readonly from: number; readonly to: number }
  | { readonly type: "battery-replaced" }
  | { readonly type: "press-ask" }
  | { readonly type: "query" }
  | { readonly type: "state" }
  | { readonly type: "devices"; readonly from: number };

export type OrderRefusal =
  | "alarm"
  | "busy"
  | "not-now"
  | "unknown"
  | "unsupported"
  | "unreadable"
  | "unusable"
  | "too-long"
  | "on-trial"
  | "no-room";

export type OrderEvent =
  | InstallEvent
  | { readonly type: "done"; readonly to: number }
  /** It goes on; what comes of it is told by events of its own. */
  | { readonly type: "begun"; readonly to: number }
  | { readonly type: "refused"; readonly to: number; readonly why: OrderRefusal }
  | { readonly type: "entry"; readonly to: number; readonly bytes: Uint8Array }
  | { readonly type: "log-end"; readonly to: number; readonly first: number; readonly next: number }
  | {
      readonly type: "settings";
      readonly to: number;
      readonly stage: "none" | "proven" | "staged" | "trial";
      readonly version: number;
      readonly staged: number;
      readonly source: "in-force" | "previous" | "fallback";
      readonly length: number;
    }
  | { readonly type: "settings-part"; readonly to: number; readonly at: number; readonly bytes: Uint8Array }
  | {
      readonly type: "path";
      readonly route: "broadband" | "mobile";
      readonly receiver: number;
      readonly result: "accepted" | "carried" | "refused" | "no-answer" | "not-measured";
    }
  | {
      readonly type: "check";
      readonly part: string;
      readonly result: "passed" | "failed" | "absent";
      readonly code: number;
    }
  | {
      readonly type: "walk";
      readonly place: number;
      readonly where: string;
      readonly presses: number;
      readonly margin: number;
      readonly result: "passed" | "failed" | "unheard";
    }
  | {
      readonly type: "state";
      readonly to: number;
      readonly life: LifeWord;
      readonly test: "on" | "off";
      /** 4 bytes each: bit 0 stands for place 0 and for person 1. */
      readonly unverified: Uint8Array;
      readonly warned: Uint8Array;
      /** Numbers of receivers, from 1, with full stops between. */
      readonly open: string;
      readonly days: number;
      readonly faults: number;
    }
  | {
      readonly type: "device";
      readonly to: number;
      readonly place: number;
      readonly did: string;
      readonly person: number;
      readonly where: string;
      readonly state: "verified" | "not-verified" | "revoked";
      readonly lacks: "nothing" | "battery" | "contact" | "both";
      readonly days: number;
    }
  | { readonly type: "devices-end"; readonly to: number; readonly next: number }
  | {
      readonly type: "pairing";
      readonly what: "opened" | "found" | "refused" | "joined" | "ended";
      readonly place: number;
      readonly person: number;
      readonly why: "none" | "no-place" | "slot-taken" | "stopped" | "paired" | "timed-out";
    };

/** Settings are at most so long, and one line carries so much of them. */
export const settingsBytesLimit = 1_536;
export const settingsPieceLength = 40;
/** Events that one `log-read` brings: no more than a line takes at once. */
export const logReadLimit = 12;
/** Devices that one `devices` brings. */
export const deviceReadLimit = 8;
const entryLength = 32;

const at = numberField("at", settingsBytesLimit, "offset in the settings");
const piece = hexField("bytes", settingsPieceLength, "of the settings");

export const orderRows: readonly ConsoleRow[] = [
  { type: "lock", fields: [], means: "Locks the line: `locked`" },
  {
    type: "log-read",
    fields: [
      numberField("from", highestWord, "sequence number of the first event"),
      numberField("count", logReadLimit, "events at most"),
    ],
    means: "The log: `entry` for each event, then `log-end`",
  },
  { type: "settings-state", fields: [], means: "Which settings are in force? `settings`" },
  { type: "settings-get", fields: [at], means: "Settings in force, without passwords, PIN and keys: `settings-part`" },
  {
    type: "settings-begin",
    fields: [
      numberField("length", settingsBytesLimit, "of the new settings"),
      numberField("crc", highestWord, "CRC-32 of them"),
    ],
    means: "New settings follow: `done` or `refused`",
  },
  { type: "settings-put", fields: [at, piece], means: "The next piece of them: `done` or `refused`" },
  {
    type: "settings-end",
    fields: [],
    means: "They are whole: checked, then on trial as soon as no alarm waits: `begun` or `refused`",
  },
  {
    type: "test-mode",
    fields: [wordField("mode", ["on", "off"], "ends by itself in 15 min; a real alarm is sent all the same")],
    means: "Test mode: `done` or `refused`",
  },
  { type: "life", fields: [life], means: "Life state: `done` or `refused`" },
  {
    type: "pair",
    fields: [hexField("address", 4, "of the device"), hexField("label", 16, "key on its label"), person, form, where],
    means: "This device is expected for 120 s: `begun` or `refused`",
  },
  { type: "revoke", fields: [place], means: "A lost device: `done` or `refused`" },
  {
    type: "range-walk",
    fields: [place, where],
    means: "The next presses of this button count for this room: `begun` or `refused`",
  },
  { type: "range-end", fields: [], means: "The walk is over: a `walk` for each room, then `done`" },
  { type: "path-test", fields: [], means: "Every route to every receiver: `begun`, then a `path` for each" },
  { type: "self-check", fields: [], means: "Every part: `begun`, then a `check` for each" },
  { type: "restart", fields: [], means: "The unit starts anew; refused while an alarm waits: `done` or `refused`" },
  {
    type: "maintenance",
    fields: [
      numberField("from", highestWord, "when planned work begins, in s since 1970 (UTC)"),
      numberField("to", highestWord, "when it is over, 24 h later at most"),
    ],
    means: "Technical reports meanwhile say that they come of planned work: `done` or `refused`",
  },
  { type: "battery-replaced", fields: [], means: "The unit has a new battery: `done` or `refused`" },
  { type: "press-ask", fields: [], means: "The wearer is asked for a test press: `done` or `refused`" },
  { type: "query", fields: [], means: "The unit says aloud how it stands, as at its key: `done`" },
  { type: "state", fields: [], means: "How is the unit kept? `state`, then `done`" },
  {
    type: "devices",
    fields: [numberField("from", places, "first place in the table of bonds")],
    means: "Eight devices at most: `device` for each, `devices-end`, then `done`",
  },
];

export const orderEventRows: readonly ConsoleRow[] = [
  { type: "done", fields: [to], means: "The order was carried out" },
  { type: "begun", fields: [to], means: "The order is being carried out" },
  {
    type: "refused",
    fields: [
      to,
      wordField(
        "why",
        [
          "alarm",
          "busy",
          "not-now",
          "unknown",
          "unsupported",
          "unreadable",
          "unusable",
          "too-long",
          "on-trial",
          "no-room",
        ],
        "an alarm waits, or what was wrong with the order",
      ),
    ],
    means: "Nothing was done",
  },
  {
    type: "entry",
    fields: [to, hexField("bytes", entryLength, "one event as it stands on flash")],
    means: "An event of the log",
  },
  {
    type: "log-end",
    fields: [
      to,
      numberField("first", highestWord, "sequence number of the oldest event kept"),
      numberField("next", highestWord, "of the event that comes next"),
    ],
    means: "No further event was asked for or is there",
  },
  {
    type: "settings",
    fields: [
      to,
      wordField("stage", ["none", "proven", "staged", "trial"], "of the newest"),
      numberField("version", highestWord, "in force"),
      numberField("staged", highestWord, "version that waits, or 0"),
      wordField("source", ["in-force", "previous", "fallback"], "what the unit runs on"),
      numberField("length", settingsBytesLimit, "of what `settings-get` shows"),
    ],
    means: "Answer to `settings-state`",
  },
  { type: "settings-part", fields: [to, at, piece], means: "Answer to `settings-get`; empty behind the end" },
  {
    type: "path",
    fields: [
      wordField("route", ["broadband", "mobile"], "tried"),
      numberField("receiver", 99, "from 1"),
      wordField("result", ["accepted", "carried", "refused", "no-answer", "not-measured"], "what came back"),
    ],
    means: "Result of one path",
  },
  {
    type: "check",
    fields: [
      textField("part", 16, "what was checked"),
      wordField("result", ["passed", "failed", "absent"], "of the check"),
      numberField("code", 9_999, "of the fault, 0 for none"),
    ],
    means: "Result of one check",
  },
  {
    type: "walk",
    fields: [
      place,
      where,
      numberField("presses", 99, "heard from there"),
      numberField("margin", 120, "in dB, of the weakest; 0 where none was heard"),
      wordField("result", ["passed", "failed", "unheard"], "against the pass limit"),
    ],
    means: "Result of one room",
  },
  {
    type: "state",
    fields: [
      to,
      life,
      wordField("test", ["on", "off"], "test mode"),
      hexField("unverified", 4, "places whose calls nobody has accepted yet, the lowest bit for place 0"),
      hexField("warned", 4, "persons without a proven device, the lowest bit for person 1"),
      textField("open", 7, "receivers from 1 that nothing proves to be who they are, full stops between"),
      days,
      numberField("faults", 99, "known of the unit itself"),
    ],
    means: "Answer to `state`",
  },
  {
    type: "device",
    fields: [
      to,
      place,
      textField("did", 8, "its identity in messages"),
      person,
      where,
      wordField("state", ["verified", "not-verified", "revoked"], "whether its calls were ever accepted"),
      wordField("lacks", ["nothing", "battery", "contact", "both"], "what is to be seen to"),
      days,
    ],
    means: "A device of the table of bonds",
  },
  {
    type: "devices-end",
    fields: [to, numberField("next", places + 1, "first place that was not told of; 32 after the last")],
    means: "No further device was asked for or is there",
  },
  {
    type: "pairing",
    fields: [
      wordField("what", ["opened", "found", "refused", "joined", "ended"], "with the window for new devices"),
      place,
      person,
      wordField("why", ["none", "no-place", "slot-taken", "stopped", "paired", "timed-out"], "it was refused or ended"),
    ],
    means: "What comes of `pair`; place and person are 0 where they say nothing",
  },
];
