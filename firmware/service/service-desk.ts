/**
 * What service people order over an open line (protocol/console): log and settings are served here, the rest goes to the
 * owner as a `ServiceOrder`. Every order that is taken is an event of the log.
 */
import { crc32 } from "../../protocol/bytes/crc.ts";
import { commandRows } from "../../protocol/console/messages.ts";
import {
  type ConsoleOrder,
  logReadLimit,
  type OrderEvent,
  type OrderRefusal,
  settingsPieceLength,
} from "../../protocol/console/orders.ts";
import type { UnitSettings } from "../settings.ts";
import type { Configuration, LoadedSettings } from "../storage/configuration.ts";
import type { EventLog } from "../storage/event-log.ts";
import { encodeShown } from "../storage/settings-codec.ts";
import type { UnitCommand } from "./service-line.ts";

/** What the owner of the unit's departments carries out. */
export type ServiceOrder =
  | Extract<
      ConsoleOrder,
      {
        readonly type:
          | "test-mode"
          | "life"
          | "pair"
          | "revoke"
          | "range-walk"
          | "range-end"
          | "path-test"
          | "self-check"
          | "restart"
          | "maintenance"
          | "battery-replaced"
          | "press-ask"
          | "query"
          | "state"
          | "devices"
          | "reasons"
          | "sheet"
          | "pair-end"
          | "range-now"
          | "flash";
      }
    >
  /** New settings are checked and staged: they wait for their trial. */
  | { readonly type: "settings-staged"; readonly version: number };

/** `begun`: what comes of it is told by events of its own. */
export type OrderAnswer = "done" | "begun" | OrderRefusal;

export interface ServiceDeskOptions {
  /** Absent on a chip without room for it. */
  readonly log: EventLog | undefined;
  readonly configuration: Configuration;
  /** What the unit runs on. */
  readonly settings: UnitSettings;
  readonly source: LoadedSettings["source"];
  /** `to` is the number of the command, for what is told before its answer. */
  readonly onOrder: (order: ServiceOrder, to: number) => OrderAnswer;
}

/** Settings that are being sent. */
interface Upload {
  readonly bytes: Uint8Array;
  readonly crc: number;
  received: number;
}

export class ServiceDesk {
  private readonly options: ServiceDeskOptions;
  private readonly answer: (event: OrderEvent) => void;
  private readonly shown: Uint8Array;
  private upload: Upload | undefined;
  /** Readings that were logged since the line was opened. */
  private logged: string[];

  constructor(options: ServiceDeskOptions, answer: (event: OrderEvent) => void) {
    this.options = options;
    this.answer = answer;
    this.shown = encodeShown(options.settings) ?? new Uint8Array(0);
    this.upload = undefined;
    this.logged = [];
  }

  proofOffered(isRight: boolean, tries: number): void {
    this.logged = [];
    this.upload = undefined;
    if (this.options.log !== undefined) this.options.log.write(isRight ? "unlocked" : "unlock-failed", 0, 0, tries);
  }

  /** Carries the order out and answers it. */
  obey(command: Exclude<UnitCommand, { readonly type: "status" }>, to: number): void {
    const answer = this.carryOut(command, to);
    if (answer === undefined) this.keep(command);
    else if (answer === "done" || answer === "begun") {
      this.keep(command);
      this.answer({ type: answer, to });
    } else this.answer({ type: "refused", to, why: answer });
  }

  /** Undefined where the answer has been said already. */
  private carryOut(command: Exclude<UnitCommand, { readonly type: "status" }>, to: number): OrderAnswer | undefined {
    switch (command.type) {
      case "log-read":
        return this.readLog(command.from, command.count, to);
      case "settings-state":
        this.tellSettings(to);
        return undefined;
      case "settings-get": {
        const end = Math.min(command.at + settingsPieceLength, this.shown.length);
        const bytes = this.shown.subarray(Math.min(command.at, end), end);
        this.answer({ type: "settings-part", to, at: command.at, bytes });
        return undefined;
      }
      case "settings-begin":
        if (this.options.configuration.stage === "trial") return "on-trial";
        this.upload = { bytes: new Uint8Array(command.length), crc: command.crc, received: 0 };
        return "done";
      case "settings-put":
        return this.takePiece(command.at, command.bytes);
      case "settings-end":
        return this.endUpload(to);
      default:
        return this.options.onOrder(command, to);
    }
  }

