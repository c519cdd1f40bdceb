/** `livlina pair`, `range-walk`, `path-test` and `test-alarm`: single steps of an installation, for whoever does one of them alone. */
import type { Command } from "commander";
import { routesOf } from "../../firmware/settings.ts";
import { refOf, stemOf } from "../../protocol/scaip/stem.ts";
import { collect } from "../live-flags.ts";
import { confirm, openDesk } from "../provision/desk.ts";
import { factsText } from "../provision/installation.ts";
import { addressText } from "../provision/label-code.ts";
import { pairButton } from "../provision/pairing.ts";
import { labelOf, roomWord } from "../provision/plan-file.ts";
import { readRegistryFile } from "../provision/registry-file.ts";
import type { ServiceLink } from "../provision/service-link.ts";
import {
  print,
  printJson,
  type UnitFlags,
  wholeOf,
  withChangeFlags,
  withUnit,
  withUnitFlags,
} from "../provision/unit-flags.ts";
import { readSettings } from "../provision/unit-settings.ts";
import { acceptedPress, devicesOf, pathsOf } from "../provision/unit-watch.ts";
import { type WalkedRoom, walkRoom } from "../provision/walk.ts";
import { UserError } from "../user-error.ts";

interface ChangeFlags extends UnitFlags {
  readonly wait: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export interface PairFlags extends ChangeFlags {
  readonly label?: string;
  readonly revoke?: string;
  readonly person: string;
  readonly where: string;
  readonly registry?: string;
}

export interface WalkFlags extends ChangeFlags {
  readonly button: string;
  readonly room: readonly string[];
  readonly presses: string;
}

export interface TestFlags extends ChangeFlags {
  readonly button?: string;
}

const longestWaitS = 3_600;
const port = "--port /dev/ttyUSB0 --keys keys.enc";

export function register(program: Command): void {
  withChangeFlags(withUnitFlags(program.command("pair")))
    .description("take a button into a unit by its label, or take a lost one out")
    .option("--label <code>", "the 40 characters on its label, or its address where the keys' file knows it")
    .option("--person <number>", "whose it is, 1 to 32", "1")
    .option("--where <room>", "for one on a wall: the room", "")
    .option("--revoke <place>", "take the device at this place out instead")
    .option("--registry <file>", "refuses a button that another unit has there")
    .option("--wait <seconds>", "how long the button is waited for", "125")
    .addHelpText(
      "after",
      `\nExamples:\n  livlina pair ${port} --label "4T1XK ..." --person 1\n  livlina pair ${port} --revoke 0 --yes\n`,
    )
    .action(pair);
  withChangeFlags(withUnitFlags(program.command("range-walk")))
    .description("walk through the rooms with a button: how far each press is above what the unit can hear")
    .option("--button <place>", "place of the button in the unit's table", "0")
    .requiredOption("--room <name>", "a room; may be given again", collect)
    .option("--presses <count>", "presses in each room", "2")
    .option("--wait <seconds>", "how long a room is waited for", "120")
    .addHelpText(
      "after",
      `\nPresses of a walk are no calls for help. It ends with 1 where a room failed.\n\nExample:\n  livlina range-walk ${port} --room kök --room bad\n`,
    )
    .action(walk);
  withUnitFlags(program.command("path-test"))
    .description("try every route to every receiver now")
    .addHelpText("after", `\nIt ends with 1 where a path was not accepted.\n\nExample:\n  livlina path-test ${port}\n`)
    .action(testPaths);
  withChangeFlags(withUnitFlags(program.command("test-alarm")))
    .description("follow one real press from the button to its acceptance")
    .option("--button <place>", "place of the button that is pressed; the help key on the unit unless said")
    .option("--wait <seconds>", "how long the press is waited for", "120")
    .addHelpText(
      "after",
      `\nNothing but a finger raises an alarm: tell the receiver before. It ends with 1 where nobody accepts.\n\nExample:\n  livlina test-alarm ${port} --button 0\n`,
    )
    .action(testAlarm);
}

async function pair(flags: PairFlags): Promise<void> {
  const patienceMs = waitOf(flags);
  const person = wholeOf("--person", flags.person, 1, 32);
  if ((flags.label === undefined) === (flags.revoke === undefined))
    throw new UserError("neither a button to take in nor one to take out", "--label CODE, or --revoke PLACE", 2);
  await withUnit(flags, async ({ link, serial, keys }) => {
    const desk = openDesk();
    try {
      if (flags.revoke !== undefined) return await revoke(flags, link, wholeOf("--revoke", flags.revoke, 0, 31));
      const label = labelOf("--label", flags.label ?? "", keys);
      const name = addressText(label.address);
      const registry = flags.registry === undefined ? undefined : readRegistryFile(flags.registry);
      if (flags.dryRun === true)
        return print(flags, `button ${name}, ${label.form}, would be taken into ${serial} for person ${person}`);
      await confirm(desk, `Button ${name} is taken into unit ${serial}.`, flags.yes === true);
      const where = flags.where === "" ? "" : roomWord(flags.where);
      const result = await pairButton({ link, desk, registry, unit: serial, patienceMs, label, name, person, where });
      printJson(flags, { button: name, ...result });
      if (!result.passed)
        throw new UserError(`button ${name} did not join: ${factsText(result.facts)}`, result.hint, 1);
      print(flags, `button ${name}: ${factsText(result.facts)}; press it once: it is not verified yet`);
    } finally {
      desk.close();
    }
  });
}

async function revoke(flags: PairFlags, link: ServiceLink, place: number): Promise<void> {
  const device = (await devicesOf(link)).find((each) => each.place === place && each.state !== "revoked");
  if (device === undefined)
    throw new UserError(`no device stands at place ${place}`, "livlina diagnose lists the places", 1);
  if (flags.dryRun === true) return print(flags, `${device.did} would be taken out`);
  if (flags.yes !== true) {
    const desk = openDesk();
    await confirm(desk, `${device.did} at place ${place} is taken out.`, false).finally(() => desk.close());
  }
  await link.order({ type: "revoke", place });
  print(flags, `${device.did} is taken out`);
  printJson(flags, { revoked: device.did, place });
}

async function walk(flags: WalkFlags): Promise<void> {
  const patienceMs = waitOf(flags);
  const presses = wholeOf("--presses", flags.presses, 1, 20);
  const place = wholeOf("--button", flags.button, 0, 31);
  if (flags.dryRun === true)
    return print(flags, `${flags.room.length} rooms with the button at place ${place}, ${presses} presses each`);
  const rooms = await withUnit(flags, async ({ link }) => {
    const desk = openDesk();
    const walked: WalkedRoom[] = [];
    for (const name of flags.room)
      walked.push(await walkRoom({ link, desk, place, word: roomWord(name), name, presses, patienceMs }));
    desk.close();
    return walked;
  });
  printJson(flags, { rooms });
  for (const { name, margin, result, presses: heard } of rooms)
    print(flags, `${result.padEnd(8)} ${name.padEnd(20)} ${heard} presses, ${margin} dB above what the unit can hear`);
  const failed = rooms.filter(({ result }) => result !== "passed");
  if (failed.length > 0)
    throw new UserError(
      `not heard well enough from ${failed.map(({ name }) => name).join(", ")}`,
      "move the unit to the middle of the home, away from metal, and walk again",
      1,
    );
}

async function testPaths(flags: UnitFlags): Promise<void> {
  const { paths, count } = await withUnit(flags, async ({ link }) => {
    const { settings } = await readSettings(link);
    const expected = routesOf(settings.policy).length * settings.receivers.length;
    return { paths: await pathsOf(link, expected), count: expected };
  });
  printJson(flags, { paths });
  for (const { route, receiver, result } of paths)
    print(flags, `${result.padEnd(12)} ${route} to receiver ${receiver}`);
  const silent = paths.filter(({ result }) => result !== "accepted").length + count - paths.length;
  if (silent > 0)
    throw new UserError(`${silent} of ${count} paths were not accepted`, "livlina diagnose says who acts", 1);
}

async function testAlarm(flags: TestFlags): Promise<void> {
  const patienceMs = waitOf(flags);
  const place = flags.button === undefined ? -1 : wholeOf("--button", flags.button, 0, 31);
  if (flags.dryRun === true) return print(flags, "a press would be waited for; it would be a real alarm");
  await withUnit(flags, async ({ link }) => {
    const desk = openDesk();
    try {
      await confirm(desk, "The press is a real alarm: the receiver should know of it before.", flags.yes === true);
      const found = await acceptedPress(link, place, patienceMs, {
        ready: () =>
          desk.say(place < 0 ? "press the help key on the unit now" : `press the button at place ${place} now`),
        heard: (number) => desk.say(`report ${number} is on its way`),
      });
      if (found === undefined)
        throw new UserError(
          `no press was accepted within ${flags.wait} s`,
          "livlina path-test, then livlina diagnose",
          1,
        );
      const ref = refOf(stemOf(link.unit, found.number), found.part);
      printJson(flags, { ...found, ref });
      print(flags, `accepted by receiver ${found.receiver} over ${found.route} after ${found.afterMs} ms, ref ${ref}`);
    } finally {
      desk.close();
    }
  });
}

function waitOf(flags: ChangeFlags): number {
  return 1_000 * wholeOf("--wait", flags.wait, 1, longestWaitS);
}
