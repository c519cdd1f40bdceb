/** `livlina provision`: a unit is set up, paired and proven step by step, and closed when everything was proven. */
import type { Command } from "commander";
import { isForBench } from "../provision/checklist.ts";
import { confirm, type Desk, openDesk } from "../provision/desk.ts";
import { type Force, factsText, Installation, type InstallationOptions } from "../provision/installation.ts";
import { type InstallationPlan, planDoubts, readPlan } from "../provision/plan-file.ts";
import { checklistOf, type InstallationRecord, readRecord } from "../provision/record.ts";
import { type RegistryFile, readRegistryFile, withRow, writeRegistryFile } from "../provision/registry-file.ts";
import { openServiceLink } from "../provision/service-link.ts";
import { comparable, differences } from "../provision/settings-file.ts";
import { keysIn, printJson, type UnitFlags, wholeOf, withChangeFlags, withUnitFlags } from "../provision/unit-flags.ts";
import { readSettings } from "../provision/unit-settings.ts";
import { UserError } from "../user-error.ts";

export interface ProvisionFlags extends Omit<UnitFlags, "unit"> {
  readonly from: string;
  readonly record: string;
  readonly registry?: string;
  readonly bench?: boolean;
  readonly forceClose?: string;
  readonly by?: string;
  readonly wait: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const longestWaitS = 3_600;

const planAndExamples = `
The plan is JSON. What is left out of the settings is as the firmware has it (livlina config schema):
  { "format": 1, "unit": "U-000001", "client": "K-1042",
    "settings": { "format": 1, "larmkod": "4600100012", "domain": "larm.example", "policy": "mobile-first",
      "receivers": [{ "uri": "sip:larm@larm.example", "host": "127.0.0.1" }], "modem": { "apn": "iot" } },
    "buttons": [{ "label": "4T1XK ... on the label", "person": 1 }], "rooms": ["kök", "bad"] }

Each step's proof is in --record with its time and figures before the next step begins. Interrupted, for whatever reason,
the same command goes on where it stopped. It ends with 0 when the installation was closed, with 1 while steps are missing.

Examples:
  livlina provision --port /dev/ttyUSB0 --keys keys.enc --from K-1042.json --record K-1042.record.json --bench
  livlina provision --port /dev/ttyUSB0 --keys keys.enc --from K-1042.json --record K-1042.record.json --registry units.csv
`;

export function register(program: Command): void {
  const command = program
    .command("provision")
    .description("set up a unit, pair and try its buttons, and prove every step; closed only with an accepted press");
  withChangeFlags(withUnitFlags(command, "plan"))
    .requiredOption("--from <plan>", "what is to be installed")
    .requiredOption("--record <file>", "the record of this installation, written after each step")
    .option("--registry <file>", "the larmkod must be free in it; the unit's row is brought up to date")
    .option("--bench", "on the bench: what a home must prove is left for later, and nothing is closed")
    .option("--force-close <why>", "close although steps are missing: stays unverified for everybody to see; with --by")
    .option("--by <who>", "who closes it, such as a signature")
    .option("--wait <seconds>", "how long a press, a button or a room is waited for", "120")
    .addHelpText("after", planAndExamples)
    .action(run);
}

async function run(flags: ProvisionFlags): Promise<void> {
  const keys = keysIn(flags);
  const plan = readPlan(flags.from, flags.keys, keys);
  const registry = flags.registry === undefined ? undefined : readRegistryFile(flags.registry);
  const force = forceOf(flags);
  const patienceMs = 1_000 * wholeOf("--wait", flags.wait, 1, longestWaitS);
  const now = (): string => new Date().toISOString();
  readRecord(flags.record, plan, now());
  const desk = openDesk();
  const link = await openServiceLink(flags.port, plan.serviceKey);
  try {
    const place = flags.bench === true ? "bench" : "home";
    const options: InstallationOptions = {
      link,
      desk,
      plan,
      recordPath: flags.record,
      registry,
      place,
      now,
      patienceMs,
    };
    for (const doubt of planDoubts(plan)) desk.say(`look: ${doubt}`);
    if (flags.dryRun === true) await tell(options);
    else printJson(flags, await install(options, flags, force));
  } finally {
    link.close();
    desk.close();
  }
}

async function install(
  options: InstallationOptions,
  flags: ProvisionFlags,
  force: Force | undefined,
): Promise<InstallationRecord> {
  const { desk, plan, place, link } = options;
  const installation = new Installation(options);
  await confirm(
    desk,
    `Unit ${plan.unit} at ${link.path} becomes larmkod ${plan.larmkod} for client ${plan.client}.`,
    flags.yes === true,
  );
  if (installation.checklist.closing === undefined) {
    await installation.begin();
    await installation.walk();
    if (place === "bench") return onBench(installation, desk);
    await installation.close(force);
  } else await installation.close(undefined);
  const record = installation.record();
  // Read anew: an installation takes its time, and somebody may have written meanwhile.
  if (flags.registry !== undefined) writeRegistryFile(withRow(readRegistryFile(flags.registry), rowOf(plan, record)));
  const { closing } = record;
  desk.say(
    closing?.how === "unverified"
      ? `closed by ${closing.by} and UNVERIFIED (${closing.why}): ${closing.missing.map(({ step }) => step).join(", ")}`
      : `closed: larmkod ${plan.larmkod} is in service, every step is proven`,
  );
  return record;
}

/** Throws UserError (1) where something failed that a bench can prove. */
function onBench(installation: Installation, desk: Desk): InstallationRecord {
  const { steps, proofs } = installation.checklist;
  const open = steps.filter(
    (step) => isForBench(step) && !proofs.some((proof) => proof.step === step.name && proof.outcome === "passed"),
  );
  if (open.length > 0)
    throw new UserError(
      `not ready for a home: ${open.map(({ name }) => name).join(", ")}`,
      "the same command again when it is put right",
      1,
    );
  desk.say("ready for the home: the rest is proven there");
  return installation.record();
}

/** What it would do. */
async function tell({ link, plan, desk, recordPath, now }: InstallationOptions): Promise<void> {
  const { settings, state } = await readSettings(link);
  const checklist = checklistOf(plan, readRecord(recordPath, plan, now()));
  const changes = differences(comparable(settings), comparable(plan.settings));
  desk.say(`settings version ${state.version}, ${changes.length} fields would change`);
  for (const { path, before, after } of changes) desk.say(`  ${path}: ${before ?? "-"} -> ${after ?? "-"}`);
  for (const step of checklist.steps) {
    const proof = checklist.proofs.find((each) => each.step === step.name);
    desk.say(
      proof === undefined
        ? `[ ] ${step.name}`
        : `[${proof.outcome === "passed" ? "x" : " "}] ${step.name}  ${proof.at}  ${factsText(proof.facts)}`,
    );
  }
  desk.say("nothing was changed");
}

function rowOf(plan: InstallationPlan, record: InstallationRecord): RegistryFile["rows"][number] {
  const { closing } = record;
  const iccid = record.proofs.find(({ step }) => step === "identity")?.facts["iccid"];
  return {
    unit: plan.unit,
    cid: plan.larmkod,
    client: plan.client,
    state: "in-service",
    installed: (closing?.at ?? "").slice(0, 10),
    verified: closing?.how === "verified" ? "yes" : "no",
    buttons: plan.buttons.map(({ name }) => name).join(" "),
    firmware: record.firmware,
    ...(typeof iccid === "string" && iccid !== "" ? { iccid } : {}),
  };
}

function forceOf(flags: ProvisionFlags): Force | undefined {
  if (flags.forceClose === undefined) return undefined;
  if (flags.by !== undefined && flags.by !== "" && flags.forceClose !== "")
    return { by: flags.by, why: flags.forceClose };
  throw new UserError("--force-close without --by", "--force-close WHY --by WHO: both stand in the record", 2);
}
