import { expect, test } from "vitest";
import { type BleEffect, type BleEvent, bleAtStart, bleDefaults, stepBle } from "./ble-machine.ts";
import { openBleRadio } from "./ble-radio.ts";

function told(...events: readonly BleEvent[]): readonly (readonly string[])[] {
  let state = bleAtStart;
  return events.map((event) => {
    const next = stepBle(bleDefaults, state, event);
    state = next.state;
    return next.effects.map(textOf);
  });
}

function textOf(effect: BleEffect): string {
  if (effect.type === "advertise") return `advertise ${effect.data[0]}`;
  if (effect.type === "scan") return effect.on ? "scan" : "deaf";
  return effect.type === "wake" ? `wake ${effect.atMs}` : effect.type;
}

const part = (mark: number) => [new Uint8Array([mark])];

test("a burst has three events and ends in silence, a window ends on its own", () => {
  expect(
    told(
      { type: "handed", nowMs: 0, parts: part(1) },
      { type: "asked", nowMs: 0, forMs: 433 },
      { type: "due", nowMs: 230 },
      { type: "due", nowMs: 433 },
    ),
  ).toEqual([["advertise 1", "wake 230"], ["scan", "wake 230"], ["still", "wake 433"], ["deaf"]]);
});

test("where another waits a burst is cut to two events", () => {
  expect(
    told(
      { type: "handed", nowMs: 0, parts: part(1) },
      { type: "handed", nowMs: 10, parts: part(2) },
      { type: "due", nowMs: 120 },
      { type: "due", nowMs: 350 },
    ),
  ).toEqual([["advertise 1", "wake 230"], ["wake 120"], ["advertise 2", "wake 350"], ["still"]]);
});

test("of more than ten parts the last packet is dropped", () => {
  const handed = Array.from({ length: 11 }, (_, at): BleEvent => ({ type: "handed", nowMs: 0, parts: part(at) }));
  const effects = told(...handed);
  expect(effects.map((each) => each.includes("drop"))).toEqual([...new Array<boolean>(10).fill(false), true]);
});

test("a stack that refuses is asked to scan again after a second, as long as somebody wants it; a burst is left to its copies", () => {
  expect(
    told(
      { type: "asked", nowMs: 0, forMs: -1 },
      { type: "refused", nowMs: 5, what: "scan" },
      { type: "due", nowMs: 1_005 },
      { type: "asked", nowMs: 2_000, forMs: 0 },
    ),
  ).toEqual([["scan"], ["wake 1005"], ["scan"], ["deaf"]]);
  expect(
    told(
      { type: "handed", nowMs: 0, parts: part(1) },
      { type: "handed", nowMs: 0, parts: part(2) },
      { type: "refused", nowMs: 1, what: "burst" },
    )[2],
  ).toEqual(["advertise 2", "wake 231"]);
});

test("nothing that a stack throws reaches whoever sends or listens", () => {
  const due: (() => void)[] = [];
  let refusals = 2;
  const scans: boolean[] = [];
  const refuse = (): void => {
    if (refusals-- > 0) throw new Error("BLE error 0x12");
  };
  let nowMs = 0;
  const radio = openBleRadio({
    openBle: () => ({
      capacity: 24,
      advertise: refuse,
      stopAdvertising: () => {},
      scan: (on) => {
        refuse();
        scans.push(on);
      },
      close: () => {},
    }),
    clock: {
      nowMs: () => nowMs,
      after: (_, run) => {
        due.push(run);
        return { cancel: () => {} };
      },
    },
  })({ onReadable: () => {} });
  radio.send(new Uint8Array([0x21]));
  radio.listen(-1);
  nowMs = 1_000;
  for (const run of due.splice(0)) run();
  nowMs = 2_000;
  for (const run of due.splice(0)) run();
  expect(scans).toEqual([true]);
});
