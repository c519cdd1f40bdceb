/** The fields of a unit's settings, one row for each tag: how it is written and read. */
import type { Reader } from "../../protocol/bytes/reader.ts";
import type { Writer } from "../../protocol/bytes/writer.ts";
import type { ModemSettings } from "../modem/modem-state.ts";
import {
  type DepartmentSettings,
  departmentDefaults,
  type RoutePolicy,
  receiverLimit,
  type UnitSettings,
  usualProofS,
} from "../settings.ts";
import type { ReceiverAddress, Transport } from "../sip/receiver-address.ts";
import type { SmsSettings } from "../sms/sms-settings.ts";
import type { UpdateSettings } from "../update/update-settings.ts";
import { type VoiceSettings, voiceDefaults } from "../voice/voice-settings.ts";
import { type DepartmentDraft, type DepartmentRow, departmentRows } from "./settings-codec-departments.ts";
import { putNumbers, putText, putWhole, takeNumbers, takeText } from "./settings-codec-fields.ts";
import { lineRows } from "./settings-codec-lines.ts";

/** Addresses that one receiver may answer from. */
const answerFromLimit = 4;
/** As they are numbered here; a number keeps its meaning. */
const policies: readonly RoutePolicy[] = ["mobile-first", "broadband-first", "mobile-only", "broadband-only"];
const transports: readonly (Transport | undefined)[] = [undefined, "udp", "tcp", "tls"];
/** Beside the transport's number: a server name follows. */
const named = 0x80;

/** Settings while they are being read. */
export interface Draft {
  cid: string;
  domain: string;
  policy: RoutePolicy | undefined;
  receivers: ReceiverAddress[];
  localPort: number;
  modem: ModemSettings;
  staggerMs: number;
  provenWithinS: number | undefined;
  serviceKey: Uint8Array | undefined;
  departments: DepartmentDraft | undefined;
  voice: VoiceSettings | undefined;
  sms: SmsSettings | undefined;
  update: UpdateSettings | undefined;
}

/** One tag. `put` is asked `count` times; `shown` leaves out what is secret. `take` answers false where a value is none. */
export interface SettingsRow {
  readonly tag: number;
  readonly field: string;
  readonly count: (settings: UnitSettings) => number;
  readonly put: (settings: UnitSettings, index: number, to: Writer, shown: boolean) => void;
  readonly take: (from: Reader, draft: Draft) => boolean;
}

export function rowOf(tag: number): SettingsRow | undefined {
  for (const row of settingsRows) if (row.tag === tag) return row;
  return undefined;
}

function putReceiver(to: Writer, receiver: ReceiverAddress, shown: boolean): void {
  if (receiver.answerFrom.length > answerFromLimit) to.overrun = true;
  putText(to, receiver.uri);
  putText(to, receiver.host);
  putWhole(to, receiver.port, 2);
  putText(to, receiver.user);
  putText(to, shown ? "" : receiver.password);
  to.u8(receiver.answerFrom.length);
  for (const address of receiver.answerFrom) putText(to, address);
}

function takeReceiver(from: Reader, draft: Draft): boolean {
  const uri = takeText(from);
  const host = takeText(from);
  const port = from.u16();
  const user = takeText(from);
  const password = takeText(from);
  const count = from.u8();
  if (count > answerFromLimit || draft.receivers.length >= receiverLimit) return false;
  const answerFrom: string[] = [];
  for (let i = 0; i < count; i++) answerFrom.push(takeText(from));
  draft.receivers.push({ uri, host, port, user, password, answerFrom });
  return true;
}

function takeModem(from: Reader, draft: Draft): boolean {
  const apn = takeText(from);
  const user = takeText(from);
  const password = takeText(from);
  draft.modem = { apn, user, password, pin: takeText(from) };
  return true;
}

/** How receivers are reached stands behind them in a field of its own, which the first version did not have. */
function waysOf(settings: UnitSettings): number {
  for (const receiver of settings.receivers)
    if (receiver.transport !== undefined || receiver.serverName !== undefined) return 1;
  return 0;
}

function putWays(settings: UnitSettings, to: Writer): void {
  for (const receiver of settings.receivers) {
    const name = receiver.serverName;
    putWhole(to, transports.indexOf(receiver.transport) + (name === undefined ? 0 : named), 1);
    if (name !== undefined) putText(to, name);
  }
}

/** One for each receiver, in their order. */
function takeWays(from: Reader, draft: Draft): boolean {
  for (let i = 0; i < draft.receivers.length; i++) {
    const byte = from.u8();
    const isNamed = byte >= named;
    const place = isNamed ? byte - named : byte;
    if (place >= transports.length) return false;
    const way: { transport?: Transport; serverName?: string } = {};
    const transport = transports[place];
    if (transport !== undefined) way.transport = transport;
    if (isNamed) way.serverName = takeText(from);
    draft.receivers[i] = Object.assign({}, draft.receivers[i] as ReceiverAddress, way);
  }
  return true;
}

