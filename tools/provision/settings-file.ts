/**
 * A unit's settings as people write them: JSON with a schema. What is left out is as the firmware has it; what the unit would not
 * take is refused here, in the firmware's own words. Passwords, PIN and keys may stand elsewhere: `secret:NAME` is one of the keys' file.
 */
import { z } from "zod";
import {
  type DepartmentSettings,
  defaultStaggerMs,
  departmentDefaults,
  departmentsOf,
  longestProofS,
  settingsFault,
  type UnitSettings,
  usualProofS,
} from "../../firmware/settings.ts";
import type { ReceiverAddress } from "../../firmware/sip/receiver-address.ts";
import { decodeSettings, encodeSettings, settingsLimit } from "../../firmware/storage/settings-codec.ts";
import { mobileCallKinds } from "../../firmware/voice/voice-settings.ts";
import { faultText } from "../../protocol/result.ts";
import { UserError } from "../user-error.ts";
import { checked, readJson } from "./files.ts";

/** Jobs that null takes away. */
const mayBeOff: readonly string[] = ["autolarm", "dailyCheck"];

const text = z.string().max(128);
const receiver = z.strictObject({
  uri: text.min(1).describe("such as sip:arc@larm.example"),
  host: text.min(1),
  port: z.number().int().min(0).max(65_535).default(5_060),
  transport: z.enum(["udp", "tcp", "tls"]).optional(),
  serverName: text.optional(),
  address: text.optional(),
  user: text.default(""),
  password: text.default("").describe("secret:NAME stands for one in the keys' file"),
  answerFrom: z.array(text).max(4).default([]),
  register: z.boolean().optional(),
});

export const settingsSchema = z.strictObject({
  format: z.literal(1),
  larmkod: z.string().regex(/^\d{1,16}$/),
  domain: text.min(1).describe("of the unit's SIP address"),
  policy: z.enum(["mobile-first", "broadband-first", "mobile-only", "broadband-only"]),
  receivers: z.array(receiver).min(1).max(4),
  localPort: z.number().int().min(0).max(65_535).default(0),
  modem: z
    .strictObject({
      apn: text.default(""),
      user: text.default(""),
      password: text.default(""),
      pin: text.default(""),
      caFile: text.optional(),
      dialect: text.optional(),
      operators: z.array(text).optional(),
    })
    .prefault({}),
  staggerMs: z.number().int().min(1).max(20_000).default(defaultStaggerMs),
  provenWithinS: z
    .number()
    .int()
    .min(usualProofS)
    .max(longestProofS)
    .optional()
    .describe("longest time that the active route goes unproven; 180 s unless said"),
  departments: schemaOf(departmentDefaults).optional(),
  voice: z
    .strictObject({
      allowedNumbers: z.array(text).default([]),
      receiverNumbers: z.array(text).default([]),
      fallbackNumber: text.default(""),
      relatives: z.array(text).default([]),
      mobileCalls: z.enum(mobileCallKinds as unknown as ["none", "instead-of-data", "beside-data"]).default("none"),
    })
    .optional(),
  sms: z
    .strictObject({ number: text, key: text.default("").describe("32 hexadecimal digits, or secret:NAME") })
    .optional(),
});

/** The settings of a file, or of the plan that the file is. Throws UserError (2). */
export function readSettingsFile(path: string): SettingsFile {
  const hint = "livlina config schema shows every field";
  const whole = readJson(path, z.looseObject({ settings: z.unknown().optional() }), hint);
  return checked(path, whole.settings ?? whole, settingsSchema, hint);
}

export type SettingsFile = z.output<typeof settingsSchema>;

/** Looks up `secret:NAME`. */
export type Secrets = Readonly<Record<string, string>>;

