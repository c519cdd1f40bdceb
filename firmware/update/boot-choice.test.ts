/** Cuts inside each step are in `simulator/update/update-cuts.test.ts`; here is what a choice promises without them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Flash } from "../ports/flash.ts";
import { BootChoice, type Choice, entryLength } from "./boot-choice.ts";

class Chip implements Flash {
  readonly sectorSize = 64;
  readonly sectorCount = 2;
  readonly programUnit = 4;
  readonly bytes = new Uint8Array(128).fill(0xff);
  erases = 0;
  fails = false;

  erase(sector: number): boolean {
    this.erases++;
    if (!this.fails) this.bytes.fill(0xff, sector * 64, sector * 64 + 64);
    return !this.fails;
  }

  program(address: number, bytes: Uint8Array): boolean {
    if (this.fails) return false;
    bytes.forEach((byte, i) => {
      this.bytes[address + i] = (this.bytes[address + i] as number) & byte;
    });
    return true;
  }

  read(address: number, into: Uint8Array): void {
    into.set(this.bytes.subarray(address, address + into.length));
  }
}

test("a blank chip starts the first slot, and goes on doing so", () => {
  const chip = new Chip();
  for (let i = 0; i < 10; i++) expect(new BootChoice(chip).start()).toEqual({ slot: 0, stage: "settled" });
  expect(chip.erases).toBeGreaterThan(3);
});

test("a slot that is to be tried is started once, and kept only if somebody says so", () => {
  const chip = new Chip();
  const first = new BootChoice(chip);
  first.start();
  expect(first.put({ slot: 1, stage: "untried" })).toBe(true);
  const second = new BootChoice(chip);
  expect(second.start()).toEqual({ slot: 1, stage: "tried" });
  expect(new BootChoice(chip).start()).toEqual({ slot: 0, stage: "settled" });
  expect(new BootChoice(chip).start()).toEqual({ slot: 0, stage: "settled" });
  const third = new BootChoice(chip);
  third.start();
  third.put({ slot: 1, stage: "untried" });
  const fourth = new BootChoice(chip);
  fourth.start();
  expect(fourth.put({ slot: 1, stage: "settled" })).toBe(true);
  expect(new BootChoice(chip).start()).toEqual({ slot: 1, stage: "settled" });
});

test("over any number of starts and choices the last one rules, in both sectors", () => {
  const anyChoice = fc.record<Choice>({ slot: fc.constantFrom(0, 1), stage: fc.constantFrom("settled", "untried") });
  fc.assert(
    fc.property(fc.array(fc.option(anyChoice), { maxLength: 40 }), (steps) => {
      const chip = new Chip();
      let expected: Choice = { slot: 0, stage: "settled" };
      for (const step of steps) {
        const choice = new BootChoice(chip);
        const started = choice.start();
        const wanted: Choice =
          expected.stage === "untried"
            ? { slot: expected.slot, stage: "tried" }
            : expected.stage === "tried"
              ? { slot: expected.slot === 0 ? 1 : 0, stage: "settled" }
              : expected;
        expect(started).toEqual(wanted);
        expected = wanted;
        if (step === null) continue;
        expect(choice.put(step)).toBe(true);
        expected = step;
      }
    }),
  );
});

test("a chip that fails changes nothing: what is to be tried is not, and what runs goes on", () => {
  const chip = new Chip();
  const choice = new BootChoice(chip);
  choice.start();
  choice.put({ slot: 1, stage: "untried" });
  chip.fails = true;
  expect(new BootChoice(chip).start()).toEqual({ slot: 0, stage: "settled" });
  expect(choice.put({ slot: 1, stage: "settled" })).toBe(false);
  expect(chip.bytes.length % entryLength).toBe(0);
});
