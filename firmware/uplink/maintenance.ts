/**
 * Planned work on a network or a receiver: technical reports raised meanwhile say so, so that nobody is sent out for them.
 * An alarm of a person is never touched, and a window ends by itself.
 */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { ReportKind } from "../alarm/report.ts";
import type { Records } from "../radio-counters.ts";
import { maintenanceKind } from "../storage/record-kinds.ts";

/** Wall time in whole seconds since 1970 (UTC), the end excluded. */
export interface MaintenanceWindow {
  readonly fromS: number;
  readonly toS: number;
}

/** Work that takes longer is no plan: it is announced anew. */
export const longestMaintenanceS = 86_400;

const mark = "planerat arbete";
/** SS 91100 table 1, `stt`. */
const statusTextLimit = 32;
const recordLength = 8;

export class Maintenance {
  private readonly records: Records;
  private window: MaintenanceWindow | undefined;

  /** Goes on with the window that an earlier life was told of. */
  constructor(records: Records) {
    this.records = records;
    const kept = records.read(maintenanceKind, 0);
    this.window = kept === undefined || kept.length !== recordLength ? undefined : readWindow(kept);
  }

  /** Takes the place of the former window. What is wrong with it, in words, or undefined. */
  plan(window: MaintenanceWindow): string | undefined {
    if (window.toS <= window.fromS) return "the maintenance must end after it begins";
    if (window.toS - window.fromS > longestMaintenanceS) return "maintenance is announced for 24 hours at most";
    const bytes = new Uint8Array(recordLength);
    const to = new Writer(bytes);
    to.u32(window.fromS);
    to.u32(window.toS);
    if (!this.records.write(maintenanceKind, 0, bytes)) return "the window could not be stored";
    this.window = window;
    return undefined;
  }

  /** The status text of a report raised at `wallS` (-1: unknown time, never inside a window). */
  label(kind: ReportKind, text: string, wallS: number): string {
    const window = this.window;
    if (kind !== "technical" || window === undefined || wallS < window.fromS || wallS >= window.toS) return text;
    const both = text === "" ? mark : text + ", " + mark;
    return both.length > statusTextLimit ? mark : both;
  }
}

function readWindow(bytes: Uint8Array): MaintenanceWindow {
  const from = new Reader(bytes, 0, bytes.length);
  const fromS = from.u32();
  return { fromS, toS: from.u32() };
}
