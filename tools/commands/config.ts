/** `livlina config`: a unit's settings shown, compared, checked and changed; changes are tried and taken back where nobody accepts anything under them. */
import type { Command } from "commander";
import { z } from "zod";
import { encodeSettings, settingsLimit } from "../../firmware/storage/settings-codec.ts";
import { confirm, openDesk } from "../provision/desk.ts";
import { jsonText } from "../provision/files.ts";
import { planSchema } from "../provision/plan-file.ts";
import { recordSchema } from "../provision/record.ts";
import {
  comparable,
  type Difference,
  differences,
  readSettingsFile,
  settingsOf,
  settingsSchema,
} from "../provision/settings-file.ts";
import {
  keysIn,
  type OpenUnit,
  openUnit,
  print,
  printJson,
  type UnitFlags,
  withChangeFlags,
  withUnit,
  withUnitFlags,
} from "../provision/unit-flags.ts";
import { readSettings, sendSettings } from "../provision/unit-settings.ts";
import { UserError } from "../user-error.ts";

interface FromFlags extends UnitFlags {
  readonly from: string;
}

export interface SetFlags extends FromFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const schemas = { settings: settingsSchema, plan: planSchema, record: recordSchema } as const;
const port = "--port /dev/ttyUSB0 --keys keys.enc";
const secretsHelp =
  "\nPasswords, PIN and keys are not shown by a unit and not compared: config set sends them, from the file or from secret:NAME.\n";

export function register(program: Command): void {
  const config = program
    .command("config")
    .description("a unit's settings: get, set, diff, check, schema")
    .addHelpText("after", "\nExample:\n  livlina config check unit.json\n");
  withUnitFlags(config.command("get"))
    .description("the settings in force, as a file would have them")
    .addHelpText("after", `${secretsHelp}\nExample:\n  livlina config get ${port} > unit.json\n`)
    .action(get);
  withChangeFlags(withUnitFlags(config.command("set")))
    .description(
      "send new settings, whole; the unit tries them, and takes them back after 10 minutes without acceptance",
    )
    .requiredOption("--from <file>", "the settings, or a plan that holds them")
    .addHelpText(
      "after",
      `${secretsHelp}\nAlarms that wait are kept, and go to the new receivers. It ends with 1 where the settings were taken back.\n\nExample:\n  livlina config set ${port} --from unit.json --dry-run\n`,
    )
    .action(set);
  withUnitFlags(config.command("diff"))
    .description("how a file differs from the unit; ends with 1 where it does")
    .requiredOption("--from <file>", "the settings, or a plan that holds them")
    .addHelpText("after", `${secretsHelp}\nExample:\n  livlina config diff ${port} --from unit.json\n`)
    .action(diff);
  config
    .command("check <file>")
    .description("whether a unit would take these settings")
    .addHelpText("after", "\nExample:\n  livlina config check unit.json\n")
    .action(check);
  config
    .command("schema")
    .description("the JSON Schema of a file: of settings, of a plan, or of an installation's record")
    .option("--of <what>", "settings | plan | record", "settings")
    .addHelpText("after", "\nExample:\n  livlina config schema --of plan > plan.schema.json\n")
    .action(schema);
}

async function get(flags: UnitFlags): Promise<void> {
  const { settings } = await withUnit(flags, ({ link }) => readSettings(link));
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(comparable(settings))}\n` : jsonText(comparable(settings)),
  );
}

async function set(flags: SetFlags): Promise<void> {
  const unit = await openUnit(flags, keysIn(flags));
  const desk = openDesk();
  try {
    const wanted = wantedOf(flags, unit);
    const { settings } = await readSettings(unit.link);
    const changes = differences(comparable(settings), comparable(wanted));
    for (const each of changes) desk.say(changeText(each));
    if (settings.cid !== wanted.cid) desk.say(`look: the larmkod changes from ${settings.cid} to ${wanted.cid}`);
    if (flags.dryRun === true) {
      desk.say(`${changes.length} fields would change; nothing was sent`);
      return printJson(flags, { changes, sent: false });
    }
    await confirm(desk, `${changes.length} fields of unit ${unit.serial} change.`, flags.yes === true);
    const end = await sendSettings(unit.link, wanted, (text) => desk.say(text));
    const { state } = await readSettings(unit.link);
    printJson(flags, { changes, sent: true, end, version: state.version });
    if (end === "taken-back")
      throw new UserError(
        "the unit took the former settings back: no receiver accepted anything under the new ones",
        "livlina path-test; are the receiver's address and the routes right?",
        1,
      );
    print(
      flags,
      end === "first"
        ? `version ${state.version} is in force`
        : `version ${state.version} is in force and proven: a receiver has accepted something under it`,
    );
  } finally {
    desk.close();
    unit.link.close();
  }
}

async function diff(flags: FromFlags): Promise<void> {
  const changes = await withUnit(flags, async (unit) => {
    const wanted = wantedOf(flags, unit);
    return differences(comparable((await readSettings(unit.link)).settings), comparable(wanted));
  });
  printJson(flags, { changes });
  for (const each of changes) print(flags, changeText(each));
  print(flags, changes.length === 0 ? "the unit is set up like the file" : `${changes.length} fields differ`);
  if (changes.length > 0) process.exitCode = 1;
}

function check(path: string): void {
  const file = readSettingsFile(path);
  // Only whether the secrets are there is left to the keys' file.
  const secrets = new Proxy({}, { get: () => "0".repeat(32) }) as Record<string, string>;
  const settings = settingsOf(file, path, new Uint8Array(16), secrets);
  process.stdout.write(`${path}: good, ${encodeSettings(settings)?.length} of ${settingsLimit} bytes\n`);
}

function schema(flags: { readonly of: string }): void {
  const found = Object.entries(schemas).find(([name]) => name === flags.of)?.[1];
  if (found === undefined) throw new UserError(`--of ${flags.of} is unknown`, "--of settings, plan or record", 2);
  process.stdout.write(jsonText(z.toJSONSchema(found, { io: "input" })));
}

function wantedOf(flags: FromFlags, { serviceKey, keys }: OpenUnit): ReturnType<typeof settingsOf> {
  return settingsOf(readSettingsFile(flags.from), flags.from, serviceKey, keys.secrets);
}

function changeText({ path, before, after }: Difference): string {
  return `${path}: ${before ?? "-"} -> ${after ?? "-"}`;
}
