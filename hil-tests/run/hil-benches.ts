/** `livlina hil benches`: what benches are made of and whether they are well; nothing on them is moved. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { writeWhole } from "../../simulator/report/files.ts";
import type { HilBenchesFlags, HilScanFlags } from "../../tools/commands/hil.ts";
import { confirm, openDesk } from "../../tools/provision/desk.ts";
import type { Bench } from "../bench/bench.ts";
import { openBench } from "../bench/open-bench.ts";
import { scanBench } from "../bench/scan.ts";
import { BenchRig } from "./bench-rig.ts";
import type { Finding } from "./rig.ts";
import { marks } from "./summary.ts";

/** The virtual bench without files. Answers the exit code: 3 where one is not well. */
export async function hilBenches(files: readonly string[], { json }: HilBenchesFlags): Promise<number> {
  let isWell = true;
  for (const file of files.length === 0 ? [undefined] : files) {
    const bench = await openBench(file);
    const folder = mkdtempSync(join(tmpdir(), "livlina-benches-"));
    const rig = new BenchRig(bench, folder);
    try {
      const findings = await rig.check();
      isWell &&= findings.every(({ isHeld }) => isHeld);
      process.stdout.write(
        json === true ? `${JSON.stringify({ ...parts(bench), findings })}\n` : benchText(bench, findings),
      );
    } finally {
      await rig.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return isWell ? 0 : 3;
}

function parts({ name, file, devices, actuators, receivers, modem, allow }: Bench) {
  return {
    name,
    file: file ?? null,
    devices: devices.map(({ name: own, role, board, image, usb }) => ({
      name: own,
      role,
      board,
      image: image ?? null,
      usb: usb ?? null,
    })),
    actuators: actuators.map(({ name: own, moves, of, driver }) => ({ name: own, moves, of, driver })),
    receivers: receivers.map(({ name: own, uri, host, port, transport }) => ({
      name: own,
      uri,
      at: `${transport}:${host}:${port}`,
    })),
    modem: modem?.number ?? null,
    allow,
  };
}

function benchText(bench: Bench, findings: readonly Finding[]): string {
  const { name, file, devices, actuators, receivers, modem } = parts(bench);
  const lines = [
    `${name}${file === null ? "" : ` (${file})`}`,
    ...devices.map(
      (each) => `  ${each.role} ${each.name}: ${each.board}${each.image === null ? "" : `, image ${each.image}`}`,
    ),
    ...actuators.map((each) => `  ${each.moves} of ${each.of}: ${each.name} (${each.driver})`),
    ...receivers.map((each) => `  receiver ${each.name}: ${each.uri} at ${each.at}`),
    ...(modem === null ? [] : [`  modem: ${modem}`]),
    ...findings.map(
      (each) => `  ${each.isHeld ? marks.pass : marks.fail} ${each.name}${each.found === "" ? "" : `: ${each.found}`}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** Writes the bench file, or shows it. Answers the exit code. Rejects with UserError: 4 where a file is there already. */
export async function hilScan({ into, dryRun, yes }: HilScanFlags): Promise<number> {
  const desk = openDesk();
  try {
    const name = into === undefined ? "bench" : basename(into).replace(/\.ya?ml$/, "");
    const text = await scanBench({ name, desk });
    if (into === undefined || dryRun === true) process.stdout.write(text);
    else {
      if (existsSync(into)) await confirm(desk, `${into} is there already and would be written anew.`, yes === true);
      writeWhole(into, text);
      desk.say(`${into} is written; livlina hil benches ${into} looks whether all of it answers`);
    }
    return 0;
  } finally {
    desk.close();
  }
}
