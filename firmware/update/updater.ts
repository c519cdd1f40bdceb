/**
 * The unit's update department: holds the machine, its record, the way to the server, and the slots. It says to receivers what
 * became of an update, and to the server what it needs for its choice.
 */
import {
  decodeSignedHeader,
  type ImageHeader,
  signedHeaderLength,
  versionText,
} from "../../protocol/update/image-header.ts";
import { localUnit, observerOf, raise, technical } from "../department.ts";
import type { UpdatePort } from "../ports/slots.ts";
import type { Starts } from "../ports/starts.ts";
import type { OpenStream } from "../ports/stream.ts";
import { Runner } from "../runner.ts";
import type { CheckName, FaultName, Finding } from "../supervision/faults.ts";
import { faultOf } from "../supervision/faults.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { type Fetched, ImageFetch, imagePath } from "./image-fetch.ts";
import { SlowChecks } from "./slow-checks.ts";
import { stepUpdate } from "./update-machine.ts";
import { keepUpdate, keptUpdate } from "./update-record.ts";
import type { UpdateSettings } from "./update-settings.ts";
import {
  type KeptUpdate,
  notStarted,
  type UpdateEffect,
  type UpdateEvent,
  type UpdatePlan,
  type UpdateState,
  type Why,
} from "./update-state.ts";
import { bitOfCheck } from "./update-trial.ts";

export interface UpdaterOptions {
  readonly context: UnitContext;
  readonly settings: UpdateSettings;
  readonly port: UpdatePort;
  readonly starts: Pick<Starts, "restart">;
  /** How the release server knows the unit: its account number. */
  readonly unit: string;
  /** The unit starts over and over again, and runs in minimal alarm mode. */
  readonly isIll: boolean;
  /** Over the route that is to be used now; undefined: there is none. */
  readonly openStream: () => OpenStream | undefined;
  /** Undefined where the board cannot look at itself. */
  readonly checkNow: (() => void) | undefined;
  /** Faults that the self-check knows of. */
  readonly faults: () => readonly FaultName[];
  /** Whether the mains is gone or the battery low, failed or missing. */
  readonly isWeak: () => boolean;
  readonly log: (what: number, version: number) => void;
}

/** SCAIP status codes (SS 91100 annex C): in service again, and fault in the local unit. */
const inService = 48;
const localFault = 68;

/** By the number that stands in the log. */
export const updateWords: readonly Extract<UpdateEffect, { readonly type: "log" }>["what"][] = [
  "none",
  "loading",
  "loaded",
  "armed",
  "trial",
  "kept",
  "refused",
  "taken-back",
];

export class Updater {
  private readonly options: UpdaterOptions;
  private readonly runner: Runner<UpdateState, UpdateEvent, UpdateEffect>;
  private readonly wake: Wake;
  private readonly fetch: ImageFetch;
  private readonly checks: SlowChecks;
  private isPending: boolean;
  private isTalking: boolean;
  /** What stands in the journal and in the slots is what the last step asked for; else nothing rests on it. */
  private isKept: boolean;
  private isChosen: boolean;
  private findings: number;

  /** Goes on where the journal stands. A unit on trial begins to prove itself. */
  constructor(options: UpdaterOptions) {
    const port = options.port;
    const plan = planOf(port, options.settings);
    this.options = options;
    this.isPending = false;
    this.isTalking = false;
    this.isKept = true;
    this.isChosen = true;
    this.findings = 0;
    this.checks = new SlowChecks(options.context.clock, port, () => this.look());
    this.fetch = new ImageFetch(
      options.settings,
      Math.max(signedHeaderLength, port.slots.pageSize),
      options.openStream,
    );
    this.wake = new Wake(options.context.clock, () => {
      this.look();
      this.dispatch({ type: "due", nowMs: this.nowMs() });
    });
    this.runner = new Runner(
      (state: UpdateState, event: UpdateEvent) => stepUpdate(state, event, plan),
      notStarted,
      (effect: UpdateEffect) => this.perform(effect),
      observerOf(options.context, "update"),
    );
    this.dispatch({
      type: "started",
      nowMs: this.nowMs(),
      kept: keptUpdate(options.context.records),
      slotStage: port.slots.stage,
      isIll: options.isIll,
      canCheck: options.checkNow !== undefined,
    });
  }

  /** What runs is on trial. */
  get isOnTrial(): boolean {
    return this.runner.state.now.at === "trial";
  }

  /** Whether an alarm of a person waits. */
  alarm(isPending: boolean): void {
    this.isPending = isPending;
    this.look();
  }

  /** Whether a call is made or up. */
  talking(on: boolean): void {
    this.isTalking = on;
    this.look();
  }

  /** The power has changed. */
  look(): void {
    const isCalm = !this.isPending && !this.isTalking && !this.options.isWeak();
    if (isCalm !== this.runner.state.isCalm) this.dispatch({ type: "calm", nowMs: this.nowMs(), isCalm });
  }

  /** A receiver has answered 0 to anything, a beat too: often enough to notice by it that the power is back. */
  accepted(): void {
    this.look();
    this.dispatch({ type: "accepted", nowMs: this.nowMs() });
  }

  /** A proven frame of a device of the unit's own. */
  heard(): void {
    this.dispatch({ type: "heard", nowMs: this.nowMs() });
  }

  /** One check has brought this; one that failed is made again, and the second finding counts. */
  checked(check: CheckName, finding: Finding): void {
    const bit = bitOfCheck(check);
    this.findings = this.findings & ~bit;
    if (finding !== "passed" && finding !== "absent") this.findings |= bit;
  }

