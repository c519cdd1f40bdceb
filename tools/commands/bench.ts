/** `livlina bench`: how fast the codecs, the simulator, the journal's power cuts and the receiver are on this machine. It measures and judges nothing. */
import type { Command } from "commander";
import { nearest } from "../../simulator/scenario/scenario-units.ts";
import type { Timing } from "../bench/measure.ts";
import { machineText, type Table, tableText } from "../bench/table.ts";
import { UserError } from "../user-error.ts";

interface Bench {
  readonly name: string;
  readonly summary: string;
  readonly run: (timing: Timing) => Promise<{ readonly result: object; readonly tables: readonly Table[] }>;
}

export interface BenchOptions {
  readonly json?: boolean;
  readonly roundMs: string;
}

const rounds = 3;
const longestRoundMs = 60_000;

const benches: readonly Bench[] = [
  {
    name: "codec",
    summary: "alarm exchanges per second, against two XML libraries where they are installed",
    run: async (timing) => {
      const { benchCodec, codecTables } = await import("../bench/codec.ts");
      const result = await benchCodec(timing);
      return { result, tables: codecTables(result) };
    },
  },
  {
    name: "sim",
    summary: "device-years per minute and core with modems at the bytes and at the sockets, and what takes the time",
    run: async (timing) => {
      const { benchSim, simTables } = await import("../bench/sim.ts");
      const result = await benchSim(timing);
      return { result, tables: simTables(result) };
    },
  },
  {
    name: "queue",
    summary: "events per second and bytes an event of the event queue, empty handlers, against four public libraries",
    run: async (timing) => {
      const { benchQueue, queueTables } = await import("../bench/queue.ts");
      const result = benchQueue(timing);
      return { result, tables: queueTables(result) };
    },
  },
  {
    name: "memory",
    summary: "bytes of a unit in a living world, two profiles, and what they are made of",
    run: async (timing) => {
      const { benchMemory, memoryTables } = await import("../bench/memory.ts");
      const result = benchMemory(timing);
      return { result, tables: memoryTables(result) };
    },
  },
  {
    name: "fleet",
    summary: "device-years a minute on one core, in small towns one after the other and in one large town",
    run: async (timing) => {
      const { benchFleet, fleetTables } = await import("../bench/fleet.ts");
      const result = benchFleet(timing);
      return { result, tables: fleetTables(result) };
    },
  },
  {
    name: "machine",
    summary: "events per second that the machines of the firmware take, without ports",
    run: async (timing) => {
      const { benchMachine, machineTables } = await import("../bench/machine.ts");
      const result = benchMachine(timing);
      return { result, tables: machineTables(result) };
    },
  },
  {
    name: "journal",
    summary: "power cuts per second on the device's memory, and the alarms that were lost to them",
    run: async (timing) => {
      const { benchJournal, journalTables } = await import("../bench/journal.ts");
      const result = benchJournal(timing);
      return { result, tables: journalTables(result) };
    },
  },
  {
    name: "latency",
    summary: "seconds of virtual time from press to acceptance, healthy and with each fault on the first route",
    run: async () => {
      const { benchLatency, latencyTables } = await import("../bench/latency.ts");
      const result = await benchLatency();
      return { result, tables: latencyTables(result) };
    },
  },
  {
    name: "receiver",
    summary: "alarms per second that a receiver answers without losing one, ours and SIPp's where that is installed",
    run: async (timing) => {
      const { benchReceiver, receiverTables } = await import("../bench/receiver.ts");
      const result = await benchReceiver(timing.rounds);
      return { result, tables: receiverTables(result) };
    },
  },
  {
    name: "load",
    summary: "alarms per second that our sender and SIPp's bring to our receiver and to SIPp's without losing one",
    run: async (timing) => {
      const { benchLoad, loadTables } = await import("../bench/load.ts");
      const result = await benchLoad(timing.rounds, (line) => process.stderr.write(`${line}\n`));
      return { result, tables: loadTables(result) };
    },
  },
  {
    name: "profiles",
    summary:
      "how soon a lost path is known at the far end, beside the limits of EN 50136-1's categories SP1 to SP6, DP1 to DP4",
    run: async () => {
      const { benchProfiles, profileTables } = await import("../bench/categories.ts");
      const result = await benchProfiles();
      return { result, tables: profileTables(result) };
    },
  },
];

export function register(program: Command): void {
  program
    .command("bench [name]")
    .description("measure the codecs, the simulator, the journal and the receiver on this machine")
    .option("--round-ms <n>", `length of one timing of the codec and journal benches, 10 to ${longestRoundMs}`, "500")
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", `\nBenches:\n${benches.map(({ name, summary }) => `  ${name}: ${summary}\n`).join("")}`)
    .addHelpText("after", "\nExample:\n  livlina bench codec\n")
    .action(bench);
}

async function bench(name: string | undefined, options: BenchOptions): Promise<void> {
  const timing: Timing = { rounds, roundMs: roundMsOf(options.roundMs), nowMs: () => performance.now() };
  const wanted = chosen(name);
  const results: object[] = [];
  if (options.json !== true) process.stdout.write(`${machineText()}\nmedian of ${rounds} rounds, interleaved\n`);
  for (const each of wanted) {
    const { result, tables } = await each.run(timing);
    results.push(result);
    if (options.json !== true) for (const table of tables) process.stdout.write(`\n${tableText(table)}`);
  }
  if (options.json === true)
    process.stdout.write(
      `${JSON.stringify({ machine: machineText(), rounds, roundMs: timing.roundMs, benches: results })}\n`,
    );
}

function chosen(name: string | undefined): readonly Bench[] {
  if (name === undefined) return benches;
  const found = benches.filter((each) => each.name === name);
  if (found.length > 0) return found;
  const names = benches.map((each) => each.name);
  const near = nearest(name, names);
  throw new UserError(
    `there is no bench ${name}`,
    near === undefined ? `livlina bench, or one of ${names.join(", ")}` : `livlina bench ${near}`,
    2,
  );
}

function roundMsOf(text: string): number {
  const roundMs = Number(text);
  if (/^\d{1,5}$/.test(text) && roundMs >= 10 && roundMs <= longestRoundMs) return roundMs;
  throw new UserError(`"${text}" is no length of a round`, `a whole number from 10 to ${longestRoundMs}`, 2);
}
