/**
 * What is compared before anything is erased: an image's manifest with the board's file and with what the device tells of itself.
 * Wrong hardware is never forced; another region, an older version and a unit that is needed are, with a reason.
 */
import { z } from "zod";
import type { Board } from "../boards.ts";
import type { ImageManifest } from "../build/image.ts";
import { UserError } from "../user-error.ts";

/** What flashing leaves on a device of itself, and finds there the next time. */
export const labelSchema = z.object({
  board: z.string(),
  hardware: z.string(),
  region: z.string(),
  role: z.string(),
  version: z.string(),
  commit: z.string(),
  bytes: z.number(),
  crc: z.number(),
});
export type DeviceLabel = z.infer<typeof labelSchema>;

/** What is known of the device. "" where it does not tell. */
export interface DeviceFacts {
  /** What the engine calls the board: `process.env.BOARD` of Espruino. */
  readonly target: string;
  /** Of the engine, such as 2v29. */
  readonly engine: string;
  /** What was flashed last, by its own label or by this bench's journal. */
  readonly label: Pick<DeviceLabel, "hardware" | "region" | "version"> | undefined;
}

/** An objection that a reason can overrule, for people. */
export type Objection = string;

export function labelOf(manifest: ImageManifest): DeviceLabel {
  const { board, hardware, region, role, version, commit, files } = manifest;
  return { board, hardware, region, role, version, commit, bytes: files[0]?.bytes ?? 0, crc: files[0]?.crc32 ?? 0 };
}

/** Undefined where the text is none that this version reads. */
export function readLabel(text: string | undefined): DeviceLabel | undefined {
  try {
    const parsed = labelSchema.safeParse(JSON.parse(text ?? ""));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the image fits the device. Answers what only a reason overrules; throws UserError (1) for what nothing does: another
 * board, other hardware, an engine that is too old.
 */
export function compare(manifest: ImageManifest, board: Board, facts: DeviceFacts, path: string): readonly Objection[] {
  const nothing = "; nothing was erased";
  if (manifest.board !== board.name || manifest.hardware !== board.hardware || manifest.chip !== board.chip)
    throw new UserError(
      `the image is for ${manifest.board} (${manifest.hardware}, ${manifest.chip}), not for ${board.name}${nothing}`,
      `livlina build ${board.name}, or --image DIR of that board's`,
      1,
    );
  const { engineImage } = board;
  if (facts.target !== "" && engineImage !== undefined && facts.target !== engineImage.target)
    throw new UserError(
      `${path}: this is a ${facts.target}, and ${board.name} is a ${engineImage.target}${nothing}`,
      `the board that the image is for, or livlina devices --probe to see which it is`,
      1,
    );
  if (facts.engine !== "" && engineImage !== undefined && older(facts.engine, engineImage.version))
    throw new UserError(
      `${path}: its interpreter is ${facts.engine}, and the image needs ${engineImage.version}${nothing}`,
      `livlina flash ${board.name} --interpreter DIR puts a newer one there`,
      1,
    );
  const { label } = facts;
  if (label === undefined) return [];
  if (label.hardware !== manifest.hardware)
    throw new UserError(
      `${path}: its label says ${label.hardware}, and the image is for ${manifest.hardware}${nothing}`,
      "the board that the image is for",
      1,
    );
  const objections: Objection[] = [];
  if (label.region !== manifest.region)
    objections.push(`the device is for the region ${label.region}, and the image for ${manifest.region}`);
  if (older(manifest.version, label.version))
    objections.push(`version ${label.version} is there, and ${manifest.version} is older`);
  return objections;
}

/** Whether one version stands before another: their numbers from the left, such as 0.9.2 and 2v29.277. */
export function older(one: string, other: string): boolean {
  const [first, second] = [numbersIn(one), numbersIn(other)];
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    const difference = (first[i] ?? 0) - (second[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbersIn(version: string): readonly number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}

/** Goes on where nothing speaks against it or a reason is given; UserError (4) otherwise. */
export function overrule(objections: readonly Objection[], reason: string | undefined): void {
  if (objections.length === 0 || reason !== undefined) return;
  throw new UserError(
    `${objections.join("; ")}; nothing was erased`,
    '--force "REASON" overrules it, and is written down',
    4,
  );
}
