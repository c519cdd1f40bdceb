/**
 * A device that was recorded, played back to whoever speaks to it: it says what it said, as soon as it is told what it was told then.
 * Where it is told something else it falls silent, and says where.
 */
import type { Serial } from "../../firmware/ports/serial.ts";
import { FrameReader } from "../../protocol/console/frame.ts";
import { openPty, type Pty } from "../../tools/device/pty.ts";
import type { Piece } from "./recording.ts";

export interface Replay {
  /** Where it is opened, such as /dev/pts/3. */
  readonly path: string;
  /** Where the talk left the recording; undefined: nowhere. */
  readonly differs: string | undefined;
  /** Pieces that were not played yet. */
  readonly left: number;
  close(): void;
}

/** Throws UserError (3) where this machine has no pseudo-terminals. */
export function openReplay(pieces: readonly Piece[]): Replay {
  return new PtyReplay(pieces);
}

class PtyReplay implements Replay {
  readonly path: string;
  differs: string | undefined;
  private readonly pty: Pty;
  private readonly serial: Serial;
  private readonly pieces: readonly Piece[];
  private readonly reader: FrameReader;
  /** What is to be told before the next piece is played: words of commands, whatever their times and numbers. */
  private awaited: string[];
  private at: number;

  constructor(pieces: readonly Piece[]) {
    this.differs = undefined;
    this.pieces = pieces;
    this.awaited = [];
    this.at = 0;
    this.reader = wordReader((words) => this.told(words));
    this.pty = openPty();
    this.path = this.pty.path;
    this.serial = this.pty.openDevice({
      baud: 115_200,
      onReadable: () => {
        for (let bytes = this.serial.read(); bytes !== undefined; bytes = this.serial.read()) this.reader.push(bytes);
      },
    });
    this.goOn();
  }

  get left(): number {
    return this.pieces.length - this.at;
  }

  close(): void {
    this.serial.close();
    this.pty.close();
  }

  private goOn(): void {
    while (this.awaited.length === 0 && this.differs === undefined) {
      const piece = this.pieces[this.at];
      if (piece === undefined) return;
      this.at++;
      if (piece.way === "heard") this.serial.write(Buffer.from(piece.text, "latin1"));
      else wordReader((words) => this.awaited.push(words)).push(Buffer.from(piece.text, "latin1"));
    }
  }

  private told(words: string): void {
    const awaited = this.awaited.shift();
    if (awaited === words) this.goOn();
    else
      this.differs ??= `told ${words}, and was told ${awaited ?? "nothing more"} when it was recorded (piece ${this.at})`;
  }
}

function wordReader(onWords: (words: string) => void): FrameReader {
  return new FrameReader((_line, frame) => {
    if (frame.ok && frame.value.speaker === "tool") onWords(frame.value.text);
  });
}
