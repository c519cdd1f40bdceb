/** Every command of `livlina`: its group and summary in the help, and the file that registers it, loaded only when asked for. */
import type { Command } from "commander";

export interface CommandEntry {
  readonly group: string;
  /** Top-level commands of this file. */
  readonly names: readonly string[];
  readonly summary: (name: string) => string;
  /** Adds the commands to the program. */
  readonly load: (program: Command) => Promise<void>;
}

export const commandTable: readonly CommandEntry[] = [
  {
    group: "Simulate",
    names: ["sim"],
    summary: () => "play scenarios in virtual time: list, run, check, schema, swarm, replay",
    load: async (program) => (await import("./commands/sim.ts")).register(program),
  },
  {
    group: "Fleets",
    names: ["fleet"],
    summary: () => "outages and whom to ring or visit, and the monthly drill, from runs or receivers' logs",
    load: async (program) => (await import("./commands/fleet.ts")).register(program),
  },
  {
    group: "Live parts",
    names: ["unit"],
    summary: () => "an alarm unit and its button on real sockets, in real time",
    load: async (program) => (await import("./commands/unit.ts")).register(program),
  },
  {
    group: "Live parts",
    names: ["receiver"],
    summary: () => "an alarm receiver on a real port, well or badly behaved",
    load: async (program) => (await import("./commands/receiver.ts")).register(program),
  },
  {
    group: "Live parts",
    names: ["monitor"],
    summary: () => "which units, receivers and networks are in trouble, live",
    load: async (program) => (await import("./commands/monitor.ts")).register(program),
  },
  {
    group: "Live parts",
    names: ["modem"],
    summary: () => "a virtual cellular modem on a pseudo-terminal, with faults by hand",
    load: async (program) => (await import("./commands/modem.ts")).register(program),
  },
  {
    group: "Look",
    names: ["decode"],
    summary: () => "what the bytes of a message say: scaip, sip, radio, at, console",
    load: async (program) => (await import("./commands/decode.ts")).register(program),
  },
  {
    group: "Look",
    names: ["encode"],
    summary: () => "values to the bytes of a message: scaip",
    load: async (program) => (await import("./commands/encode.ts")).register(program),
  },
  {
    group: "Look",
    names: ["bench"],
    summary: () => "measure the codecs, the simulator and the journal on this machine",
    load: async (program) => (await import("./commands/bench.ts")).register(program),
  },
  {
    group: "Devices",
    names: ["build"],
    summary: () => "make the device bundles and weigh them against their budgets",
    load: async (program) => (await import("./commands/build.ts")).register(program),
  },
];
