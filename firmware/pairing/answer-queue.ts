/** Answers that wait for the transmitter: at most one per bond, the most urgent first, none after its button has gone back to sleep. */
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import type { BondOrderKind } from "../../protocol/radio/bond-frame.ts";
import type { AirRoom } from "../radio-ledger.ts";

/** From the most urgent: to a new press, to a status request, to a report or in a pairing, to a copy (radio 4). */
export type AnswerRank = 0 | 1 | 2 | 3;

export interface Answer {
  /** Place in the table of bonds; -1 for a frame of pairing, which is not sealed. */
  readonly bond: number;
  readonly rank: AnswerRank;
  readonly type: "acknowledge" | "status" | BondOrderKind | "open";
  /** Of the call, or the counter of the frame that a bond order answers. */
  readonly name: number;
  readonly step: AlarmStep;
  /** The button turns its radio round until then, and listens until `untilMs`; the answer begins between them. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** The whole frame, where it is not sealed. */
  readonly bytes?: Uint8Array | undefined;
}

export class AnswerQueue {
  private readonly answers: Answer[];

  constructor() {
    this.answers = [];
  }

  get length(): number {
    return this.answers.length;
  }

  /** Takes the place of an answer to the same bond that has not gone out. */
  put(answer: Answer): void {
    for (let i = 0; i < this.answers.length; i++) {
      if ((this.answers[i] as Answer).bond === answer.bond) {
        this.answers[i] = answer;
        return;
      }
    }
    this.answers.push(answer);
  }

  /** Removes and answers the most urgent one that may begin now; what came too late, or finds no room on the air, is dropped. */
  take(nowMs: number, room: AirRoom): Answer | undefined {
    let best = -1;
    for (let i = this.answers.length - 1; i >= 0; i--) {
      const answer = this.answers[i] as Answer;
      if (nowMs > answer.untilMs || !allows(room, answer.rank)) {
        this.answers.splice(i, 1);
        if (best > i) best--;
        continue;
      }
      if (answer.fromMs > nowMs) continue;
      if (best < 0 || answer.rank <= (this.answers[best] as Answer).rank) best = i;
    }
    return best < 0 ? undefined : this.answers.splice(best, 1)[0];
  }

  /** When the next answer may begin, or undefined when none waits. */
  nextFromMs(): number | undefined {
    let least: number | undefined;
    for (let i = 0; i < this.answers.length; i++) {
      const fromMs = (this.answers[i] as Answer).fromMs;
      if (least === undefined || fromMs < least) least = fromMs;
    }
    return least;
  }
}

function allows(room: AirRoom, rank: AnswerRank): boolean {
  if (room === "free") return true;
  if (room === "thin") return rank <= 1;
  return room === "reserve" && rank === 0;
}