  checksFinished(): void {
    const faults = this.findings;
    this.findings = 0;
    this.dispatch({ type: "checked", nowMs: this.nowMs(), faults });
  }

  private dispatch(event: UpdateEvent): void {
    this.runner.dispatch(event);
    // A connection that nobody needs for hours is none that would still be there.
    if (this.runner.state.now.at === "idle") this.fetch.stop();
  }

  private nowMs(): number {
    return this.options.context.clock.nowMs();
  }

  private perform(effect: UpdateEffect): void {
    const options = this.options;
    const slots = options.port.slots;
    switch (effect.type) {
      case "ask":
        this.fetch.get(this.question(), 0, -1, (answer) => this.offered(answer));
        return;
      case "load":
        this.load(effect.header, effect.offset);
        return;
      case "check-signature":
        this.checks.signature(effect.offer, (isGood) =>
          this.dispatch({ type: "signature", nowMs: this.nowMs(), isGood }),
        );
        return;
      case "check-image":
        this.checks.image(effect.header, (isGood) => this.dispatch({ type: "digest", nowMs: this.nowMs(), isGood }));
        return;
      case "stop":
        this.fetch.stop();
        this.checks.stop();
        return;
      case "keep":
        this.keep(effect.kept);
        return;
      case "self-check":
        if (options.checkNow !== undefined) options.checkNow();
        return;
      case "try-next":
        this.isChosen = this.isKept && slots.tryNext();
        return;
      case "confirm":
        this.isChosen = slots.confirm();
        return;
      case "go-back":
        this.isChosen = slots.goBack();
        return;
      case "restart":
        // Not from within the start of the unit, which the first step of a life is a part of.
        if (this.isChosen) options.context.clock.after(0, () => options.starts.restart("update"));
        return;
      case "tell":
        this.tell(effect.version, effect.why);
        return;
      case "log":
        options.log(updateWords.indexOf(effect.what), effect.version);
        return;
      case "wake":
        this.wake.set(effect.atMs + this.chance(effect.spreadMs));
        return;
    }
  }

  /** That an image is kept is noted only where the slots say so too. */
  private keep(kept: KeptUpdate): void {
    this.isKept = (kept.stage !== "kept" || this.isChosen) && keepUpdate(this.options.context.records, kept);
  }

  private tell(version: number, why: Why): void {
    const name = versionText(version);
    const isKept = why === "none";
    const text = isKept ? "updated to " + name : "taken back " + name + ": " + why;
    raise(this.options.context, technical(localUnit, isKept ? inService : localFault, text, -1, 0));
  }

  /** The server is told what it needs for its choice, and what became of its last one. */
  private question(): string {
    const own = this.options.port.identity;
    const state = this.runner.state;
    const kept = state.kept;
    let path = "/v1/offer?unit=" + this.options.unit + "&board=" + own.board + "&revision=" + own.revision;
    path += "&region=" + own.region + "&version=" + versionText(own.version) + "&stage=" + kept.stage;
    if (state.refusal !== "none") path += "&refused=" + state.refusal;
    return kept.failed === 0 ? path : path + "&failed=" + versionText(kept.failed) + "&why=" + kept.failedWhy;
  }

  private offered(answer: Fetched | undefined): void {
    const nowMs = this.nowMs();
    if (answer === undefined || (answer.status !== 200 && answer.status !== 204)) {
      this.dispatch({ type: "unreached", nowMs });
      return;
    }
    const signed = answer.status === 204 ? undefined : decodeSignedHeader(copyOf(answer.body));
    if (signed !== undefined && !signed.ok) this.dispatch({ type: "unreached", nowMs });
    else {
      const faults = this.knownFaults();
      this.dispatch({ type: "offered", nowMs, offer: signed === undefined ? undefined : signed.value, faults });
    }
  }

  private load(header: ImageHeader, offset: number): void {
    const slots = this.options.port.slots;
    const length = Math.min(slots.pageSize, header.length - offset);
    if (!this.isKept) {
      this.dispatch({ type: "unreached", nowMs: this.nowMs() });
      return;
    }
    this.fetch.get(imagePath(header), offset, offset + length - 1, (answer) => {
      this.look();
      if (answer === undefined || answer.status !== 206 || answer.from !== offset || answer.body.length !== length)
        this.dispatch({ type: "unreached", nowMs: this.nowMs() });
      else if (this.runner.state.now.at === "loading") {
        const isGood = slots.write(Math.floor(offset / slots.pageSize), answer.body);
        this.dispatch({ type: "written", nowMs: this.nowMs(), isGood });
      }
    });
  }

  private knownFaults(): number {
    let bits = 0;
    for (const name of this.options.faults()) {
      const check = faultOf(name).check;
      if (check !== undefined) bits |= bitOfCheck(check);
    }
    return bits;
  }

  private chance(limitMs: number): number {
    if (limitMs === 0) return 0;
    const bytes = new Uint8Array(4);
    this.options.context.secrets.random(bytes);
    const word = ((bytes[0] as number) * 256 + (bytes[1] as number)) * 256 + (bytes[2] as number);
    return Math.floor((word / 16_777_216) * limitMs);
  }
}

export function planOf(port: UpdatePort, settings: UpdateSettings): UpdatePlan {
  const keyIds: number[] = [];
  for (const key of port.keys) keyIds.push(key.id);
  const pageSize = port.slots.pageSize;
  return { identity: port.identity, settings, keyIds, pageSize, capacity: pageSize * port.slots.pageCount };
}

function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}
