/**
 * Writes down one life of one device as it is lived in the simulator. The firmware runs on the very ports that will play
 * the list: what it orders is handed on to the simulated world, what the world tells it becomes the list's next line. So
 * what is recorded has been played once already, and its digest is the one that every engine must reach.
 */
import { PowerCut } from "../../simulator/flash.ts";
import type { Input, ListHead, ListLine } from "./guest/list.ts";
import type { Part, Stage } from "./guest/parts.ts";
import { orderText, stepText } from "./guest/replay.ts";
import type { RecordedList } from "./lists.ts";

/** The simulated world around the device. An order or a question that is missing here is a mistake. */
export interface Surrounding {
  /** What becomes of an order, by its word. */
  readonly orders: Readonly<Record<string, (parts: readonly Part[]) => void>>;
  readonly answers: Readonly<Record<string, () => number>>;
  readonly nowMs: () => number;
  readonly stepped: ((machine: string, event: object, effects: readonly object[]) => void) | undefined;
}

interface Played<T> {
  start(): T;
  hear(line: ListLine): void;
}

export class Recording<T> {
  readonly device: Played<T>;
  private readonly head: ListHead;
  private readonly surrounding: Surrounding;
  private readonly lines: string[];
  private readonly told: string[];
  private startAnswers: readonly number[];
  private answers: number[];
  private fresh: string[];
  private isBusy: boolean;
  private isOver: boolean;

  /** `surround` is given the ear through which the world speaks to the device. */
  constructor(
    head: ListHead,
    make: (stage: Stage, head: ListHead) => Played<T>,
    surround: (hear: (...input: Input) => void) => Surrounding,
  ) {
    this.head = head;
    this.lines = [];
    this.told = [];
    this.startAnswers = [];
    this.answers = [];
    this.fresh = [];
    this.isBusy = false;
    this.isOver = false;
    this.surrounding = surround((...input) => this.hear(input));
    this.device = make(this.stage(), head);
  }

  /** The life so far: what a power cut tore is not among it. */
  list(): RecordedList {
    return { head: { ...this.head, answers: this.startAnswers }, lines: this.lines, told: this.told };
  }

  start(): T {
    const started = this.during(() => this.device.start());
    this.startAnswers = this.answers;
    this.told.push(...this.fresh);
    return started;
  }

  private hear(input: Input): void {
    if (this.isOver) return;
    if (this.isBusy) throw new Error(`recording: ${input[0]} came from inside a port's method`);
    const at = this.surrounding.nowMs();
    this.during(() => this.device.hear({ at, input }));
    this.lines.push(JSON.stringify([at, this.answers, input]));
    this.told.push(...this.fresh);
  }

  private during<R>(run: () => R): R {
    this.isBusy = true;
    this.answers = [];
    this.fresh = [];
    try {
      return run();
    } catch (thrown) {
      if (thrown instanceof PowerCut) this.isOver = true;
      throw thrown;
    } finally {
      this.isBusy = false;
    }
  }

  private stage(): Stage {
    const { orders, answers, stepped } = this.surrounding;
    return {
      told: (what, parts) => {
        const order = orders[what];
        if (order === undefined) throw new Error(`recording: nobody takes the order ${what}`);
        this.fresh.push(`${orderText(what, parts)}\n`);
        order(parts);
      },
      asked: (what) => {
        const answer = answers[what];
        if (answer === undefined) throw new Error(`recording: nobody answers ${what}`);
        const number = answer();
        this.answers.push(number);
        return number;
      },
      stepped: (machine, event, effects) => {
        this.fresh.push(`${stepText(machine, event, effects)}\n`);
        stepped?.(machine, event, effects);
      },
    };
  }
}
