/**
 * The manifest of an image, `image.json`: what it is for and what its files must be. Whoever writes an image to a device, signs it
 * or runs it reads it with `readImage`, which believes no file that has changed since.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { crc32 } from "../../protocol/bytes/crc.ts";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";

const whole = z.int().min(0);

const fileSchema = z.strictObject({
  path: z.string().min(1),
  bytes: whole,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  crc32: whole.describe("As Espruino's E.CRC32 has it."),
});

export const imageSchema = z.strictObject({
  format: z.literal(1),
  board: z.string(),
  hardware: z.string(),
  region: z.string(),
  role: z.enum(["unit", "button"]),
  engine: z.enum(["espruino", "moddable"]),
  chip: z.string(),
  version: z.string(),
  commit: z.string(),
  changed: z.boolean(),
  storageName: z.string().optional().describe("Name of the script in Espruino's Storage."),
  files: z.array(fileSchema).min(1).describe("The first goes onto the device."),
  budgetBytes: whole,
  journal: z.strictObject({ address: whole, sectorSize: whole, sectorCount: whole, programUnit: whole }),
});

export type ImageManifest = z.infer<typeof imageSchema>;
export type ImageFile = z.infer<typeof fileSchema>;

export interface Image {
  readonly manifest: ImageManifest;
  /** Bytes of each file of the manifest, in its order. */
  readonly contents: readonly Uint8Array[];
}

export const manifestName = "image.json";

export function imageFile(path: string, bytes: Uint8Array): ImageFile {
  return { path, bytes: bytes.length, sha256: sha256(bytes), crc32: crc32(bytes, 0, bytes.length, 0) };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Reads what `livlina build` wrote into a folder. Throws UserError (2) where it is no image, or a file of it is missing or changed. */
export function readImage(folder: string): Image {
  const hint = "livlina build BOARD";
  const path = join(folder, manifestName);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (thrown) {
    throw new UserError(`${path}: ${systemReason(thrown)}`, hint, 2);
  }
  const parsed = imageSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${path}: ${issue?.path.join(".")}: ${issue?.message}`, hint, 2);
  }
  const contents = parsed.data.files.map((file) => {
    const place = join(folder, file.path);
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(place);
    } catch (thrown) {
      throw new UserError(`${place}: ${systemReason(thrown)}`, hint, 2);
    }
    if (sha256(bytes) !== file.sha256) throw new UserError(`${place}: is not what ${path} was made for`, hint, 2);
    return bytes;
  });
  return { manifest: parsed.data, contents };
}
