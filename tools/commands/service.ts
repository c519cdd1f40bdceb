/** `livlina diagnose`, `export`, `wipe`, `return-test`, `repair-bundle` and `battery-replaced`: a unit that is looked after, handed back, or sent away. */
import type { Command } from "commander";
import { collect } from "../live-flags.ts";
import { confirm, openDesk } from "../provision/desk.ts";
import { actorTexts, type Finding, findingsOf, whoActs } from "../provision/diagnosis.ts";
import {
  clientTexts,
  type Examination,
  examine,
  examineWithLog,
  exportOf,
  leftOvers,
  plain,
  repairBundleOf,
} from "../provision/examination.ts";
import { jsonText, refuseExisting, writeWhole } from "../provision/files.ts";
import { readRegistryFile, withRow, writeRegistryFile } from "../provision/registry-file.ts";
import { returnTest } from "../provision/return-test.ts";
import { print, printJson, type UnitFlags, withChangeFlags, withUnit, withUnitFlags } from "../provision/unit-flags.ts";
import { UserError } from "../user-error.ts";

interface QuickFlags extends UnitFlags {
  readonly quick?: boolean;
}

export interface OutFlags extends QuickFlags {
  readonly out: string;
  readonly symptom?: readonly string[];
}

export interface ChangeFlags extends UnitFlags {
  readonly registry?: string;
  readonly store?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const port = "--port /dev/ttyUSB0 --keys keys.enc";
/** More than the ring of a unit holds. */
const logLimit = 20_000;
const restartMs = 30_000;
const wipeable: readonly string[] = ["returned", "stored", "prepared"];

export function register(program: Command): void {
  withUnitFlags(program.command("diagnose"))
    .description("ask a unit everything, say what is wrong, and end with who acts")
    .option("--quick", "try no path and check no part")
    .addHelpText("after", `\nIt ends with 1 where somebody should act.\n\nExample:\n  livlina diagnose ${port}\n`)
    .action(diagnose);
  withUnitFlags(program.command("export"))
    .description("settings, devices, state and log of a unit as one JSON file")
    .requiredOption("--out <file>", "a file that is not there yet")
    .option("--quick", "try no path and check no part")
    .addHelpText(
      "after",
      `\nPasswords, PIN and keys never leave a unit.\n\nExample:\n  livlina export ${port} --out K-1042.json\n`,
    )
    .action(exportUnit);
  withUnitFlags(program.command("repair-bundle"))
    .description("symptoms, log, checks and versions for a workshop, without anything of the client")
    .requiredOption("--out <file>", "a file that is not there yet")
    .option("--symptom <text>", "what the unit does; may be given again", collect)
    .option("--quick", "try no path and check no part")
    .addHelpText("after", `\nExample:\n  livlina repair-bundle ${port} --out repair.json --symptom "no sound"\n`)
    .action(bundle);
  withChangeFlags(withUnitFlags(program.command("return-test")))
    .description(
      "the full test of a unit that was handed back: pass or repair; then receivers are told that it falls silent",
    )
    .option("--registry <file>", "the unit's row is brought up to date")
    .addHelpText("after", `\nIt ends with 0 for pass, with 1 for repair.\n\nExample:\n  livlina return-test ${port}\n`)
    .action(testReturned);
  withChangeFlags(withUnitFlags(program.command("wipe")))
    .description("erase all that is of the client, and prove it; what is of the device stays")
    .option("--store", "and put it into store")
    .option("--registry <file>", "larmkod, client and buttons leave the unit's row")
    .addHelpText(
      "after",
      `\nA unit in service is not wiped: livlina return-test first.\n\nExample:\n  livlina wipe ${port} --store\n`,
    )
    .action(wipe);
  withUnitFlags(program.command("battery-replaced"))
    .description("tell a unit that its own battery was replaced")
    .option("--yes", "do not ask whether to go on")
    .addHelpText("after", `\nExample:\n  livlina battery-replaced ${port}\n`)
    .action(battery);
}

async function diagnose(flags: QuickFlags): Promise<void> {
  const examination = await withUnit(flags, ({ link }) => examine(link, flags.quick === true));
  const findings = findingsOf(examination);
  const actor = whoActs(findings);
  printJson(flags, plain({ ...examination, findings, acts: actor }));
  print(flags, headLine(examination));
  for (const each of findings) print(flags, findingText(each));
  print(flags, `who acts: ${actorTexts[actor]}`);
  if (findings.some(({ weight }) => weight < 3)) process.exitCode = 1;
}

async function exportUnit(flags: OutFlags): Promise<void> {
  refuseExisting(flags.out, "another --out");
  await withUnit(flags, async ({ link, serial }) => {
    const logged = await examineWithLog(link, flags.quick === true, logLimit);
    writeWhole(flags.out, jsonText(exportOf(serial, new Date().toISOString(), logged)), 0o600);
    print(flags, `${flags.out}: ${logged.log.length} events of the log, ${logged.examination.devices.length} devices`);
    printJson(flags, { out: flags.out, events: logged.log.length });
  });
}

async function bundle(flags: OutFlags): Promise<void> {
  refuseExisting(flags.out, "another --out");
  await withUnit(flags, async ({ link, serial }) => {
    const logged = await examineWithLog(link, flags.quick === true, logLimit);
    const text = jsonText(repairBundleOf(serial, new Date().toISOString(), flags.symptom ?? [], logged));
    const leaked = clientTexts(logged.examination).find((each) => text.includes(JSON.stringify(each)));
    if (leaked !== undefined) throw new Error("repair bundle: something of the client is in it");
    writeWhole(flags.out, text, 0o600);
    print(flags, `${flags.out}: ${logged.log.length} events of the log; nothing of the client is in it`);
    printJson(flags, { out: flags.out, events: logged.log.length });
  });
}

async function testReturned(flags: ChangeFlags): Promise<void> {
  await withUnit(flags, async ({ link, serial }) => {
    const desk = openDesk();
    try {
      const result = await returnTest(link, desk);
      const isWaiting = result.life !== "returned" && !wipeable.includes(result.life);
      const told = isWaiting && flags.dryRun !== true;
      if (told) {
        await confirm(
          desk,
          `Unit ${serial} is ${result.life}: receivers are told that it is returned and falls silent.`,
          flags.yes === true,
        );
        await link.order({ type: "life", life: "returned" });
        updateRegistry(flags.registry, { unit: serial, state: "returned" });
      }
      printJson(flags, { serial, verdict: result.verdict, returned: told, parts: result.parts });
      for (const { what, passed, found } of result.parts)
        print(flags, `${passed ? "pass  " : "REPAIR"}  ${what.padEnd(20)} ${found}`);
      print(
        flags,
        result.verdict === "pass"
          ? "pass: livlina wipe --store makes it ready for the next client"
          : "repair: livlina repair-bundle, then livlina wipe",
      );
      if (result.verdict === "repair") process.exitCode = 1;
    } finally {
      desk.close();
    }
  });
}

async function wipe(flags: ChangeFlags): Promise<void> {
  await withUnit(flags, async ({ link, serial }) => {
    const before = await examine(link, true);
    const { life } = before.state;
    if (before.status.pending > 0)
      throw new UserError("an alarm waits for its acceptance", "see to the alarm first", 4);
    if (life !== "wiped" && !wipeable.includes(life))
      throw new UserError(
        `the unit is ${life}: somebody may depend on it`,
        "livlina return-test first: receivers must know that it falls silent",
        4,
      );
    print(
      flags,
      `${serial}: ${life}, larmkod ${before.shown.cid}, ${before.devices.length} devices, settings version ${before.settings.version}`,
    );
    if (flags.dryRun === true) return print(flags, "all of it would be erased");
    const desk = openDesk();
    await confirm(desk, "All of it is erased and cannot be had back.", flags.yes === true).finally(() => desk.close());
    if (life !== "wiped") {
      link.forget("boot");
      await link.order({ type: "life", life: "wiped" });
      await link.restarted(restartMs);
    }
    const after = await examine(link, true);
    const left = leftOvers(before, after);
    if (left.length > 0)
      throw new UserError(
        `${serial} still holds ${left.join(", ")}`,
        "livlina repair-bundle: a unit whose memory cannot be erased goes to the workshop",
        1,
      );
    if (flags.store === true) await link.order({ type: "life", life: "stored" });
    updateRegistry(flags.registry, {
      unit: serial,
      state: flags.store === true ? "stored" : "wiped",
      cid: "",
      client: "",
      buttons: "",
      installed: "",
      verified: "",
    });
    print(
      flags,
      `${serial}: nothing of the client is left: no settings, no devices, no reports, and it calls itself ${after.unit} now`,
    );
    printJson(flags, { serial, wiped: true, before: before.unit, after: after.unit });
  });
}

async function battery(flags: ChangeFlags): Promise<void> {
  await withUnit(flags, async ({ link, serial }) => {
    const desk = openDesk();
    await confirm(desk, `Unit ${serial} has a new battery.`, flags.yes === true).finally(() => desk.close());
    await link.order({ type: "battery-replaced" });
    print(flags, `${serial} counts the age of its battery from now on`);
    printJson(flags, { serial, battery: "replaced" });
  });
}

function updateRegistry(path: string | undefined, values: Record<string, string>): void {
  if (path !== undefined) writeRegistryFile(withRow(readRegistryFile(path), values));
}

function headLine({ unit, firmware, state, shown, settings }: Examination): string {
  return `unit ${unit}, firmware ${firmware}, ${state.life}, larmkod ${shown.cid}, settings version ${settings.version} (${settings.stage})`;
}

function findingText({ weight, what, act, actor }: Finding): string {
  const mark = weight === 1 ? "!!" : weight === 2 ? "! " : "  ";
  return `${mark} ${what}\n     ${act} (${actorTexts[actor]})`;
}
