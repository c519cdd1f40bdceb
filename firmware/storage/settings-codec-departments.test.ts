import fc from "fast-check";
import { expect, test } from "vitest";
import { type DepartmentSettings, departmentDefaults, settingsFault, type UnitSettings } from "../settings.ts";
import { anyDepartments } from "./arbitraries.ts";
import { decodeSettings, encodeSettings, encodeShown } from "./settings-codec.ts";
import { curvePointLimit } from "./settings-codec-departments.ts";

const receiver = { uri: "sip:arc@a", host: "a", port: 5060, user: "", password: "", answerFrom: [] };
const plain: UnitSettings = {
  cid: "1",
  domain: "d",
  policy: "mobile-first",
  receivers: [receiver],
  localPort: 0,
  modem: { apn: "", user: "", password: "", pin: "" },
  staggerMs: 5_000,
  bonds: [],
};
const plainBytes = new Uint8Array(encodeSettings(plain) ?? []);

function read(settings: UnitSettings): UnitSettings | undefined {
  const bytes = encodeSettings(settings);
  const decoded = bytes === undefined ? undefined : decodeSettings(bytes);
  return decoded?.ok ? decoded.value : undefined;
}

/** Every number, word, flag and text that stands somewhere in a value, with the way to it. */
function leavesOf(value: unknown, way: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [way];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...way, name]));
}

function changedAt<T>(value: T, way: readonly string[], change: (leaf: unknown) => unknown): T {
  const [name, ...rest] = way;
  if (name === undefined) return change(value) as T;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[name] = changedAt(copy[name], rest, change);
  return copy as T;
}

function leafAt(value: unknown, way: readonly string[]): unknown {
  return way.reduce((each, name) => (each as Record<string, unknown>)[name], value);
}

const door = { address: 0xffff_fffe, fromMinute: 1_320, toMinute: 360, preAlarmMs: 30_000, tooLongMs: 900_000 };
const full: DepartmentSettings = {
  ...departmentDefaults,
  radio: { ...departmentDefaults.radio, doors: [door, door] },
  feedback: { ...departmentDefaults.feedback, whereToTurn: "Ring 0771-00 00 00" },
};

test("departments are read as they were written, with every one of their fields", () => {
  fc.assert(
    fc.property(anyDepartments, (departments) => {
      const settings = { ...plain, departments };
      expect(settingsFault(settings)).toBeUndefined();
      expect(read(settings)).toEqual(settings);
    }),
  );
});

const others: Record<string, unknown> = {
  off: "window",
  sv: "en",
  "in-service": "suspended",
  "Ring 0771-00 00 00": "",
};

test.each(leavesOf(full).map((way) => [way.join("."), way] as const))("%s has a place in the bytes", (_name, way) => {
  const change = (leaf: unknown): unknown =>
    typeof leaf === "number" ? leaf + 1 : typeof leaf === "boolean" ? !leaf : others[String(leaf)];
  const departments = changedAt(full, way, change);
  expect(departments).not.toEqual(full);
  expect(read({ ...plain, departments })).toEqual({ ...plain, departments });
});

test("a number that has no place is refused, and never written as another number", () => {
  const beyond = [0.5, -40_000, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY];
  const numbers = leavesOf(full).filter((way) => typeof leafAt(full, way) === "number");
  expect(numbers.length).toBeGreaterThan(60);
  for (const way of numbers)
    for (const value of beyond)
      expect(encodeSettings({ ...plain, departments: changedAt(full, way, () => value) })).toBeUndefined();
});

/** The settings with one department's bytes in place of what stands there. */
function withValue(tag: number, value: readonly number[]): Uint8Array {
  return Uint8Array.of(...plainBytes, tag, value.length >>> 8, value.length & 0xff, ...value);
}

function departmentBytes(tag: number): number[] {
  const bytes = new Uint8Array(encodeSettings({ ...plain, departments: full }) ?? []);
  for (let at = 1; at < bytes.length; ) {
    const length = (bytes[at + 1] as number) * 256 + (bytes[at + 2] as number);
    if (bytes[at] === tag) return [...bytes.subarray(at + 3, at + 3 + length)];
    at += 3 + length;
  }
  throw new Error("no such tag");
}

test.each([
  [9, "alarm"],
  [10, "radio"],
  [11, "power"],
  [12, "household"],
  [13, "supervision"],
  [14, "feedback"],
] as const)(
  "under tag %i the %s is read alone, the others are as by default; cut or lengthened it is refused",
  (tag, field) => {
    const value = departmentBytes(tag);
    const departments = { ...departmentDefaults, [field]: full[field] };
    expect(decodeSettings(withValue(tag, value))).toEqual({ ok: true, value: { ...plain, departments } });
    const fault = { ok: false, fault: { kind: "malformed", what: `${field} cannot be read` } };
    expect(decodeSettings(withValue(tag, value.slice(0, -1)))).toMatchObject(fault);
    expect(decodeSettings(withValue(tag, [...value, 0]))).toMatchObject(fault);
    expect(decodeSettings(withValue(tag, []))).toMatchObject(fault);
  },
);

