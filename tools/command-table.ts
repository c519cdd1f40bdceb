/** Every command of `livlina`: its group and summary in the help, and the file that registers it, loaded only when asked for. */
import type { Command } from "commander";
import type { Answers } from "./answers/answer.ts";

export interface CommandEntry {
  readonly group: string;
  /** Top-level commands of this file. */
  readonly names: readonly string[];
  readonly summary: (name: string) => string;
  /** Adds the commands to the program. */
  readonly load: (program: Command) => Promise<void>;
  /** What `--json` prints, by command. */
  readonly answers?: () => Promise<Answers>;
}

const installSummaries: Readonly<Record<string, string>> = {
  pair: "take a button into a unit by its label, or a lost one out",
  "range-walk": "how well a button is heard from each room",
  "path-test": "every route to every receiver, tried now",
  "test-alarm": "follow one real press to its acceptance",
};

const serviceSummaries: Readonly<Record<string, string>> = {
  diagnose: "what is wrong with a unit, and who acts",
  export: "settings, devices, state and log of a unit as one file",
  "repair-bundle": "symptoms, log and checks for a workshop, nothing of the client",
  "return-test": "the full test of a unit that was handed back: pass or repair",
  wipe: "erase all that is of the client, and prove it",
  "battery-replaced": "tell a unit that its own battery was replaced",
};

