/** `livlina stand`: a unit in its box, its service line under a name on this machine, for whoever learns or tests an installation. */
import { createInterface } from "node:readline";
import type { Command } from "commander";
import type { StandNews } from "../../simulator/live/live-stand.ts";
import { openStand, type Stand } from "../device/stand.ts";
import { collect, stopSignal } from "../live-flags.ts";
import { bytesOf, unitKeysOf } from "../provision/keys-file.ts";
import { keysIn, wholeOf, withKeysFlags } from "../provision/unit-flags.ts";
import { UserError } from "../user-error.ts";

export interface StandFlags {
  readonly link: string;
  readonly keys: string;
  readonly passphraseFile?: string;
  readonly unit?: string;
  readonly button?: readonly string[];
  readonly speed: string;
  readonly json?: boolean;
}

const wordsHelp = `
Each line on stdin is something that a person does:
  hold N         take button N out of its box and hold it until it asks for a unit
  press N        press it
  carry N DB     take it so many dB further away
  plug, unplug   the mains;  battery in, battery out
  cable in, cable out   the cable of the service line

Example:
  livlina receiver --listen udp:127.0.0.1:5060 --json &
  livlina stand --link unit-port --keys keys.enc --unit U-000001 --button 0102030A
  livlina provision --port unit-port --keys keys.enc --from plan.json --record record.json
`;

export function register(program: Command): void {
  withKeysFlags(program.command("stand"))
    .description(
      "a unit in its box, and buttons in theirs: the firmware in real time, its service line a pseudo-terminal",
    )
    .requiredOption("--link <path>", "where its service line is found")
    .option("--unit <serial>", "which unit of the keys' file; the only one unless said")
    .option(
      "--button <address>",
      "a button of the keys' file, button 1 first; may be given again; all of them unless said",
      collect,
    )
    .option("--speed <times>", "so many times as fast as the time outside", "1")
    .addHelpText("after", wordsHelp)
    .action(run);
}

async function run(flags: StandFlags): Promise<void> {
  const stopped = stopSignal();
  const keys = keysIn(flags);
  const unit = unitKeysOf(flags.keys, keys, flags.unit);
  const wanted = flags.button ?? keys.buttons.map(({ address }) => address);
  const buttons = wanted.map((address) => {
    const known = keys.buttons.find((each) => each.address === address.toUpperCase());
    if (known === undefined)
      throw new UserError(`${flags.keys} has no button ${address}`, "livlina keys list shows them", 2);
    return { address: Number.parseInt(known.address, 16), label: bytesOf(known.key) };
  });
  const speed = wholeOf("--speed", flags.speed, 1, 100);
  const stand = openStand({
    link: flags.link,
    serviceKey: bytesOf(unit.serviceKey),
    buttons,
    speed,
    allow: [],
    onNews: (news) => (flags.json === true ? process.stdout.write(`${JSON.stringify(news)}\n`) : note(newsText(news))),
    onDropped: (host) => note(`what went to ${host} was dropped: the stand stays on this machine`),
  });
  note(`unit ${unit.serial} at ${flags.link}, ${buttons.length} buttons in their boxes; Ctrl-C ends`);
  const input = createInterface({ input: process.stdin });
  input.on("line", (line) => {
    const wrong = obey(stand, buttons.length, line.trim());
    if (wrong !== undefined) note(`not understood: ${wrong}`);
  });
  await stopped;
  input.close();
  stand.close();
}

/** What is wrong with the line, or undefined. */
export function obey(stand: Stand, buttons: number, line: string): string | undefined {
  const [word = "", first = "", second = ""] = line.split(/\s+/);
  if (word === "") return undefined;
  if (word === "hold" || word === "press" || word === "carry") {
    const button = Number(first);
    if (!Number.isSafeInteger(button) || button < 1 || button > buttons)
      return `${line}: a button from 1 to ${buttons}`;
    if (word === "hold") stand.unit.hold(button);
    else if (word === "press") stand.unit.press(button);
    else if (/^\d{1,3}$/.test(second)) stand.unit.carry(button, Number(second));
    else return `${line}: carry BUTTON DB`;
    return undefined;
  }
  switch (line) {
    case "plug":
    case "unplug":
      stand.unit.touch(({ supply }) => supply.plug(line === "plug"));
      return undefined;
    case "battery in":
    case "battery out":
      stand.unit.touch(({ supply }) => supply.connectBattery(line === "battery in"));
      return undefined;
    case "cable in":
      stand.plug();
      return undefined;
    case "cable out":
      stand.pull();
      return undefined;
    default:
      return `${line}: livlina stand --help names the words`;
  }
}

function newsText(news: StandNews): string {
  const at = `${(news.t / 1_000).toFixed(1).padStart(8)} s `;
  switch (news.type) {
    case "started":
      return `${at} the unit starts (${news.cause})`;
    case "stopped":
      return `${at} the unit is off`;
    case "pressed":
      return `${at} button ${news.button} is pressed`;
    case "button-showed":
      return `${at} button ${news.button} shows: ${news.signal}`;
    case "unit-showed":
      return `${at} the unit shows: ${news.signal}`;
    case "spoke":
      return `${at} the unit says: ${news.utterance.text}`;
  }
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
