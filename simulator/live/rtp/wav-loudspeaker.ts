/** A loudspeaker whose sound goes into a WAV file: all calls of a unit one after another, up to an hour. */
import { closeSync, openSync, writeSync } from "node:fs";
import { sampleRateHz } from "../../../protocol/rtp/g711.ts";
import type { Loudspeaker } from "./sound.ts";
import { SoundFileError, wavHeader, wavHeaderLength, wavSampleLimit } from "./wav.ts";

export interface WavLoudspeakerOptions {
  /** Samples that the file may hold; an hour unless said. What is beyond is not kept. */
  readonly sampleLimit?: number;
  /** The file can be written no more: nothing further is kept, and the calls go on. */
  readonly onFault?: (error: SoundFileError) => void;
}

export class WavLoudspeaker implements Loudspeaker {
  /** Samples in the file and on their way there. */
  sampleCount: number;
  private readonly path: string;
  private readonly options: WavLoudspeakerOptions;
  /** One second, so that the disk is asked once a second. */
  private readonly held: DataView;
  private heldCount: number;
  private file: number | undefined;

  /** Makes the file, or empties it. Throws a SoundFileError. */
  constructor(path: string, options: WavLoudspeakerOptions = {}) {
    this.sampleCount = 0;
    this.path = path;
    this.options = options;
    this.held = new DataView(new ArrayBuffer(sampleRateHz * 2));
    this.heldCount = 0;
    try {
      this.file = openSync(path, "w");
    } catch (thrown) {
      throw this.failure(thrown);
    }
    this.flush();
  }

  play(samples: Int16Array): void {
    const room = (this.options.sampleLimit ?? wavSampleLimit) - this.sampleCount;
    const count = this.file === undefined ? 0 : Math.min(samples.length, room);
    for (let i = 0; i < count; i++) {
      this.held.setInt16(this.heldCount * 2, samples[i] as number, true);
      this.heldCount++;
      this.sampleCount++;
      if (this.heldCount === sampleRateHz) this.flush();
    }
  }

  /** Writes what is held, and the header that belongs to it: what is cut off later can be heard up to here. */
  flush(): void {
    if (this.file === undefined) return;
    const written = this.sampleCount - this.heldCount;
    try {
      writeSync(
        this.file,
        new Uint8Array(this.held.buffer, 0, this.heldCount * 2),
        0,
        null,
        wavHeaderLength + written * 2,
      );
      writeSync(this.file, wavHeader(this.sampleCount), 0, null, 0);
      this.heldCount = 0;
    } catch (thrown) {
      this.release();
      this.options.onFault?.(this.failure(thrown));
    }
  }

  /** The file is whole; nothing is kept any more. */
  close(): void {
    this.flush();
    this.release();
  }

  private release(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private failure(thrown: unknown): SoundFileError {
    return new SoundFileError(this.path, `cannot be written (${(thrown as NodeJS.ErrnoException).code})`);
  }
}