export const commandTable: readonly CommandEntry[] = [
  {
    group: "Simulate",
    names: ["sim"],
    summary: () => "play scenarios in virtual time: list, run, check, schema, swarm, replay",
    load: async (program) => (await import("./commands/sim.ts")).register(program),
    answers: async () => (await import("./answers/simulate.ts")).simAnswers,
  },
  {
    group: "Fleets",
    names: ["fleet"],
    summary: () => "many towns in one run; outages and whom to ring or visit; the monthly drill",
    load: async (program) => (await import("./commands/fleet.ts")).register(program),
    answers: async () => (await import("./answers/simulate.ts")).fleetAnswers,
  },
  {
    group: "Simulate",
    names: ["dashboard"],
    summary: () => "a town in the browser: play a story at any speed, break things by a click, save what was done",
    load: async (program) => (await import("./commands/dashboard.ts")).register(program),
  },
  {
    group: "Live parts",
    names: ["unit"],
    summary: () => "an alarm unit and its button on real sockets, in real time",
    load: async (program) => (await import("./commands/unit.ts")).register(program),
    answers: async () => (await import("./answers/live.ts")).unitAnswers,
  },
  {
    group: "Live parts",
    names: ["receiver"],
    summary: () => "an alarm receiver on a real port, well or badly behaved",
    load: async (program) => (await import("./commands/receiver.ts")).register(program),
    answers: async () => (await import("./answers/live.ts")).receiverAnswers,
  },
  {
    group: "Live parts",
    names: ["monitor"],
    summary: () => "which units, receivers and networks are in trouble, live",
    load: async (program) => (await import("./commands/monitor.ts")).register(program),
    answers: async () => (await import("./answers/live.ts")).monitorAnswers,
  },
  {
    group: "Live parts",
    names: ["load"],
    summary: () => "many live units against one receiver, and the highest rate that it takes without a loss",
    load: async (program) => (await import("./commands/load.ts")).register(program),
    answers: async () => (await import("./answers/load.ts")).loadAnswers,
  },
  {
    group: "Live parts",
    names: ["modem"],
    summary: () => "a virtual cellular modem on a pseudo-terminal, with faults by hand",
    load: async (program) => (await import("./commands/modem.ts")).register(program),
    answers: async () => (await import("./answers/live.ts")).modemAnswers,
  },
  {
    group: "Live parts",
    names: ["stand"],
    summary: () => "a unit in its box behind a pseudo-terminal, to learn and test an installation",
    load: async (program) => (await import("./commands/stand.ts")).register(program),
    answers: async () => (await import("./answers/live.ts")).standAnswers,
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
    names: ["trace"],
    summary: () => "the alarms of a run, and the way of each as a ladder: list, show",
    load: async (program) => (await import("./commands/trace.ts")).register(program),
    answers: async () => (await import("./answers/simulate.ts")).traceAnswers,
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
    answers: async () => (await import("./answers/devices.ts")).buildAnswers,
  },
  {
    group: "Devices",
    names: ["devices"],
    summary: () => "serial ports, what stands behind them and, when asked, what answers",
    load: async (program) => (await import("./commands/devices.ts")).register(program),
    answers: async () => (await import("./answers/devices.ts")).devicesAnswers,
  },
  {
    group: "Devices",
    names: ["flash"],
    summary: () => "write a board's image to a device, and read it back",
    load: async (program) => (await import("./commands/flash.ts")).register(program),
    answers: async () => (await import("./answers/devices.ts")).flashAnswers,
  },
  {
    group: "Devices",
    names: ["verify"],
    summary: () => "compare a device with what was built for it",
    load: async (program) => (await import("./commands/verify.ts")).register(program),
    answers: async () => (await import("./answers/devices.ts")).verifyAnswers,
  },
  {
    group: "Devices",
    names: ["logs"],
    summary: () => "a unit's event log, over its service line",
    load: async (program) => (await import("./commands/logs.ts")).register(program),
  },
  {
    group: "Install",
    names: ["keys"],
    summary: () => "unit keys, button labels and certificates in one encrypted file",
    load: async (program) => (await import("./commands/keys.ts")).register(program),
    answers: async () => (await import("./answers/install.ts")).keysAnswers,
  },
  {
    group: "Install",
    names: ["registry"],
    summary: () => "units and larmkods: import many at once, compare, check, list",
    load: async (program) => (await import("./commands/registry.ts")).register(program),
    answers: async () => (await import("./answers/install.ts")).registryAnswers,
  },
  {
    group: "Install",
    names: ["provision"],
    summary: () => "set up a unit and prove every step; closed only with an accepted press",
    load: async (program) => (await import("./commands/provision.ts")).register(program),
  },
  {
    group: "Install",
    names: ["pair", "range-walk", "path-test", "test-alarm"],
    summary: (name) => installSummaries[name] ?? "",
    load: async (program) => (await import("./commands/install.ts")).register(program),
    answers: async () => (await import("./answers/install.ts")).installAnswers,
  },
  {
    group: "Service",
    names: ["config"],
    summary: () => "a unit's settings: get, set, diff, check, schema",
    load: async (program) => (await import("./commands/config.ts")).register(program),
    answers: async () => (await import("./answers/install.ts")).configAnswers,
  },
  {
    group: "Service",
    names: ["diagnose", "export", "repair-bundle", "return-test", "wipe", "battery-replaced"],
    summary: (name) => serviceSummaries[name] ?? "",
    load: async (program) => (await import("./commands/service.ts")).register(program),
    answers: async () => (await import("./answers/install.ts")).serviceAnswers,
  },
  {
    group: "Service",
    names: ["ota"],
    summary: () =>
      "sign releases and give them out in rings that stop by themselves: keys, sign, show, plan, run, status, stop, go-on",
    load: async (program) => (await import("./commands/ota.ts")).register(program),
    answers: async () => (await import("./answers/install.ts")).otaAnswers,
  },
  {
    group: "Rigs",
    names: ["hil"],
    summary: () => "tests on a bench, virtual or real: run, benches, history",
    load: async (program) => (await import("./commands/hil.ts")).register(program),
    answers: async () => (await import("./answers/hil.ts")).hilAnswers,
  },
  {
    group: "Help",
    names: ["doctor"],
    summary: () => "what is installed of what livlina uses, what is missing, and how to get it",
    load: async (program) => (await import("./commands/doctor.ts")).register(program),
    answers: async () => (await import("./answers/devices.ts")).doctorAnswers,
  },
  {
    group: "Help",
    names: ["explain"],
    summary: () => "what a code means: exit codes, SIP and SCAIP codes, faults",
    load: async (program) => (await import("./commands/explain.ts")).register(program),
    answers: async () => (await import("./answers/devices.ts")).explainAnswers,
  },
  {
    group: "Help",
    names: ["completion"],
    summary: () => "a script that lets a shell finish what is typed: bash, zsh, fish",
    load: async (program) => (await import("./commands/completion.ts")).register(program),
  },
  {
    group: "Help",
    names: ["schema"],
    summary: () => "the JSON Schema of what a command prints with --json",
    load: async (program) => (await import("./commands/schema.ts")).register(program),
  },
];
