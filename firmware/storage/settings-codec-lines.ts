/** The fields of a unit's settings that say how it is reached beside its messages: calls, short messages, registrations, the modem's trust. */
import type { Reader } from "../../protocol/bytes/reader.ts";
import type { Writer } from "../../protocol/bytes/writer.ts";
import type { UnitSettings } from "../settings.ts";
import type { ReceiverAddress } from "../sip/receiver-address.ts";
import { mobileCallKinds } from "../voice/voice-settings.ts";
import { putChoice, putNumbers, putText, takeChoice, takeNumbers, takeText } from "./settings-codec-fields.ts";
import type { Draft, SettingsRow } from "./settings-codec-rows.ts";
import { putUpdate, takeUpdate } from "./settings-codec-update.ts";

const keyLength = 16;

function putCalls(settings: UnitSettings, to: Writer): void {
  const voice = settings.voice;
  if (voice === undefined) return;
  putChoice(to, mobileCallKinds, voice.mobileCalls);
  putNumbers(to, voice.relatives);
}

/** Behind the row that it adds to. */
function takeCalls(from: Reader, draft: Draft): boolean {
  if (draft.voice === undefined) return false;
  const mobileCalls = takeChoice(from, mobileCallKinds);
  draft.voice = Object.assign({}, draft.voice, { mobileCalls, relatives: takeNumbers(from) });
  return true;
}

function putSms(settings: UnitSettings, to: Writer, shown: boolean): void {
  const sms = settings.sms;
  if (sms === undefined) return;
  putText(to, sms.number);
  const key = sms.key;
  if (key !== undefined && key.length !== keyLength) to.overrun = true;
  to.u8(key === undefined || shown ? 0 : keyLength);
  if (key !== undefined && !shown) to.put(key);
}

function takeSms(from: Reader, draft: Draft): boolean {
  const number = takeText(from);
  const length = from.u8();
  if (length !== 0 && length !== keyLength) return false;
  draft.sms = { number, key: length === 0 ? undefined : new Uint8Array(from.view(keyLength)) };
  return true;
}

/** One bit for each receiver, the first one lowest. */
function registrars(settings: UnitSettings): number {
  let bits = 0;
  for (let i = 0; i < settings.receivers.length; i++)
    if ((settings.receivers[i] as ReceiverAddress).register === true) bits |= 1 << i;
  return bits;
}

/** Behind the receivers. */
function takeRegistrars(from: Reader, draft: Draft): boolean {
  const bits = from.u8();
  if (bits >>> draft.receivers.length !== 0) return false;
  for (let i = 0; i < draft.receivers.length; i++)
    if ((bits & (1 << i)) !== 0)
      draft.receivers[i] = Object.assign({}, draft.receivers[i] as ReceiverAddress, { register: true });
  return true;
}

function hasAddresses(settings: UnitSettings): boolean {
  for (const receiver of settings.receivers) if (receiver.address !== undefined) return true;
  return false;
}

/** By receiver; empty where a name stands for itself. */
function putAddresses(settings: UnitSettings, to: Writer): void {
  for (const receiver of settings.receivers) putText(to, receiver.address ?? "");
}

/** Behind the receivers. */
function takeAddresses(from: Reader, draft: Draft): boolean {
  for (let i = 0; i < draft.receivers.length; i++) {
    const address = takeText(from);
    if (address !== "") draft.receivers[i] = Object.assign({}, draft.receivers[i] as ReceiverAddress, { address });
  }
  return true;
}

function takeTrust(from: Reader, draft: Draft): boolean {
  draft.modem = Object.assign({}, draft.modem, { caFile: takeText(from) });
  return true;
}

function takeDialect(from: Reader, draft: Draft): boolean {
  draft.modem = Object.assign({}, draft.modem, { dialect: takeText(from) });
  return true;
}

function takeNetworks(from: Reader, draft: Draft): boolean {
  draft.modem = Object.assign({}, draft.modem, { operators: takeNumbers(from) });
  return true;
}

export const lineRows: readonly SettingsRow[] = [
  {
    tag: 17,
    field: "calls",
    count: (settings) => (settings.voice === undefined ? 0 : 1),
    put: (settings, _index, to) => putCalls(settings, to),
    take: takeCalls,
  },
  {
    tag: 18,
    field: "short messages",
    count: (settings) => (settings.sms === undefined ? 0 : 1),
    put: (settings, _index, to, shown) => putSms(settings, to, shown),
    take: takeSms,
  },
  {
    tag: 19,
    field: "registration",
    count: (settings) => (registrars(settings) === 0 ? 0 : 1),
    put: (settings, _index, to) => to.u8(registrars(settings)),
    take: takeRegistrars,
  },
  {
    tag: 20,
    field: "modem's trust",
    count: (settings) => ((settings.modem.caFile ?? "") === "" ? 0 : 1),
    put: (settings, _index, to) => putText(to, settings.modem.caFile ?? ""),
    take: takeTrust,
  },
  {
    tag: 21,
    field: "receivers' addresses",
    count: (settings) => (hasAddresses(settings) ? 1 : 0),
    put: (settings, _index, to) => putAddresses(settings, to),
    take: takeAddresses,
  },
  {
    tag: 22,
    field: "networks",
    count: (settings) => ((settings.modem.operators ?? []).length === 0 ? 0 : 1),
    put: (settings, _index, to) => putNumbers(to, settings.modem.operators ?? []),
    take: takeNetworks,
  },
  {
    tag: 23,
    field: "modem's dialect",
    count: (settings) => ((settings.modem.dialect ?? "") === "" ? 0 : 1),
    put: (settings, _index, to) => putText(to, settings.modem.dialect ?? ""),
    take: takeDialect,
  },
  {
    tag: 24,
    field: "updates",
    count: (settings) => (settings.update === undefined ? 0 : 1),
    put: (settings, _index, to) => {
      if (settings.update !== undefined) putUpdate(settings.update, to);
    },
    take: (from, draft) => {
      draft.update = takeUpdate(from);
      return true;
    },
  },
];
