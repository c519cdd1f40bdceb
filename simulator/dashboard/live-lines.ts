/** Follows the lines of live units and receivers in files as they grow, in pipes or on standard input, and shows their town. */
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { LinesTown } from "./lines-town.ts";
import type { Frame, Order, Story, Wait } from "./messages.ts";
import { marksOf } from "./unit-marks.ts";
import { RefusedError, type View } from "./view.ts";

/** Files are looked into so often. */
const lookMs = 200;
const chunkBytes = 65_536;
/** What has no end by then is no line of ours. */
const longestLine = 16_384;

interface Source {
  readonly name: string;
  readonly decoder: StringDecoder;
  /** The beginning of a line that is not whole yet. */
  rest: string;
}

export class LiveLines implements View {
  private readonly onChange: () => void;
  private readonly town: LinesTown;
  private readonly name: string;
  private readonly beganMs: number;
  private readonly ends: (() => void)[];
  private readonly timer: NodeJS.Timeout;
  private readonly waits: Wait[];
  private opened: string;
  private shownMarks: string;
  private shownVersion: number;

  /** `paths`: files or named pipes; "-" is standard input. Throws what opening them throws. */
  constructor(paths: readonly string[], onChange: () => void) {
    this.onChange = onChange;
    this.town = new LinesTown();
    this.name = paths.map(nameOf).join(", ");
    this.beganMs = Date.now();
    this.ends = [];
    this.waits = [];
    this.opened = "";
    this.shownMarks = "";
    this.shownVersion = -1;
    for (const path of paths) this.open(path);
    // An accepted alarm is shown for a while: the picture changes without a line, too.
    this.timer = setInterval(onChange, 1_000);
  }

  get story(): Story {
    return {
      mode: "live",
      name: this.name,
      question: "",
      seed: 0,
      version: this.town.version,
      startWallMs: this.beganMs,
      durationMs: 0,
      units: this.town.storyUnits(),
      shared: [],
    };
  }

  frame(whole: boolean): Frame {
    const { town } = this;
    const atMs = this.nowMs();
    const isNew = whole || town.version !== this.shownVersion;
    this.shownVersion = town.version;
    const fresh = town.waits;
    town.waits = [];
    this.waits.push(...fresh);
    const marks = town.marks(atMs);
    const changed = isNew ? [] : marksOf(this.shownMarks, marks);
    this.shownMarks = marks;
    return {
      ...still,
      version: town.version,
      atMs,
      marks: isNew ? marks : null,
      changed,
      counts: town.counts(),
      waiting: town.waiting(),
      waits: isNew ? this.waits : fresh,
      opened: this.opened === "" ? null : town.opened(this.opened, atMs),
    };
  }

  follow(order: Order): undefined {
    if (order.type !== "open") throw new RefusedError("what lives elsewhere is only watched");
    this.opened = order.unit ?? "";
    this.onChange();
  }

  close(): void {
    clearInterval(this.timer);
    for (const end of this.ends) end();
  }

  private nowMs(): number {
    return Date.now() - this.beganMs;
  }

  private open(path: string): void {
    const source: Source = { name: nameOf(path), decoder: new StringDecoder("utf8"), rest: "" };
    if (path === "-") this.read(process.stdin, source);
    else if (statSync(path).isFile()) this.grow(openSync(path, "r"), source);
    else this.read(createReadStream(path), source);
  }

  /** A pipe: what comes. */
  private read(stream: Readable, source: Source): void {
    stream.on("data", (bytes: Buffer) => this.take(bytes, source));
    this.ends.push(() => stream.destroy());
  }

  /** A file: what is there, and what is written at its end. */
  private grow(file: number, source: Source): void {
    const bytes = Buffer.alloc(chunkBytes);
    const look = (): void => {
      for (let got = readSync(file, bytes); got > 0; got = readSync(file, bytes))
        this.take(bytes.subarray(0, got), source);
    };
    const timer = setInterval(look, lookMs);
    this.ends.push(() => {
      clearInterval(timer);
      closeSync(file);
    });
    look();
  }

  private take(bytes: Buffer, source: Source): void {
    const lines = (source.rest + source.decoder.write(bytes)).split("\n");
    source.rest = (lines.pop() ?? "").slice(-longestLine);
    for (const line of lines) this.town.take(source.name, line, this.nowMs());
    if (lines.length > 0) this.onChange();
  }
}

/** What a unit is called whose lines come from there. */
function nameOf(path: string): string {
  return path === "-" ? "unit" : basename(path).replace(/\.[a-z]+$/, "");
}

/** What a town that is only watched has not. */
const still = {
  running: true,
  speed: 1,
  catchingUp: null,
  broken: [],
  done: [],
  notices: [],
  digest: null,
} as const satisfies Partial<Frame>;
