import fc from "fast-check";
import { expect, test } from "vitest";
import { Digest, Lane } from "./digest.ts";

const anyLeaf = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  fc.string(),
  fc.boolean(),
  fc.constant(undefined),
  fc.uint8Array({ maxLength: 9 }),
);
const anyPlain: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, anyLeaf, fc.array(tie("value"), { maxLength: 4 }), tie("object")),
  object: fc.dictionary(fc.string({ maxLength: 5 }), tie("value"), { maxKeys: 4, noNullPrototype: true }),
})).object;

type Entry =
  | { kind: "bytes"; lane: string; instantMs: number; wire: string; bytes: Uint8Array }
  | { kind: "effect"; lane: string; instantMs: number; machine: string; effect: object };
const common = { lane: fc.constantFrom("unit 1", "unit 2", "button 1", "world"), instantMs: fc.maxSafeNat() };
const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({
    kind: fc.constant("bytes" as const),
    ...common,
    wire: fc.constantFrom("air", "modem line"),
    bytes: fc.uint8Array({ maxLength: 40 }),
  }),
  fc.record({
    kind: fc.constant("effect" as const),
    ...common,
    machine: fc.constantFrom("alarm", "beat"),
    effect: anyPlain as fc.Arbitrary<object>,
  }),
);

function put(digest: Digest, entry: Entry): void {
  const lane = digest.lane(entry.lane);
  if (entry.kind === "bytes") lane.bytes(entry.instantMs, entry.wire, entry.bytes);
  else lane.effect(entry.instantMs, entry.machine, entry.effect);
}
function digestOf(entries: readonly Entry[]): string {
  const digest = new Digest();
  for (const entry of entries) put(digest, entry);
  return digest.value();
}
const changed = (entries: readonly Entry[], at: number, change: Partial<Entry>): Entry[] =>
  entries.map((entry, i) => (i === at ? ({ ...entry, ...change } as Entry) : entry));

test("one bit of one byte changed changes the digest", () => {
  fc.assert(
    fc.property(
      fc.array(anyEntry),
      fc.array(anyEntry),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.nat(),
      fc.nat(7),
      (before, after, bytes, place, bit) => {
        const turned = bytes.slice();
        turned[place % bytes.length] = (bytes[place % bytes.length] as number) ^ (1 << bit);
        const entry = { kind: "bytes", lane: "unit 1", instantMs: 7, wire: "air", bytes } as const;
        const all: Entry[] = [...before, entry, ...after];
        expect(digestOf(changed(all, before.length, { bytes: turned }))).not.toBe(digestOf(all));
      },
    ),
  );
});

test("another instant, another lane, another wire or machine, or one entry less changes the digest", () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { minLength: 1 }), fc.nat(), fc.maxSafeNat(), (entries, place, instantMs) => {
      const at = place % entries.length;
      const entry = entries[at] as Entry;
      const whole = digestOf(entries);
      if (instantMs !== entry.instantMs) expect(digestOf(changed(entries, at, { instantMs }))).not.toBe(whole);
      expect(digestOf(changed(entries, at, { lane: "unit 3" }))).not.toBe(whole);
      expect(digestOf(changed(entries, at, entry.kind === "bytes" ? { wire: "x" } : { machine: "x" }))).not.toBe(whole);
      expect(digestOf(entries.filter((_, i) => i !== at))).not.toBe(whole);
    }),
  );
});

test("how the lanes are interleaved does not matter, and neither does cutting them between processes", () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 30 }), (entries) => {
      const names = ["world", "unit 2", "button 1", "unit 1"];
      const regrouped = names.flatMap((name) => entries.filter((entry) => entry.lane === name));
      expect(digestOf(regrouped)).toBe(digestOf(entries));
      const whole = new Digest();
      for (const name of names) {
        const part = new Digest();
        for (const entry of entries) if (entry.lane === name) put(part, entry);
        whole.absorb(part.results());
      }
      expect(whole.value()).toBe(digestOf(entries));
    }),
  );
});

