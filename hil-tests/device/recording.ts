/**
 * A serial talk as a file: one JSON object a line with the way of the bytes, the bench's time and the bytes as text of one character
 * each. What a device said on a bench can be played back to whoever speaks to it, long after the device has gone.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../tools/user-error.ts";
import type { BenchClock, BenchDisk, BenchFile } from "../bench/bench.ts";

const piece = z.strictObject({
  /** In the bench's time. */
  atMs: z.number().min(0),
  /** `said` to the device, `heard` from it. */
  way: z.enum(["said", "heard"]),
  /** One character a byte. */
  text: z.string().regex(/^[\0-\xff]*$/),
});

export type Piece = z.output<typeof piece>;

/** Where the talk of a device is recorded, beside its log. */
export function talkPath(logPath: string): string {
  return `${logPath.replace(/\.log$/, "")}.talk.jsonl`;
}

export class Recorder {
  private readonly clock: BenchClock;
  private readonly file: BenchFile;

  /** The file is begun anew. Throws RigError. */
  constructor(path: string, disk: BenchDisk, clock: BenchClock) {
    this.clock = clock;
    this.file = disk.create(path);
  }

  /** Throws RigError. */
  said(bytes: Uint8Array): void {
    this.write("said", bytes);
  }

  /** Throws RigError. */
  heard(bytes: Uint8Array): void {
    this.write("heard", bytes);
  }

  close(): void {
    this.file.close();
  }

  private write(way: Piece["way"], bytes: Uint8Array): void {
    const made: Piece = { atMs: Math.floor(this.clock.nowMs()), way, text: Buffer.from(bytes).toString("latin1") };
    this.file.write(`${JSON.stringify(made)}\n`);
  }
}

/** Throws UserError (2) with the line where it is none. */
export function readRecording(path: string): readonly Piece[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    throw new UserError(`${path} cannot be read: ${(thrown as NodeJS.ErrnoException).code}`, "an existing file", 2);
  }
  const pieces: Piece[] = [];
  text.split("\n").forEach((line, at) => {
    if (line === "") return;
    const read = piece.safeParse(jsonOf(line));
    if (!read.success)
      throw new UserError(`${path}:${at + 1}: no piece of a serial talk`, "a file that a bench has recorded", 2);
    pieces.push(read.data);
  });
  return pieces;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