  private readLog(from: number, count: number, to: number): OrderAnswer | undefined {
    const log = this.options.log;
    if (log === undefined) return "unsupported";
    log.each(from, Math.min(count, logReadLimit), (_sequence, bytes) => this.answer({ type: "entry", to, bytes }));
    this.answer({ type: "log-end", to, first: log.first, next: log.next });
    return undefined;
  }

  private tellSettings(to: number): void {
    const configuration = this.options.configuration;
    this.answer({
      type: "settings",
      to,
      stage: configuration.stage,
      version: configuration.version,
      staged: configuration.stagedVersion,
      source: this.options.source,
      length: this.shown.length,
    });
  }

  /** A piece that came already is taken again: its answer may have been lost. */
  private takePiece(at: number, bytes: Uint8Array): OrderAnswer {
    const upload = this.upload;
    if (upload === undefined || at > upload.received) return "not-now";
    if (at + bytes.length > upload.bytes.length) return "too-long";
    upload.bytes.set(bytes, at);
    upload.received = Math.max(upload.received, at + bytes.length);
    return "done";
  }

  private endUpload(to: number): OrderAnswer {
    const upload = this.upload;
    this.upload = undefined;
    if (upload === undefined || upload.received < upload.bytes.length) return "not-now";
    if (crc32(upload.bytes, 0, upload.bytes.length, 0) !== upload.crc) return "unreadable";
    const configuration = this.options.configuration;
    const refusal = configuration.stageSettings(upload.bytes);
    if (refusal !== undefined) return refusal;
    const version = configuration.stagedVersion > 0 ? configuration.stagedVersion : configuration.version;
    if (this.options.log !== undefined) this.options.log.write("settings-staged", 0, 0, version);
    const answer = this.options.onOrder({ type: "settings-staged", version }, to);
    return answer === "done" ? "begun" : answer;
  }

  private keep(command: Exclude<UnitCommand, { readonly type: "status" }>): void {
    if (this.options.log === undefined || command.type === "settings-put") return;
    if (readings.indexOf(command.type) >= 0) {
      if (this.logged.indexOf(command.type) >= 0) return;
      this.logged.push(command.type);
    }
    this.options.log.write("order", placeOf(command.type), 0, argumentOf(command));
  }
}

function placeOf(type: string): number {
  for (let i = 0; i < commandRows.length; i++)
    if ((commandRows[i] as { readonly type: string }).type === type) return i;
  return 0;
}

/** The number that says most of an order; what it holds of secrets and names stays out of the log. */
function argumentOf(command: ConsoleOrder | UnitCommand): number {
  switch (command.type) {
    case "log-read":
    case "devices":
    case "maintenance":
      return command.from;
    case "settings-begin":
      return command.length;
    case "revoke":
    case "range-walk":
      return command.place;
    case "pair":
      return command.person;
    case "test-mode":
      return command.mode === "on" ? 1 : 0;
    case "flash":
      return command.forced === "yes" ? 1 : 0;
    case "life":
      return lives.indexOf(command.life);
    default:
      return 0;
  }
}

/** As the log counts them. */
const lives: readonly string[] = ["stored", "prepared", "installed", "in-service", "suspended", "returned", "wiped"];

/** They change nothing, and come in many pieces. */
const readings: readonly string[] = [
  "log-read",
  "settings-get",
  "settings-state",
  "state",
  "devices",
  "reasons",
  "sheet",
  "range-now",
];