test("a mode, a life, a language or a flag that nobody knows is refused", () => {
  const fault = { ok: false, fault: { kind: "malformed" } };
  const spoiled = (tag: number, at: number, byte: number): Uint8Array => {
    const value = departmentBytes(tag);
    value[at] = byte;
    return withValue(tag, value);
  };
  expect(decodeSettings(spoiled(12, 0, 3))).toMatchObject(fault);
  expect(decodeSettings(spoiled(12, 17, 7))).toMatchObject(fault);
  expect(decodeSettings(spoiled(14, 0, 2))).toMatchObject(fault);
  expect(decodeSettings(spoiled(13, 0, 2))).toMatchObject(fault);
  expect(decodeSettings(spoiled(12, 0, 2))).toMatchObject({ ok: true });
});

test("eight doors, twelve steps, sixteen points and 140 letters fit, one more of anything does not", () => {
  const points = (count: number): number[] => Array.from({ length: 2 * count }, (_, at) => 3_000 + at);
  const most = (more: number): DepartmentSettings => ({
    ...full,
    radio: { ...full.radio, doors: new Array(8).fill(door) },
    power: { ...full.power, curve: points(curvePointLimit), stepsMinutes: new Array(12).fill(60) },
    feedback: { ...full.feedback, whereToTurn: "\u4e00".repeat(140 + more) },
  });
  expect(read({ ...plain, departments: most(0) })?.departments).toEqual(most(0));
  expect(read({ ...plain, departments: most(1) })).toBeUndefined();
  const nine = { ...full.radio, doors: new Array(9).fill(door) };
  expect(read({ ...plain, departments: { ...full, radio: nine } })).toBeUndefined();
  const steps = { ...full.power, stepsMinutes: new Array(13).fill(60) };
  expect(read({ ...plain, departments: { ...full, power: steps } })).toBeUndefined();
  const curve = { ...full.power, curve: points(curvePointLimit + 1) };
  expect(read({ ...plain, departments: { ...full, power: curve } })).toBeUndefined();
});

test("a full home of four receivers over TLS fits with eight doors and the longest word of whom to turn to", () => {
  const far = {
    uri: "sip:larm@mottagning-syd.kommunen.example",
    host: "mottagning-syd.kommunen.example",
    port: 5061,
    transport: "tls" as const,
    serverName: "mottagning-syd.kommunen.example",
    user: "4607110231",
    password: "0123456789abcdef0123456789abcdef",
    answerFrom: ["198.51.100.17", "198.51.100.18"],
  };
  const settings: UnitSettings = {
    ...plain,
    cid: "4607110231123456",
    domain: "larm.kommunen.example",
    receivers: [far, far, far, far],
    modem: { apn: "iot.operator.example", user: "larm", password: "0123456789abcdef", pin: "1234" },
    departments: {
      ...full,
      radio: { ...full.radio, doors: new Array(8).fill(door) },
      feedback: { ...full.feedback, whereToTurn: "\u00e5".repeat(140) },
    },
    serviceKey: new Uint8Array(16),
  };
  expect(read(settings)).toEqual(settings);
  expect(encodeSettings(settings)?.length).toBeLessThan(1_536);
});

test("how receivers are reached is read for each, and is shown without their passwords", () => {
  const secret = "7f3a9c51e8d2b604";
  const receivers = [
    { ...receiver, password: secret, transport: "tls" as const, serverName: "arc.example" },
    { ...receiver, password: secret },
    { ...receiver, transport: "udp" as const },
    { ...receiver, transport: "tcp" as const, serverName: "" },
  ];
  const settings = { ...plain, receivers, departments: full };
  expect(read(settings)).toEqual(settings);
  const shown = Buffer.from(encodeShown(settings) ?? []);
  expect(shown.includes(secret)).toBe(false);
  const again = decodeSettings(shown);
  expect(again.ok && again.value.departments).toEqual(full);
  expect(again.ok && again.value.receivers.map((each) => each.transport)).toEqual(["tls", undefined, "udp", "tcp"]);
});

test("a way that nobody knows, or one too many, is refused: an older program must not talk in the open", () => {
  const fault = { ok: false, fault: { kind: "malformed", what: "way to the receivers cannot be read" } };
  expect(decodeSettings(withValue(15, [4]))).toMatchObject(fault);
  expect(decodeSettings(withValue(15, [0x84, 0]))).toMatchObject(fault);
  expect(decodeSettings(withValue(15, [3, 3]))).toMatchObject(fault);
  expect(decodeSettings(withValue(15, []))).toMatchObject(fault);
  expect(decodeSettings(withValue(15, [3]))).toMatchObject({ ok: true, value: { receivers: [{ transport: "tls" }] } });
});