test("within a lane the order matters", () => {
  const one: Entry = { kind: "effect", lane: "a", instantMs: 1, machine: "alarm", effect: { type: "send" } };
  const other: Entry = { kind: "effect", lane: "a", instantMs: 1, machine: "alarm", effect: { type: "timer" } };
  expect(digestOf([one, other])).not.toBe(digestOf([other, one]));
});

test("two effects have one digest only if they are the same plain value", () => {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, inner) =>
      inner === undefined
        ? "u"
        : inner instanceof Uint8Array
          ? `b${[...inner]}`
          : typeof inner === "number"
            ? `n${inner}`
            : typeof inner === "string"
              ? `s${inner}`
              : inner,
    );
  const hash = (effect: unknown) => {
    const lane = new Lane("a");
    lane.effect(0, "m", effect as object);
    return lane.result();
  };
  fc.assert(
    fc.property(anyPlain, anyPlain, (one, other) => {
      if (text(one) === text(other)) expect(hash(one)).toEqual(hash(other));
      else expect(hash(one)).not.toEqual(hash(other));
    }),
  );
});

test("values that are easily taken for each other are told apart", () => {
  const effects: object[] = [
    {},
    { a: undefined },
    { a: 0 },
    { a: "" },
    { a: "0" },
    { a: false },
    { a: true },
    { a: [] },
    { a: {} },
    { a: new Uint8Array(0) },
    { a: new Uint8Array(1) },
    { a: 1 },
    { a: 2 ** 32 },
    { a: 2 ** 32 + 1 },
    { a: -1 },
    { a: 0.5 },
    { b: 1 },
    { a: 1, b: 2 },
    { a: 1, c: 2 },
    { a: [[1], 2] },
    { a: [[1, 2]] },
    { b: 2, a: 1 },
    { a: { b: 2 } },
    { a: {}, b: 2 },
    { a: [{}, 1] },
    { a: [{ 0: 1 }] },
    ["a", 1],
  ];
  const seen = effects.map((effect) => {
    const lane = new Lane("a");
    lane.effect(0, "m", effect);
    return JSON.stringify(lane.result());
  });
  expect(new Set(seen).size).toBe(effects.length);
});

test("a million short entries in one lane meet no equal state on the way", () => {
  const lane = new Lane("a");
  const seen = new Set<number>();
  for (let i = 0; i < 1_000_000; i++) {
    lane.effect(i >> 3, "m", {});
    const { high, low } = lane.result();
    seen.add((high >>> 11) * 2 ** 32 + low);
  }
  expect(seen.size).toBe(1_000_000);
});

test("a shared lane that two processes saw alike counts once, and one they saw differently is refused", () => {
  const part = (byte: number) => {
    const digest = new Digest();
    digest.lane("cell 1").bytes(1, "fault", new Uint8Array([byte]));
    return digest;
  };
  const whole = new Digest();
  whole.absorb(part(1).results());
  whole.absorb(part(1).results());
  expect(whole.value()).toBe(part(1).value());
  whole.absorb(part(2).results());
  expect(() => whole.value()).toThrow("two different lanes cell 1");
});

test("a function in an effect counts as undefined: it is part of the program, not of the run", () => {
  const [one, other] = [new Lane("a"), new Lane("a")];
  one.effect(0, "m", { prefix: "+CSQ", parse: () => 1 });
  other.effect(0, "m", { prefix: "+CSQ", parse: undefined });
  expect(one.result()).toEqual(other.result());
});

test("what is not a plain value is refused, as is nesting without end", () => {
  const lane = new Lane("a");
  expect(() => lane.effect(0, "m", { value: 1n })).toThrow("bigint");
  expect(() => lane.effect(0, "m", { value: null })).toThrow("null");
  const round: { self?: object } = {};
  round.self = round;
  expect(() => lane.effect(0, "m", round)).toThrow("nested deeper than 16");
  let deep: object = {};
  for (let i = 1; i < 16; i++) deep = { deep };
  lane.effect(0, "m", deep);
  expect(() => lane.effect(0, "m", { deep })).toThrow("nested deeper than 16");
});
