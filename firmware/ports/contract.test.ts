/** The contract holds on the simulator's hosts, with each of its radios; each check is judged once. */
import { expect, test } from "vitest";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import { playScenario } from "../../simulator/play.ts";
import { smallText } from "../../simulator/play-bench.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { parseScenario } from "../../simulator/scenario/scenario-file.ts";
import type { WristButton } from "../wrist-button.ts";
import { Contract, type ContractNews, type PortCheck } from "./contract.ts";
import { buttonContract } from "./contract-button.ts";
import { unitContract } from "./contract-unit.ts";

/** Verdicts by the checks' names, and the count that came at the end. */
class Book implements ContractNews {
  readonly verdicts = new Map<string, string>();
  end: number | undefined;

  onVerdict(name: string, { result, why }: { readonly result: string; readonly why: string }): void {
    expect(this.verdicts.has(name)).toBe(false);
    this.verdicts.set(name, why === "" || result === "skipped" ? result : `${result}: ${why}`);
  }

  onEnd(broken: number): void {
    this.end = broken;
  }

  get broken(): string[] {
    return [...this.verdicts]
      .filter(([, text]) => text.startsWith("broken"))
      .map(([name, text]) => `${name} / ${text}`);
  }
}

for (const radio of ["direct", "sx1262", "ble"]) {
  test(`the simulator's unit and button keep the contract with the radio ${radio}`, async () => {
    const unit = new Book();
    const buttons: Book[] = [];
    const text = smallText({ duration: "2m", presses: [], home: `mobile: alfa, broadband: fibre, radio: ${radio}` });
    await playScenario(parseScenario(text, "contract.yaml"), {
      seed: 7,
      onProgress: () => {},
      log: new RunLog(undefined),
      starters: {
        unit: () => (host) => {
          new Contract(host.clock, unitContract, { host, spareSector: 3, isLooped: false }, unit);
        },
        button: () => (host) => {
          const book = new Book();
          buttons.push(book);
          new Contract(host.clock, buttonContract, { host, spareSector: 1, isLooped: false }, book);
          return { isBonded: false, close: () => {} } as WristButton;
        },
      },
    });
    expect(unit.broken).toEqual([]);
    expect(unit.end).toBe(0);
    expect(unit.verdicts.size).toBe(unitContract.length);
    const skipped = [...unit.verdicts].filter(([, verdict]) => verdict === "skipped").map(([name]) => name);
    expect(skipped).toEqual(["modem line: 2,048 bytes of every value come back where it is looped"]);
    expect(buttons).toHaveLength(2);
    for (const book of buttons) {
      expect(book.broken).toEqual([]);
      expect(book.end).toBe(0);
      expect(book.verdicts.size).toBe(buttonContract.length);
    }
  });
}

test("a check that never answers, or answers twice, is judged once", () => {
  const queue = new EventQueue();
  const book = new Book();
  const checks: readonly PortCheck<object>[] = [
    { name: "silent", begin: () => {} },
    {
      name: "twice",
      begin: (_, done) => {
        done({ result: "held", why: "" });
        done({ result: "broken", why: "again" });
      },
    },
  ];
  new Contract(new SimClock(queue), checks, { host: {}, spareSector: -1, isLooped: false }, book);
  queue.runUntil(120_000);
  expect([...book.verdicts]).toEqual([
    ["silent", "broken: no answer within 40 s"],
    ["twice", "held"],
  ]);
  expect(book.end).toBe(1);
});
