/** The checks of chips and stacks, run on their models, sound and failing. */
import { expect, test } from "vitest";
import { Contract, type PortCheck } from "../../firmware/ports/contract.ts";
import { bleContract, sx1262Contract } from "../../firmware/radio-chips/contract-chips.ts";
import { sx1262Defaults } from "../../firmware/radio-chips/sx1262-settings.ts";
import { Air } from "../air/air.ts";
import { EventQueue } from "../core/event-queue.ts";
import { SimClock } from "../core/sim-clock.ts";
import { simBle } from "./ble.ts";
import { Sx1262Chip } from "./sx1262.ts";

function world() {
  const queue = new EventQueue();
  const air = new Air(queue, { seed: 1, lossPpm: 0, neighbourLossPpm: 0, observe: undefined });
  const device = air.join({ name: "unit", building: "house", home: "home" });
  return { queue, air, device, clock: new SimClock(queue) };
}

function verdictsOf<H>(
  checks: readonly PortCheck<H>[],
  host: H,
  { queue, clock }: ReturnType<typeof world>,
): readonly string[] {
  const verdicts: string[] = [];
  new Contract(
    clock,
    checks,
    { host, spareSector: -1, isLooped: false },
    {
      onVerdict: (name, { result, why }) =>
        verdicts.push(`${name.slice(0, 18)} ${result}${why === "" ? "" : `: ${why}`}`),
      onEnd: (broken) => verdicts.push(`${broken} broken`),
    },
  );
  queue.runUntil(queue.nowMs + 600_000);
  return verdicts;
}

function chipVerdicts(befall: (chip: Sx1262Chip) => void): readonly string[] {
  const at = world();
  const chip = new Sx1262Chip(at.queue, at.air, at.device);
  befall(chip);
  const host = { clock: at.clock, wires: chip.wires, settings: sx1262Defaults };
  const verdicts = verdictsOf(sx1262Contract, host, at);
  expect(chip.book.breaches).toEqual([]);
  return verdicts;
}

test("a sound chip keeps what its wires promise", () => {
  expect(chipVerdicts(() => {})).toEqual([
    "sx1262: starts aft held",
    "sx1262: remembers  held",
    "sx1262: listens, a held",
    "sx1262: sends a fr held",
    "0 broken",
  ]);
});

test("a dead bus, a stuck line and an interrupt that is not wired are told in words", () => {
  expect(chipVerdicts((chip) => chip.silence(true))[0]).toBe("sx1262: starts aft broken: nobody answers on the bus");
  expect(chipVerdicts((chip) => chip.stick(true))[1]).toBe("sx1262: remembers  broken: BUSY stays high");
  expect(chipVerdicts((chip) => chip.loseInterrupts(9))[3]).toBe(
    "sx1262: sends a fr broken: interrupts 0x1, DIO1 rose 0 times",
  );
});

test("the Bluetooth stack keeps its promises", () => {
  const at = world();
  const { queue, air, device, clock } = at;
  const openBle = simBle({ queue, air, ble: air.ble, device, chance: device.chipChance(), leastIntervalMs: 100 });
  expect(verdictsOf(bleContract, { clock, openBle }, at)).toEqual([
    "ble: one packet ca held",
    "ble: advertises an held",
    "0 broken",
  ]);
});
