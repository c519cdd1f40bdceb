/**
 * The unit's settings in the journal: two places of up to eight pieces each, and one head record that says which place is
 * in force. New settings are written whole to the other place; one write of the head puts them on trial, one proves them or
 * takes them back. So a power cut at any step leaves the old settings or the new ones, never a mixture.
 */
import { crc32 } from "../../protocol/bytes/crc.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { faultText } from "../../protocol/result.ts";
import { settingsFault, type UnitSettings } from "../settings.ts";
import type { Journal } from "./journal.ts";
import { settingsHeadKind, settingsPartKind } from "./record-kinds.ts";
import { decodeSettings, encodeSettings, settingsLimit } from "./settings-codec.ts";

/** `proven`: somebody has accepted a message under them. `staged`: new ones wait beside them. `trial`: new ones are in force. */
export type SettingsStage = "none" | "proven" | "staged" | "trial";

export interface LoadedSettings {
  readonly settings: UnitSettings | undefined;
  readonly version: number;
  /** `in-force` as the head says, `previous` where those cannot be read, `fallback` where nothing can. */
  readonly source: "in-force" | "previous" | "fallback";
  /** Why the settings in force could not be used, in words without any value of theirs. */
  readonly fault: string | undefined;
}

/** Why new settings were not staged. */
export type StageRefusal = "unreadable" | "unusable" | "too-long" | "on-trial" | "no-room";

/** A unit that starts a fourth time on trial takes the old settings back: it may be they that bring it down. */
export const trialStartLimit = 3;

const pieceLength = 192;
const format = 1;
const stages: readonly SettingsStage[] = ["none", "proven", "staged", "trial"];

interface Place {
  readonly version: number;
  /** 0: there is nothing. */
  readonly length: number;
  readonly crc: number;
}

const emptyPlace: Place = { version: 0, length: 0, crc: 0 };

export class Configuration {
  stage: SettingsStage;
  /** Starts since the trial began. */
  starts: number;
  /** The settings that this start took back because it was one too many; their version, or 0. */
  takenBack: number;
  private readonly records: Journal;
  private places: readonly Place[];
  private inForce: number;
  private isForeign: boolean;

  /** Reads the head. Counts this start where new settings are on trial. */
  constructor(records: Journal) {
    this.records = records;
    this.stage = "none";
    this.starts = 0;
    this.takenBack = 0;
    this.places = [emptyPlace, emptyPlace];
    this.inForce = 0;
    this.isForeign = false;
    if (this.readHead() !== "trial") return;
    if (this.starts >= trialStartLimit) {
      this.takenBack = this.version;
      this.rollBack();
    } else this.keepHead(this.inForce, "trial", this.starts + 1, this.places);
  }

  /** Of the settings in force; 0 without any. */
  get version(): number {
    return this.placeAt(this.inForce).version;
  }

  /** Of the staged settings, or 0. */
  get stagedVersion(): number {
    return this.stage === "staged" ? this.placeAt(1 - this.inForce).version : 0;
  }

  /** What the unit is to run on. `fallback` is what the host was delivered with. */
  load(fallback: UnitSettings | undefined): LoadedSettings {
    let fault = this.isForeign ? "the head record is of another version" : undefined;
    for (let i = 0; i < 2; i++) {
      const at = i === 0 ? this.inForce : 1 - this.inForce;
      const place = this.placeAt(at);
      if (place.length === 0 || (i === 1 && this.stage === "staged")) continue;
      const read = this.settingsAt(at);
      if (typeof read !== "string")
        return { settings: read, version: place.version, source: i === 0 ? "in-force" : "previous", fault };
      fault = fault ?? read;
    }
    return { settings: fallback, version: 0, source: "fallback", fault };
  }

