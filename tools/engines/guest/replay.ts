/** Plays a list to a device, line by line, and hands out what the device did. The same on every engine. */
import type { Input, ListHead, ListLine } from "./list.ts";
import { type Part, type Stage, textOf } from "./parts.ts";

/** `whole`: orders to ports and steps of machines; `orders`: those alone; `quiet`: nothing, which is what a device costs by itself. */
export type Telling = "whole" | "orders" | "quiet";

/** The line that stands for an order. */
export function orderText(what: string, parts: readonly Part[]): string {
  let text = what;
  for (let i = 0; i < parts.length; i++) text += " " + textOf(parts[i]);
  return text;
}

/** The line that stands for a step of a machine. */
export function stepText(machine: string, event: object, effects: readonly object[]): string {
  return "* " + machine + " " + textOf(event) + " -> " + textOf(effects);
}

interface Played {
  start(): unknown;
  hear(line: ListLine): void;
}

export class Replay {
  private readonly stage: ReplayStage;
  private readonly device: Played;

  /** `make` wires the device to the stage; it is not started yet. */
  constructor(head: ListHead, telling: Telling, make: (stage: Stage, head: ListHead) => Played) {
    this.stage = new ReplayStage(telling);
    this.stage.answers = head.answers;
    this.device = make(this.stage, head);
  }

  start(): string {
    this.device.start();
    return this.stage.take();
  }

  /** One line of the list, as it stands there: time, answers, input. Answers what the device did, a line each. */
  hear(text: string): string {
    const line = JSON.parse(text) as readonly [number, readonly number[], Input];
    this.stage.answers = line[1];
    this.stage.asks = 0;
    this.device.hear({ at: line[0], input: line[2] });
    return this.stage.take();
  }
}

class ReplayStage implements Stage {
  readonly stepped: Stage["stepped"];
  answers: readonly number[];
  /** How many of them were given. */
  asks: number;
  private readonly quiet: boolean;
  private text: string;

  constructor(telling: Telling) {
    this.quiet = telling === "quiet";
    this.answers = [];
    this.asks = 0;
    this.text = "";
    this.stepped =
      telling === "whole"
        ? (machine, event, effects) => {
            this.text += stepText(machine, event, effects) + "\n";
          }
        : undefined;
  }

  told(what: string, parts: readonly Part[]): void {
    if (!this.quiet) this.text += orderText(what, parts) + "\n";
  }

  /** An answer too few means that the device asked what the recorded one did not ask; its digest will tell. */
  asked(what: string): number {
    const answer = this.answers[this.asks];
    this.asks++;
    if (answer === undefined) this.told("not-answered", [what]);
    return answer ?? 0;
  }

  take(): string {
    const text = this.text;
    this.text = "";
    return text;
  }
}
