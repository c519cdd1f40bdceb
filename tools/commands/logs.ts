/** `livlina logs`: a unit's event log over its service line, from flash, numbered without gaps; followed as it grows when asked. */
import type { Command } from "commander";
import { decodeLogEntry, type LogEntry } from "../../firmware/storage/log-entry.ts";
import { logReadLimit } from "../../protocol/console/orders.ts";
import { serviceKeyOf } from "../flash/device-job.ts";
import { logLineText } from "../flash/log-text.ts";
import { portOf } from "../flash/ports.ts";
import { stopSignal } from "../live-flags.ts";
import { openServiceLink, type ServiceLink } from "../provision/service-link.ts";
import { UserError } from "../user-error.ts";

interface LogsFlags {
  readonly port?: string;
  readonly serialNumber?: string;
  readonly keys?: string;
  readonly unit?: string;
  readonly passphraseFile?: string;
  readonly from: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

const followMs = 1_000;
const highest = 0xffff_ffff;

export function register(program: Command): void {
  program
    .command("logs")
    .description("a unit's event log, over its service line")
    .option("--port <path>", "of its service line, such as /dev/ttyUSB0")
    .option("--serial-number <number>", "USB serial number instead")
    .requiredOption("--keys <file>", "keys of units: the log is for who knows the unit's own")
    .option("--unit <serial>", "which of them; not needed where the file has one")
    .option("--passphrase-file <file>", "opens the keys; or LIVLINA_PASSPHRASE")
    .option("--from <number>", "first event", "0")
    .option("--follow", "go on until Ctrl-C")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", "\nExample:\n  livlina logs --port /dev/ttyUSB0 --keys keys.json --unit U-000001 --follow\n")
    .action(logs);
}

async function logs(flags: LogsFlags): Promise<void> {
  const from = Number(flags.from);
  if (!/^\d{1,10}$/.test(flags.from) || from > highest)
    throw new UserError(`--from ${flags.from} is no number of an event`, "--from 0", 2);
  const key = serviceKeyOf(flags) as Uint8Array;
  const { path } = await portOf(flags, undefined);
  const stopped = stopSignal().then(() => true);
  const link = await openServiceLink(path, key);
  try {
    let next = await print(link, from, flags.json === true);
    if (flags.follow !== true) return;
    while (!(await Promise.race([stopped, pause()]))) next = await print(link, next, flags.json === true);
  } finally {
    link.close();
  }
}

function pause(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), followMs));
}

/** Prints what is there from that event on, and answers where it goes on. */
async function print(link: ServiceLink, from: number, isJson: boolean): Promise<number> {
  for (let at = from; ; ) {
    link.forget("entry");
    const end = await link.ask({ type: "log-read", from: at, count: logReadLimit }, "log-end");
    if (at > 0 && at < end.first)
      process.stderr.write(`${end.first - at} events were written over before they were read\n`);
    let last = at - 1;
    for (const { bytes } of link.taken("entry")) {
      const entry = decodeLogEntry(bytes);
      if (!entry.ok) {
        process.stderr.write(`an event of a later version: livlina of that version reads it\n`);
        continue;
      }
      last = Math.max(last, entry.value.sequence);
      process.stdout.write(`${isJson ? JSON.stringify(jsonOf(entry.value)) : logLineText(entry.value)}\n`);
    }
    // What was asked for and did not come is no event any more: a later version's, or one that rotted.
    at = last < at ? Math.min(at + logReadLimit, end.next) : last + 1;
    if (at < end.first) at = end.first;
    if (at >= end.next) return end.next;
  }
}

function jsonOf(entry: LogEntry): object {
  return { ...entry, text: logLineText(entry) };
}
