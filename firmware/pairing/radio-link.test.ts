import fc from "fast-check";
import { expect, test } from "vitest";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import { nobleAes } from "../../protocol/radio/arbitraries.ts";
import { decodeHeader, sealFrame } from "../../protocol/radio/frame.ts";
import type { WristButton } from "../wrist-button.ts";
import { House } from "./arbitraries.ts";

test("on a quiet channel a press is heard, acknowledged, and shown as accepted when a poll says so; then the button sleeps", () => {
  const house = new House(1, 1);
  house.run(100_000);
  expect(house.others).toMatchObject([{ type: "report-heard", kind: "started", low: false, batteryMv: 3_000 }]);
  expect(house.clock.waiting).toBe(1);
  house.press(0);
  house.run(1_000);
  expect(house.heard).toMatchObject([{ bond: 0, presses: 1, ageS: 0, reason: "call", form: "wrist", rssiDbm: -80 }]);
  expect(house.signals[0]).toEqual(["sent", "received"]);
  house.accepted = true;
  house.run(2_000);
  expect(house.signals[0]).toEqual(["sent", "received", "accepted"]);
  const sent = house.air.sent.length;
  house.run(3_600_000);
  expect(house.air.sent.length).toBe(sent);
  expect(house.clock.waiting).toBe(1);
});

test("with 60 % of all packets lost every press is heard exactly once within ten minutes, and acknowledged in the end", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 3 }), (seed, buttonCount) => {
      const house = new House(seed, buttonCount);
      house.run(70_000);
      house.air.lossPerMille = 600;
      for (let i = 0; i < buttonCount; i++) {
        house.press(i);
        house.run(500);
      }
      house.run(580_000);
      for (let i = 0; i < buttonCount; i++) expect(house.heard.filter((event) => event.bond === i).length).toBe(1);
      house.air.lossPerMille = 0;
      house.run(700_000);
      for (let i = 0; i < buttonCount; i++) {
        expect(house.heard.filter((event) => event.bond === i).length).toBe(1);
        expect((house.signals[i] as string[]).filter((signal) => signal !== "given-up")).toEqual(["sent", "received"]);
      }
    }),
    { numRuns: 60 },
  );
});

test("no transmitter is on the air for more than 3.6 s in any hour, however often the buttons are pressed", () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.constantFrom(0, 600, 1000),
      fc.integer({ min: 1, max: 90 }),
      (seed, loss, gapS) => {
        const house = new House(seed, 2);
        house.air.lossPerMille = loss;
        for (let atS = 0; atS < 5_400; atS += gapS) {
          house.press(0);
          if (atS % 3 === 0) house.press(1);
          house.run(gapS * 1_000);
        }
        for (const radio of house.air.radios) {
          const own = house.air.sent.filter((sent) => sent.from === radio);
          let first = 0;
          let bookedUs = 0;
          for (const last of own) {
            bookedUs += airTimeUs(last.bytes.length);
            while ((own[first] as { atMs: number }).atMs <= last.atMs - 3_600_000) {
              bookedUs -= airTimeUs((own[first++] as { bytes: Uint8Array }).bytes.length);
            }
            expect(bookedUs).toBeLessThanOrEqual(3_600_000);
          }
        }
      },
    ),
    { numRuns: 12 },
  );
});

test("no counter ever seals two contents in one direction, across restarts of the button and of the unit", () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.array(fc.constantFrom("press", "button", "unit", "rest"), { maxLength: 12 }),
      (seed, acts) => {
        const house = new House(seed, 1);
        house.air.lossPerMille = 400;
        for (const act of acts) {
          if (act === "press") house.press(0);
          if (act === "button") {
            (house.buttons[0] as WristButton).close();
            house.buttons[0] = house.startButton(0);
          }
          if (act === "unit") {
            house.unit.close();
            house.unit = house.startUnit();
          }
          house.run(act === "rest" ? 120_000 : 1_700);
        }
        const contents = new Map<string, string>();
        for (const sent of house.air.sent) {
          const header = decodeHeader(sent.bytes);
          if (!header.ok) throw new Error("a frame that cannot be read");
          const counter = `${header.value.code >= 0x80} ${header.value.counter}`;
          const hex = Buffer.from(sent.bytes).toString("hex");
          expect(contents.get(counter) ?? hex).toBe(hex);
          contents.set(counter, hex);
        }
        expect(new Set(house.heard.map((event) => event.name)).size).toBe(house.heard.length);
      },
    ),
    { numRuns: 60 },
  );
});

test("whatever a stranger sends, replays or changes raises nothing, also after a restart of the unit", () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.array(
        fc.tuple(fc.nat(), fc.nat(), fc.nat(7), fc.constantFrom("replay", "change", "noise", "foreign", "restart")),
        {
          maxLength: 20,
        },
      ),
      (seed, acts) => {
        const house = new House(seed, 1);
        house.run(70_000);
        house.press(0);
        house.run(5_000);
        house.accepted = true;
        house.run(20_000);
        const recorded = house.air.sent.map((sent) => sent.bytes);
        const heard = house.heard.length;
        const others = house.others.length;
        const signals = (house.signals[0] as string[]).length;
        const stranger = house.air.open({ onReadable: () => {} });
        for (const [which, at, bit, act] of acts) {
          const bytes = Uint8Array.from(recorded[which % recorded.length] as Uint8Array);
          if (act === "change") bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ (1 << bit);
          if (act === "noise") house.secrets.random(bytes);
          if (act === "restart") {
            house.unit.close();
            house.unit = house.startUnit();
          }
          const forged = sealFrame(nobleAes(new Uint8Array(16)), 0x1000, 1_000 + at, {
            type: "press",
            press: {
              nameDistance: 0,
              ageS: 0,
              batteryMv: 3_000,
              presses: 1,
              reason: "call",
              low: false,
              form: "wrist",
            },
          });
          stranger.send(act === "foreign" ? forged : bytes);
          house.run(500);
        }
        expect(house.heard.length).toBe(heard);
        expect(house.others.filter((event) => event.type !== "status-asked").length).toBe(
          house.others.slice(0, others).filter((event) => event.type !== "status-asked").length,
        );
        expect((house.signals[0] as string[]).length).toBe(signals);
      },
    ),
    { numRuns: 60 },
  );
});
