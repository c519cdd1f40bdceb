/**
 * A flash from the first look to the start of what was written. The order is the point: who depends on the device is asked before
 * it is disturbed, everything is compared before anything is erased, and what was overruled is written down first.
 */
import type { Board } from "../boards.ts";
import type { Image, ImageManifest } from "../build/image.ts";
import { confirm } from "../provision/desk.ts";
import { openServiceLink, type ServiceLink } from "../provision/service-link.ts";
import { UserError } from "../user-error.ts";
import { compare, type DeviceFacts, overrule } from "./checks.ts";
import type { DeviceJob } from "./device-job.ts";
import type { EspBinaries } from "./esp-parts.ts";
import { type EspPart, openEsp } from "./esp32.ts";
import { EspruinoBoard, filesOf, totalOf } from "./espruino-board.ts";
import { checkPages, putFactory } from "./factory.ts";
import { type JournalLine, lastOf, note } from "./flash-journal.ts";
import { LineLost, openSerialLine } from "./serial-line.ts";
import { announce, hello, objectionOf, type Standing, standingOf } from "./standing.ts";

export interface FlashPlan {
  readonly job: DeviceJob;
  readonly image: Image;
  /** Says who the device is; undefined: what is there stays. */
  readonly factory?: Uint8Array | undefined;
  /** Why whatever speaks against it is overruled. */
  readonly force: string | undefined;
  readonly journal: string;
  readonly isDryRun: boolean;
  readonly isSure: boolean;
  /** Bytes that are right, of how many. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface FlashResult {
  readonly board: string;
  readonly path: string;
  /** Number of the chip itself. */
  readonly chip: string;
  readonly version: string;
  readonly region: string;
  /** Bytes that were there already, bytes written, and pieces that had to be sent again. */
  readonly kept: number;
  readonly written: number;
  readonly repeats: number;
  readonly forced: string;
  readonly overruled: string;
  readonly isDryRun: boolean;
}

/** What is known before the device is disturbed. */
interface Looked {
  readonly standing: Standing;
  readonly objections: readonly string[];
}

/**
 * Asks the unit, where one runs, whether it is needed. Without a reason to overrule it UserError (4); with its key the unit is told, and
 * starts anew so that its console can be caught.
 */
async function look({ job, force, isDryRun }: FlashPlan, restarts: boolean): Promise<Looked> {
  const line = await openSerialLine(job.path, job.baud);
  const known = await hello(line, job.patience.helloMs).finally(() => line.close());
  let link: ServiceLink | undefined;
  try {
    if (known !== undefined && job.key !== undefined) link = await openServiceLink(job.path, job.key);
    const standing = await standingOf(known, link);
    const objection = objectionOf(standing);
    const objections = objection === undefined ? [] : [objection];
    overrule(objections, force);
    if (link !== undefined && !isDryRun) {
      await announce(link, objections.length > 0);
      if (restarts) await link.tryOrder({ type: "restart" });
    }
    return { standing, objections };
  } finally {
    await link?.close();
  }
}

function journalLine(plan: FlashPlan, chip: string, overruled: readonly string[], standing: Standing): JournalLine {
  const { board, hardware, region, version, commit } = plan.image.manifest;
  return {
    at: new Date().toISOString(),
    what: "begun",
    path: plan.job.path,
    chip,
    image: plan.image.contents.length === 0 ? "interpreter" : "firmware",
    board,
    hardware,
    region,
    version,
    commit,
    unit: standing.at === "silent" ? "" : standing.unit,
    forced: overruled.length === 0 ? "" : (plan.force ?? ""),
    overruled: overruled.join("; "),
    error: "",
  };
}

/** Runs `work` between two lines of the journal. */
async function written<T>(plan: FlashPlan, line: JournalLine, work: () => Promise<T>): Promise<T> {
  note(plan.journal, line);
  try {
    const result = await work();
    note(plan.journal, { ...line, at: new Date().toISOString(), what: "done" });
    return result;
  } catch (thrown) {
    note(plan.journal, { ...line, at: new Date().toISOString(), what: "failed", error: (thrown as Error).message });
    throw thrown;
  }
}

export async function flashEspruino(plan: FlashPlan): Promise<FlashResult> {
  const { job, image } = plan;
  const { standing, objections: needed } = await look(plan, true);
  const line = await openSerialLine(job.path, job.baud);
  const device = new EspruinoBoard(line, job.patience);
  const total = totalOf(filesOf(image));
  let right = 0;
  try {
    await reach(device, job, standing);
    const facts = await device.facts();
    const objections = [
      ...needed,
      ...compare(image.manifest, job.board, facts, job.path),
      ...(await device.objections()),
    ];
    overrule(objections, plan.force);
    await device.checkRoom(image, facts.freeBytes);
    await checkPages(device.console, job.board);
    const head = journalLine(plan, facts.serial, objections, standing);
    const result = resultOf(plan, head);
    if (plan.isDryRun) return result;
    await confirm(job.desk, questionOf(image.manifest, facts, job.path), plan.isSure);
    return await written(plan, head, async () => {
      if (head.forced !== "") await device.note(noteOf(head));
      const outcome = await device.write(
        image,
        (done) => {
          right = done;
          plan.onProgress(done, total);
        },
        (text) => job.desk.say(text),
      );
      const { wrong } = await device.differences(image);
      if (wrong.length > 0)
        throw new UserError(`${job.path}: ${wrong.join(", ")} differs from the image`, "the same command once more", 1);
      const { factory } = job.board.storage;
      if (plan.factory !== undefined && factory !== undefined)
        await putFactory(device.console, factory.address, plan.factory);
      await device.boot();
      return { ...result, ...outcome };
    });
  } catch (thrown) {
    if (!(thrown instanceof LineLost)) throw thrown;
    const share = Math.floor((100 * right) / total);
    throw new UserError(
      `${thrown.message}, with ${share} % written`,
      "plug it in again, then the same command once more: what is there already is not written again",
      3,
    );
  } finally {
    await line.close();
  }
}

