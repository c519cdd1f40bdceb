/** `livlina flash`: a board's image onto a device: compared before anything is erased, resumed where it stopped, read back after. */
import type { Command } from "commander";
import { type DeviceFlags, deviceJob, deviceOptions, imageOf } from "../flash/device-job.ts";
import { binariesIn, buildWithMcconfig, type EspBinaries } from "../flash/esp-parts.ts";
import { type FactoryFlags, factoryOf } from "../flash/factory.ts";
import { usualJournal } from "../flash/flash-journal.ts";
import { type FlashPlan, type FlashResult, flashEsp32, flashEspruino, interpreterImage } from "../flash/flash-run.ts";
import { interpreterWrite, runForeign } from "../flash/programs.ts";
import { Progress } from "../progress.ts";
import { confirm } from "../provision/desk.ts";
import { UserError } from "../user-error.ts";

interface FlashFlags extends DeviceFlags, Pick<FactoryFlags, "button" | "factory"> {
  readonly interpreter?: string;
  readonly force?: string;
  readonly journal: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function register(program: Command): void {
  deviceOptions(program.command("flash <board>").description("write a board's image to a device, and read it back"))
    .option("--interpreter <path>", "the engine's own image instead: a folder for an ESP32, a file for others")
    .option("--button <address>", "also who it is: a button's address and label key, from --keys")
    .option("--factory <file>", "also who it is: a factory page that was made for it")
    .option("--force <reason>", "although a unit is in service, an alarm waits, or an older version: written down")
    .option("--journal <file>", "where each flash is written down, forced or not", usualJournal)
    .option("--dry-run", "look and compare, erase nothing")
    .option("--yes", "do not ask")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      [
        "",
        "What is on the device already and right is not written again, so that a flash that broke off goes on.",
        "Exit codes: 1 the image does not fit the device or does not read back; 3 port or device; 4 refused unless forced.",
        "",
        "Example:",
        "  livlina flash puck-js --port /dev/ttyUSB0     after livlina build puck-js",
        "",
      ].join("\n"),
    )
    .action(flash);
}

async function flash(name: string, flags: FlashFlags): Promise<void> {
  if (flags.force !== undefined && flags.force.trim() === "")
    throw new UserError("--force without a reason", '--force "REASON": it is written down', 2);
  const job = await deviceJob(name, flags);
  try {
    if (flags.interpreter !== undefined && job.board.chip !== "esp32") {
      const write = interpreterWrite(job.board.chip, flags.interpreter, job.path);
      if (flags.dryRun === true) return;
      await confirm(job.desk, `${write.program} ${write.args.join(" ")}.`, flags.yes === true);
      runForeign(write);
      return;
    }
    const { folder, image } =
      flags.interpreter === undefined
        ? imageOf(job.board, flags)
        : { folder: flags.interpreter, image: interpreterImage(job.board) };
    const progress = progressOf();
    const plan: FlashPlan = {
      job,
      image,
      factory: factoryOf(job.board, flags),
      force: flags.force,
      journal: flags.journal,
      isDryRun: flags.dryRun === true,
      isSure: flags.yes === true,
      onProgress: progress.update,
    };
    const result = await (async () => {
      if (flags.interpreter !== undefined) return flashEsp32(plan, binariesIn(flags.interpreter));
      if (job.board.engine === "espruino") return flashEspruino(plan);
      return flashEsp32(plan, binariesOf(folder, job.board.engineImage.target, flags));
    })().finally(progress.end);
    process.stdout.write(flags.json === true ? `${JSON.stringify(result)}\n` : `${textOf(result)}\n`);
  } finally {
    job.desk.close();
  }
}

/** Built elsewhere, or here by the SDK. Throws UserError that says what is missing. */
export function binariesOf(folder: string, target: string, flags: Pick<DeviceFlags, "binaries">): EspBinaries {
  return flags.binaries === undefined ? buildWithMcconfig(folder, target) : binariesIn(flags.binaries);
}

function progressOf(): { readonly update: (done: number, total: number) => void; readonly end: () => void } {
  let progress: Progress | undefined;
  return {
    update: (done, total) => {
      progress ??= new Progress(process.stderr, total, (bytes) => `${bytes} of ${total} bytes`);
      progress.update(done);
    },
    end: () => progress?.end(),
  };
}

function textOf(result: FlashResult): string {
  const { board, version, path, chip, kept, written, repeats, forced, overruled, isDryRun } = result;
  if (isDryRun) return `${board} ${version} would go onto ${path} (${chip}); nothing was erased`;
  const again = repeats === 0 ? "" : `, ${repeats} pieces sent twice`;
  const force = forced === "" ? "" : `\nforced (${forced}), although ${overruled}`;
  return `${board} ${version} is on ${path} (${chip}) and reads back: ${written} bytes written, ${kept} were there${again}${force}`;
}
