/**
 * Service people at a home, one act after the other: they order over the service line, take devices out of their boxes, press them, and
 * look whether help would come. What does not work is tried again, soon at first and then more rarely, for half a day, and then they go.
 */
import type { ConsoleEvent } from "../../protocol/console/messages.ts";
import type { ConsoleOrder } from "../../protocol/console/orders.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import type { Stream } from "../core/prng.ts";
import type { ServiceAct } from "../scenario/timeline.ts";
import type { ServiceTool } from "./service-tool.ts";

/** What they have in their hands. Places are those of the unit's table, from 1. */
export interface ServicedDevices {
  /** What its label and the paper beside it say. */
  pairing(place: number): Omit<Extract<ConsoleOrder, { readonly type: "pair" }>, "type">;
  /** It asks for a unit; what was still in its box is taken out of it. */
  askForUnit(place: number): void;
  /** Pressed as a test; of an accessory: its test key. */
  tryOut(place: number): void;
  isButton(place: number): boolean;
}

export interface VisitNews {
  readonly type: "visit";
  readonly act: ServiceAct;
  readonly outcome: "done" | "refused" | "given-up";
  readonly tries: number;
  /** Why, where the unit said so. */
  readonly why: string | undefined;
}

export interface ServiceVisitsOptions {
  readonly queue: EventQueue;
  readonly tool: Pick<ServiceTool, "give" | "forget">;
  readonly devices: ServicedDevices;
  /** How long people take. */
  readonly chance: Stream;
  readonly onNews: (news: VisitNews) => void;
}

const tryLimit = 36;
const againMs = 60_000;
/**
 * After so many tries they have a coffee first: a device that is restarted to ask again and again could exceed its share of the air
 * (radio 4.2), and a unit that was itself restarted has little room for offers within the hour.
 */
const quickTries = 3;
const coffeeMs = 1_200_000;
/** From one act to the next, and from the order to pair to the device in the other hand. */
const handMs = { least: 10_000, most: 40_000 };
const reachMs = { least: 2_000, most: 8_000 };
const answerMs = 15_000;
/** The window of 120 s, and what closes it. */
const pairingMs = 150_000;
const acceptedMs = 120_000;
/** A test of an accessory is accepted by then, or tried again. */
const lookMs = 45_000;
/** What passes by itself. */
const passing: readonly string[] = ["alarm", "busy", "not-now"];

export class ServiceVisits {
  private readonly options: ServiceVisitsOptions;
  private acts: ServiceAct[];
  private tries: number;
  private waiting: Handle | undefined;

  constructor(options: ServiceVisitsOptions) {
    this.options = options;
    this.acts = [];
    this.tries = 0;
    this.waiting = undefined;
  }

  /** Begins now, or when those who are there already are done. */
  begin(acts: readonly ServiceAct[]): void {
    const isFree = this.acts.length === 0;
    this.acts.push(...acts);
    if (isFree) this.attempt();
  }

  /** What a button shows whoever holds it. */
  sees(place: number, signal: string): void {
    const act = this.acts[0];
    if (act?.type === "prove" && act.place === place && signal === "accepted" && this.tries > 0) this.end("done");
  }

  private attempt(): void {
    const act = this.acts[0];
    if (act === undefined) return;
    this.tries++;
    switch (act.type) {
      case "life":
        this.order({ type: "life", life: act.life });
        return;
      case "revoke":
        this.order({ type: "revoke", place: act.place - 1 });
        return;
      case "announce":
        this.order({ type: "maintenance", from: act.fromS, to: act.toS });
        return;
      case "pair":
        this.order({ type: "pair", ...this.options.devices.pairing(act.place) });
        return;
      case "prove":
        this.prove(act.place);
        return;
    }
  }

  private order(order: ConsoleOrder): void {
    this.wait(answerMs, () => this.again());
    this.options.tool.give(order, (event) => this.hear(event));
  }

  private prove(place: number): void {
    const { devices } = this.options;
    devices.tryOut(place);
    if (devices.isButton(place)) this.wait(acceptedMs, () => this.again());
    else this.wait(lookMs, () => this.order({ type: "devices", from: place - 1 }));
  }

  private hear(event: ConsoleEvent): void {
    const act = this.acts[0];
    if (act === undefined) return;
    if (event.type === "refused") this.refused(event.why);
    else if (event.type === "done" && endsWithOrder(act)) this.end("done");
    else if (event.type === "begun" && act.type === "pair") this.reachFor(act.place);
    else if (event.type === "pairing" && act.type === "pair") this.paired(event, act.place);
    else if (
      event.type === "device" &&
      act.type === "prove" &&
      event.place === act.place - 1 &&
      event.state === "verified"
    )
      this.end("done");
  }

  private reachFor(place: number): void {
    const { chance, devices } = this.options;
    this.wait(chance.between(reachMs.least, reachMs.most), () => {
      devices.askForUnit(place);
      this.wait(pairingMs, () => this.again());
    });
  }

  private paired(event: Extract<ConsoleEvent, { readonly type: "pairing" }>, place: number): void {
    if (event.what === "joined" && event.place !== place - 1) this.end("refused", `it has place ${event.place + 1}`);
    else if (event.what === "ended" && event.why === "paired") this.end("done");
    else if (event.what === "ended" || event.what === "refused") this.again();
  }

  private refused(why: string): void {
    if (passing.includes(why)) this.again(why);
    else this.end("refused", why);
  }

  private again(why?: string): void {
    this.options.tool.forget();
    if (this.tries >= tryLimit) this.end("given-up", why);
    else this.wait(this.tries < quickTries ? againMs : coffeeMs, () => this.attempt());
  }

  private end(outcome: VisitNews["outcome"], why?: string): void {
    const { chance, onNews, tool } = this.options;
    const act = this.acts.shift() as ServiceAct;
    const { tries } = this;
    tool.forget();
    this.cancel();
    this.tries = 0;
    // Without it the rest of the visit would be about a device that the unit does not know.
    if (outcome !== "done") this.acts = [];
    onNews({ type: "visit", act, outcome, tries, why });
    if (this.acts.length > 0) this.wait(chance.between(handMs.least, handMs.most), () => this.attempt());
  }

  private wait(forMs: number, callback: () => void): void {
    this.cancel();
    this.waiting = this.options.queue.after(forMs, () => {
      this.waiting = undefined;
      callback();
    });
  }

  private cancel(): void {
    if (this.waiting !== undefined) this.options.queue.cancel(this.waiting);
    this.waiting = undefined;
  }
}

/** Whether all is done when the unit has done what it was told. */
function endsWithOrder({ type }: ServiceAct): boolean {
  return type === "life" || type === "revoke" || type === "announce";
}
