/** A button through its life: reserve, new battery, a unit that is gone for weeks, its key taken away, and two series on one radio. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bond } from "../pairing/bonds.ts";
import { Flat, Wearer } from "../pairing/flat/arbitraries.ts";
import { buttonDefaults, buttonFault } from "./button-settings.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const bond: Bond = { address: 0x77, person: 1, form: "wrist", key: new Uint8Array(16).fill(7), revoked: false };

function scene(seed = 1): { flat: Flat; wearer: Wearer } {
  const flat = new Flat(seed, [bond]);
  return { flat, wearer: new Wearer(flat, bond.address, bond.key) };
}

const reports = (flat: Flat): string[] =>
  flat.heard.flatMap((event) => (event.type === "report-heard" ? [event.kind] : []));

test("on the reserve a button tells one frame a day, heard or not, so that what is left is for alarms", () => {
  const { flat, wearer } = scene();
  flat.air.lossPerMille = 1000;
  wearer.batteryMv = buttonDefaults.reserveBatteryMv - 20;
  flat.run(30 * dayMs);
  expect(flat.air.sent.length).toBeLessThanOrEqual(34);
  flat.air.lossPerMille = 0;
  for (let alarm = 0; alarm < 20; alarm++) {
    wearer.press();
    flat.run(10 * minuteMs);
  }
  expect(flat.calls()).toHaveLength(20);
});

test("a new battery is told as good, once, and neither key nor counters are lost with the old one", () => {
  const { flat, wearer } = scene();
  flat.run(hourMs);
  wearer.batteryMv = 2_500;
  flat.run(9 * hourMs);
  expect(reports(flat)).toEqual(["started", "battery-low"]);
  wearer.batteryMv = 3_000;
  wearer.restart();
  flat.run(minuteMs);
  wearer.restart();
  flat.run(minuteMs);
  expect(reports(flat)).toEqual(["started", "battery-low", "battery-ok", "started"]);
  wearer.press();
  flat.run(minuteMs);
  expect(flat.calls()).toHaveLength(1);
  expect(flat.department.counters()).toMatchObject({ replayed: 0, forged: 0 });
});

test("after a week without a unit one report a day must do; a press goes out at once, and the first answer brings the pace back", () => {
  const { flat, wearer } = scene();
  flat.air.lossPerMille = 1000;
  flat.run(8 * dayMs);
  const before = flat.air.sent.length;
  flat.run(4 * dayMs);
  expect(flat.air.sent.length - before).toBeLessThanOrEqual(15);
  flat.air.lossPerMille = 0;
  wearer.press();
  flat.run(200);
  expect(flat.calls()).toHaveLength(1);
  flat.run(2 * minuteMs);
  expect(reports(flat)).toHaveLength(1);
  flat.run(9 * hourMs);
  expect(reports(flat).length).toBeGreaterThanOrEqual(2);
});

test("check-ins come each 8 h give or take a tenth, and never all in step", () => {
  const flat = new Flat(3, [bond]);
  new Wearer(flat, bond.address, bond.key);
  const instants: number[] = [];
  for (let quarter = 0; quarter < 4 * 24 * 20; quarter++) {
    const before = reports(flat).length;
    flat.run(15 * minuteMs);
    if (reports(flat).length > before) instants.push(flat.clock.now);
  }
  const gaps = instants.slice(1).map((atMs, i) => atMs - (instants[i] as number));
  for (const gap of gaps) {
    expect(gap).toBeGreaterThanOrEqual(7.2 * hourMs - 15 * minuteMs);
    expect(gap).toBeLessThanOrEqual(8.8 * hourMs + 15 * minuteMs);
  }
  expect(new Set(gaps).size).toBeGreaterThan(3);
});

test("a button without a key sends nothing, and says on a press that it is of no use", () => {
  const flat = new Flat(4, []);
  const wearer = new Wearer(flat, 5);
  wearer.press();
  wearer.fell();
  flat.run(dayMs);
  expect(flat.air.sent).toEqual([]);
  expect(wearer.signals).toEqual(["of-no-use", "fall-felt"]);
});

test("a long hold of a button in use is one press, and no pairing", () => {
  const { flat, wearer } = scene();
  flat.run(minuteMs);
  wearer.press(30_000);
  flat.run(minuteMs);
  expect(flat.calls()).toHaveLength(1);
  expect(wearer.signals).not.toContain("joining");
});

test("a press and a fall that nobody hears are told side by side, at least 0.45 s apart after the press, within the air time", () => {
  const { flat, wearer } = scene(5);
  flat.air.lossPerMille = 1000;
  wearer.fell();
  flat.run(14_800);
  wearer.press();
  flat.run(11 * minuteMs);
  const frames = flat.air.sent.map(({ atMs, bytes }) => ({ atMs, code: bytes[0] }));
  expect(frames.filter(({ code }) => code === 0x21).length).toBeGreaterThanOrEqual(17);
  expect(frames.filter(({ code }) => code === 0x24).length).toBeGreaterThanOrEqual(17);
  let pressAtMs = Number.NEGATIVE_INFINITY;
  for (const { atMs, code } of frames.slice(2)) {
    if (code === 0x21) pressAtMs = atMs;
    if (code === 0x24) expect(atMs - pressAtMs).toBeGreaterThanOrEqual(450);
  }
  expect(wearer.signals).toEqual(["fall-felt", "sent", "sent", "given-up", "given-up"]);
});

test("accepted is not shown for a press while a fall is not accepted yet", () => {
  const { flat, wearer } = scene(6);
  flat.run(minuteMs);
  wearer.fell();
  flat.run(15_000);
  const shown = wearer.signals.length;
  flat.air.lossPerMille = 1000;
  flat.run(1);
  wearer.press();
  expect(wearer.signals.slice(shown)).toEqual(["sent"]);
  flat.air.lossPerMille = 0;
  flat.step = "accepted";
  flat.run(20 * minuteMs);
  expect(wearer.signals.at(-1)).toBe("accepted");
  expect(wearer.signals.filter((signal) => signal === "accepted")).toHaveLength(1);
});

test("no counter seals two contents, whatever is pressed, felt, paired and cut, across restarts of both", () => {
  const anyAct = fc.constantFrom("press", "fell", "back", "cut", "hour", "unit", "deaf", "hears");
  fc.assert(
    fc.property(fc.nat(1_000), fc.array(anyAct, { maxLength: 30 }), (seed, acts) => {
      const { flat, wearer } = scene(seed);
      for (const act of acts) {
        if (act === "press") wearer.press();
        else if (act === "fell") wearer.fell();
        else if (act === "back") wearer.tookBack();
        else if (act === "cut") wearer.restart();
        else if (act === "unit") flat.restart();
        else if (act === "deaf") flat.air.lossPerMille = 900;
        else if (act === "hears") flat.air.lossPerMille = 0;
        else flat.run(hourMs);
        flat.run(5_000);
      }
      const contents = new Map<string, string>();
      for (const { bytes } of flat.air.sent) {
        const name = Buffer.from(bytes.subarray(1, 9)).toString("hex") + ((bytes[0] as number) >> 7);
        const content = Buffer.from(bytes).toString("hex");
        expect(contents.get(name) ?? content).toBe(content);
        contents.set(name, content);
      }
    }),
    { numRuns: 40 },
  );
});

test("settings beyond their bounds are refused in words", () => {
  expect(buttonFault(buttonDefaults)).toBe(undefined);
  expect(buttonFault({ ...buttonDefaults, checkInMs: 24 * hourMs + 1 })).toContain("1 to 24 hours");
  expect(buttonFault({ ...buttonDefaults, fallDelayMs: 60_001 })).toContain("60 seconds");
  expect(buttonFault({ ...buttonDefaults, lowBatteryMv: 2_800 })).toContain("rise");
});