/** For the unit with that service key. Throws UserError (2) in the words of what the unit would say. */
export function settingsOf(file: SettingsFile, from: string, serviceKey: Uint8Array, secrets: Secrets): UnitSettings {
  const open = (value: string): string => opened(value, from, secrets);
  const { departments, voice, sms, modem, larmkod, format: _format, receivers, ...same } = file;
  const settings: UnitSettings = {
    ...same,
    cid: larmkod,
    receivers: receivers.map((each) => withoutAbsent({ ...each, password: open(each.password) }) as ReceiverAddress),
    modem: withoutAbsent({ ...modem, password: open(modem.password), pin: open(modem.pin) }),
    bonds: [],
    serviceKey,
    ...(departments === undefined
      ? {}
      : { departments: merged(departmentDefaults, departments) as DepartmentSettings }),
    ...(voice === undefined ? {} : { voice }),
    ...(sms === undefined ? {} : { sms: { number: sms.number, key: keyOf(open(sms.key)) } }),
  };
  const fault = settingsFault(settings);
  if (fault !== undefined) throw new UserError(`${from}: ${fault}`, "livlina config schema shows every field", 2);
  const bytes = encodeSettings(settings);
  if (bytes === undefined)
    throw new UserError(
      `${from}: the settings are longer than ${settingsLimit} bytes, or a text is longer than 128`,
      "shorter texts, or fewer receivers",
      2,
    );
  // As the unit itself will have them: `register: false` and none at all are the same there.
  const read = decodeSettings(bytes);
  if (!read.ok) throw new Error(`settings: ${faultText(read.fault)}`);
  return read.value;
}

/** Without secrets, and with every department as it is in force: what two settings are compared by. */
export function comparable(settings: UnitSettings): SettingsFile {
  return fileOf({ ...withoutSecrets(settings), departments: departmentsOf(settings) });
}

/** As a file would say it, every field that has a value; what a unit keeps secret is empty there. */
export function fileOf(settings: UnitSettings): SettingsFile {
  const { cid, bonds: _bonds, serviceKey: _key, sms, voice, departments, receivers, ...same } = settings;
  const plain = {
    format: 1,
    larmkod: cid,
    ...same,
    receivers,
    ...(departments === undefined ? {} : { departments: shown(departments) }),
    ...(voice === undefined ? {} : { voice }),
    ...(sms === undefined ? {} : { sms: { number: sms.number, key: "" } }),
  };
  return JSON.parse(JSON.stringify(plain)) as SettingsFile;
}

/** The same without what must not be shown. */
export function withoutSecrets(settings: UnitSettings): UnitSettings {
  const { serviceKey: _key, ...rest } = settings;
  return {
    ...rest,
    receivers: rest.receivers.map((each) => ({ ...each, password: "" })),
    modem: { ...rest.modem, password: "", pin: "" },
    ...(rest.sms === undefined ? {} : { sms: { number: rest.sms.number, key: undefined } }),
  };
}

export interface Difference {
  /** Such as `receivers.0.port`. */
  readonly path: string;
  /** As JSON; undefined where there is none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Field by field, in the order of the fields. */
export function differences(before: unknown, after: unknown, path = ""): readonly Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isRecord(before) || !isRecord(after))
    return [{ path, before: JSON.stringify(before), after: JSON.stringify(after) }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => differences(before[name], after[name], path === "" ? name : `${path}.${name}`));
}

function opened(value: string, from: string, secrets: Secrets): string {
  if (!value.startsWith("secret:")) return value;
  const secret = secrets[value.slice("secret:".length)];
  if (secret !== undefined) return secret;
  throw new UserError(
    `${from}: ${value} is not in the keys' file`,
    `livlina keys secret ${value.slice(7)} --into FILE`,
    2,
  );
}

function keyOf(text: string): Uint8Array | undefined {
  return text === "" ? undefined : new Uint8Array(Buffer.from(text, "hex"));
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

/** What is off stands as null in the file and is absent in the firmware. */
function merged(defaults: unknown, given: unknown): unknown {
  if (given === undefined) return defaults;
  if (given === null) return undefined;
  if (!isRecord(defaults) || !isRecord(given)) return given;
  return Object.fromEntries(
    [...new Set([...Object.keys(defaults), ...Object.keys(given)])].map((name) => [
      name,
      merged(defaults[name], given[name]),
    ]),
  );
}

function shown(value: unknown): unknown {
  if (value === undefined) return null;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each)]));
}

/** Every field of the firmware's defaults, each of which may be left out; one that can be absent may be null. */
function schemaOf(defaults: unknown): z.ZodType {
  if (Array.isArray(defaults))
    return z.array(defaults.length === 0 ? z.record(z.string(), z.number()) : schemaOf(defaults[0]));
  if (isRecord(defaults)) {
    const fields = Object.entries(defaults).map(([name, value]) => [
      name,
      (mayBeOff.includes(name) ? z.nullable(schemaOf(value)) : schemaOf(value)).optional(),
    ]);
    return z.strictObject(Object.fromEntries(fields) as Record<string, z.ZodType>);
  }
  if (typeof defaults === "number") return z.number().int();
  return typeof defaults === "boolean" ? z.boolean() : z.string().max(420);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