  /** Writes new settings beside those in force, which stay in force. Undefined: they are staged. */
  stageSettings(bytes: Uint8Array): StageRefusal | undefined {
    if (this.stage === "trial") return "on-trial";
    if (bytes.length > settingsLimit) return "too-long";
    const decoded = decodeSettings(bytes);
    if (!decoded.ok) return "unreadable";
    if (settingsFault(decoded.value) !== undefined) return "unusable";
    const settings = encodeSettings(decoded.value);
    if (settings === undefined) return "too-long";
    const at = this.stage === "none" ? this.inForce : 1 - this.inForce;
    // Nobody may take the pieces for what stood there before.
    if (this.placeAt(at).length > 0 && !this.keepHead(this.inForce, "proven", 0, this.emptied(at))) return "no-room";
    for (let from = 0, piece = 0; from < settings.length; from += pieceLength, piece++) {
      const end = Math.min(from + pieceLength, settings.length);
      if (!this.records.write(settingsPartKind, at * 16 + piece, settings.subarray(from, end))) return "no-room";
    }
    const version = Math.max(this.placeAt(0).version, this.placeAt(1).version) + 1;
    const place = { version, length: settings.length, crc: crc32(settings, 0, settings.length, 0) };
    // The first settings of all have nothing to be taken back to.
    const stage = this.stage === "none" ? "proven" : "staged";
    return this.keepHead(this.inForce, stage, 0, this.placesWith(at, place)) ? undefined : "no-room";
  }

  /** Puts the staged settings in force from the next start on. */
  beginTrial(): boolean {
    return this.stage === "staged" && this.keepHead(1 - this.inForce, "trial", 0, this.places);
  }

  /** The settings on trial stay. */
  prove(): boolean {
    return this.stage === "trial" && this.keepHead(this.inForce, "proven", 0, this.places);
  }

  /** The former settings are in force from the next start on. */
  rollBack(): boolean {
    if (this.stage !== "trial") return false;
    // What failed its trial is nothing to fall back to.
    return this.keepHead(1 - this.inForce, "proven", 0, this.emptied(this.inForce));
  }

  private placeAt(at: number): Place {
    return this.places[at] as Place;
  }

  private placesWith(at: number, place: Place): readonly Place[] {
    return at === 0 ? [place, this.placeAt(1)] : [this.placeAt(0), place];
  }

  /** Its version is remembered, so that none is given twice. */
  private emptied(at: number): readonly Place[] {
    return this.placesWith(at, { version: this.placeAt(at).version, length: 0, crc: 0 });
  }

  /** The settings of a place, or in words why there are none. */
  private settingsAt(at: number): UnitSettings | string {
    const place = this.placeAt(at);
    const bytes = new Uint8Array(place.length);
    for (let from = 0, piece = 0; from < place.length; from += pieceLength, piece++) {
      const read = this.records.read(settingsPartKind, at * 16 + piece);
      if (read === undefined || from + read.length > place.length) return "a piece is missing";
      bytes.set(read, from);
    }
    if (crc32(bytes, 0, bytes.length, 0) !== place.crc) return "the checksum does not fit";
    const decoded = decodeSettings(bytes);
    if (!decoded.ok) return faultText(decoded.fault);
    return settingsFault(decoded.value) ?? decoded.value;
  }

  private readHead(): SettingsStage {
    const bytes = this.records.read(settingsHeadKind, 0);
    if (bytes === undefined) return "none";
    const from = new Reader(bytes, 0, bytes.length);
    const known = from.u8() === format;
    const inForce = from.u8();
    const stage = stages[from.u8()];
    const starts = from.u8();
    const one = takePlace(from);
    const other = takePlace(from);
    this.isForeign = !known || from.overrun || from.left > 0 || inForce > 1 || stage === undefined;
    if (one.length > settingsLimit || other.length > settingsLimit) this.isForeign = true;
    if (this.isForeign || stage === undefined) return "none";
    this.inForce = inForce;
    this.stage = stage;
    this.starts = starts;
    this.places = [one, other];
    return stage;
  }

  /** The one write that changes anything. */
  private keepHead(inForce: number, stage: SettingsStage, starts: number, places: readonly Place[]): boolean {
    const to = new Writer(new Uint8Array(24));
    to.u8(format);
    to.u8(inForce);
    to.u8(stages.indexOf(stage));
    to.u8(starts);
    for (const place of places) {
      to.u32(place.version);
      to.u16(place.length);
      to.u32(place.crc);
    }
    if (!this.records.write(settingsHeadKind, 0, to.written())) return false;
    this.inForce = inForce;
    this.isForeign = false;
    this.stage = stage;
    this.starts = starts;
    this.places = places;
    return true;
  }
}

function takePlace(from: Reader): Place {
  const version = from.u32();
  const length = from.u16();
  return { version, length, crc: from.u32() };
}