/** Makes the console answer: at once, by Ctrl-C, or in the second after power. */
export async function reach(device: EspruinoBoard, job: DeviceJob, standing: Standing): Promise<void> {
  if (await device.answers()) return;
  if (standing.at === "silent") {
    try {
      await device.console.wake();
      return;
    } catch (thrown) {
      if (!(thrown instanceof UserError) || job.waitMs === 0) throw thrown;
    }
  }
  job.desk.say(`${job.path}: no console yet. Switch the board's power off and on; waiting ${job.waitMs / 1_000} s`);
  await device.awaitPower(job.waitMs);
}

/** The engine's own image stands in the place of a built one: it has a version, and no script. */
export function interpreterImage({ name, hardware, region, role, engine, chip, engineImage, storage }: Board): Image {
  const { version } = engineImage;
  const journal = storage.journal ?? { address: 0, sectorSize: 0, sectorCount: 0, programUnit: 1 };
  const about = { format: 1 as const, board: name, hardware, region, role, engine, chip, version, commit: "" };
  return { manifest: { ...about, changed: false, files: [], budgetBytes: 0, journal }, contents: [] };
}

export async function flashEsp32(plan: FlashPlan, binaries: EspBinaries): Promise<FlashResult> {
  const { job, image } = plan;
  const { standing, objections: needed } = await look(plan, false);
  const parts = [...binaries.parts, ...factoryPart(plan)];
  const total = parts.reduce((sum, part) => sum + part.bytes.length, 0);
  const line = await openSerialLine(job.path, 115_200);
  try {
    const info = job.found === undefined || job.found.vendor === "" ? {} : usbNumbers(job.found);
    const session = await openEsp(line, { chip: binaries.chip, info, baud: loaderBaud(job) });
    const label = lastOf(plan.journal, session.mac) ?? labelFrom(standing, image.manifest);
    const facts: DeviceFacts = { target: "", engine: "", label };
    const objections = [...needed, ...compare(image.manifest, job.board, facts, job.path)];
    overrule(objections, plan.force);
    const head = journalLine(plan, session.mac, objections, standing);
    const result = resultOf(plan, head);
    if (plan.isDryRun) {
      await session.leave();
      return result;
    }
    await confirm(job.desk, questionOf(image.manifest, facts, job.path), plan.isSure);
    return await written(plan, head, async () => {
      const outcome = await session.write(parts, (done) => plan.onProgress(done, total));
      const wrong = await session.differing(parts);
      if (wrong.length > 0)
        throw new UserError(`${job.path}: ${wrong[0]?.name} differs from the image`, "the same command once more", 1);
      if (!(await session.leave())) job.desk.say(`${job.path}: press RESET: this line cannot`);
      return { ...result, ...outcome };
    });
  } finally {
    await line.close();
  }
}

function factoryPart({ factory, job }: FlashPlan): readonly EspPart[] {
  const place = job.board.storage.factory;
  if (factory === undefined || place === undefined) return [];
  return [{ name: "factory page", address: place.address, bytes: factory }];
}

/** A unit that runs tells its version, and nothing else that can be compared. */
function labelFrom(standing: Standing, manifest: ImageManifest): DeviceFacts["label"] {
  if (standing.at === "silent") return undefined;
  return { hardware: manifest.hardware, region: manifest.region, version: standing.version };
}

/** A pseudo-terminal or a long cable keeps the loader's own rate; a bridge goes faster unless told. */
function loaderBaud(job: DeviceJob): number {
  if (job.isBaudGiven) return job.baud;
  return job.found === undefined ? 115_200 : 460_800;
}

function usbNumbers({ vendor, product }: { readonly vendor: string; readonly product: string }) {
  return { usbVendorId: Number.parseInt(vendor, 16), usbProductId: Number.parseInt(product, 16) };
}

function resultOf(plan: FlashPlan, head: JournalLine): FlashResult {
  const { board, path, chip, version, region, forced, overruled } = head;
  return {
    board,
    path,
    chip,
    version,
    region,
    kept: 0,
    written: 0,
    repeats: 0,
    forced,
    overruled,
    isDryRun: plan.isDryRun,
  };
}

function questionOf(manifest: ImageManifest, { label }: DeviceFacts, path: string): string {
  const there = label === undefined ? "which bears no label" : `which has ${label.version}`;
  return `${manifest.board} ${manifest.version} (${manifest.region}) onto ${path}, ${there}.`;
}

const noteLength = 240;

function noteOf({ at, version, forced, overruled }: JournalLine): string {
  return JSON.stringify({
    at,
    version,
    forced: forced.slice(0, noteLength / 2),
    overruled: overruled.slice(0, noteLength / 2),
  });
}