function putVoice(settings: UnitSettings, to: Writer): void {
  const voice = settings.voice;
  if (voice === undefined) return;
  putText(to, voice.fallbackNumber);
  putNumbers(to, voice.allowedNumbers);
  putNumbers(to, voice.receiverNumbers);
}

function takeVoice(from: Reader, draft: Draft): boolean {
  const fallbackNumber = takeText(from);
  const allowedNumbers = takeNumbers(from);
  const receiverNumbers = takeNumbers(from);
  draft.voice = Object.assign({}, voiceDefaults, { fallbackNumber, allowedNumbers, receiverNumbers });
  return true;
}

function rowOfDepartment(row: DepartmentRow): SettingsRow {
  return {
    tag: row.tag,
    field: row.field,
    count: (settings) => (settings.departments === undefined ? 0 : 1),
    put: (settings, _index, to) => row.put(settings.departments as DepartmentSettings, to),
    take: (from, draft) => {
      if (draft.departments === undefined) draft.departments = Object.assign({}, departmentDefaults);
      row.take(from, draft.departments);
      return true;
    },
  };
}

function allRows(): readonly SettingsRow[] {
  const rows: SettingsRow[] = [];
  for (const row of plainRows) rows.push(row);
  for (const row of departmentRows) rows.push(rowOfDepartment(row));
  rows.push(wayRow);
  rows.push(voiceRow);
  for (const row of lineRows) rows.push(row);
  rows.push(proofRow);
  return rows;
}

export const receiverTag = 4;

/** By rising tag. A tag, once given out, keeps its meaning in every later version. */
const plainRows: readonly SettingsRow[] = [
  {
    tag: 1,
    field: "cid",
    count: () => 1,
    put: (settings, _index, to) => putText(to, settings.cid),
    take: (from, draft) => {
      draft.cid = takeText(from);
      return true;
    },
  },
  {
    tag: 2,
    field: "domain",
    count: () => 1,
    put: (settings, _index, to) => putText(to, settings.domain),
    take: (from, draft) => {
      draft.domain = takeText(from);
      return true;
    },
  },
  {
    tag: 3,
    field: "policy",
    count: () => 1,
    put: (settings, _index, to) => putWhole(to, policies.indexOf(settings.policy), 1),
    take: (from, draft) => {
      draft.policy = policies[from.u8()];
      return draft.policy !== undefined;
    },
  },
  {
    tag: receiverTag,
    field: "receiver",
    count: (settings) => settings.receivers.length,
    put: (settings, index, to, shown) => putReceiver(to, settings.receivers[index] as ReceiverAddress, shown),
    take: takeReceiver,
  },
  {
    tag: 5,
    field: "local port",
    count: () => 1,
    put: (settings, _index, to) => putWhole(to, settings.localPort, 2),
    take: (from, draft) => {
      draft.localPort = from.u16();
      return true;
    },
  },
  {
    tag: 6,
    field: "modem",
    count: () => 1,
    put: (settings, _index, to, shown) => {
      putText(to, settings.modem.apn);
      putText(to, settings.modem.user);
      putText(to, shown ? "" : settings.modem.password);
      putText(to, shown ? "" : settings.modem.pin);
    },
    take: takeModem,
  },
  {
    tag: 7,
    field: "stagger",
    count: () => 1,
    put: (settings, _index, to) => putWhole(to, settings.staggerMs, 2),
    take: (from, draft) => {
      draft.staggerMs = from.u16();
      return true;
    },
  },
  {
    tag: 8,
    field: "service key",
    count: (settings) => (settings.serviceKey === undefined ? 0 : 1),
    put: (settings, _index, to, shown) => {
      if (!shown && settings.serviceKey !== undefined) to.put(settings.serviceKey);
    },
    take: (from, draft) => {
      const length = from.left;
      draft.serviceKey = length === 0 ? undefined : new Uint8Array(from.view(length));
      return length === 0 || length === 16;
    },
  },
];

const wayRow: SettingsRow = {
  tag: 15,
  field: "way to the receivers",
  count: waysOf,
  put: (settings, _index, to) => putWays(settings, to),
  take: takeWays,
};

const voiceRow: SettingsRow = {
  tag: 16,
  field: "voice",
  count: (settings) => (settings.voice === undefined ? 0 : 1),
  put: (settings, _index, to) => putVoice(settings, to),
  take: takeVoice,
};

/** May be left out: who does not know it proves the route more often. */
const proofRow: SettingsRow = {
  tag: 128,
  field: "proof of the route",
  count: (settings) => (settings.provenWithinS === undefined ? 0 : 1),
  put: (settings, _index, to) => putWhole(to, settings.provenWithinS ?? usualProofS, 4),
  take: (from, draft) => {
    draft.provenWithinS = from.u32();
    return true;
  },
};

export const settingsRows: readonly SettingsRow[] = allRows();
