/** The checks that a unit answers out of what it knows already; those of its hardware go to the board. */
import { wallSeconds } from "../department.ts";
import type { Clock } from "../ports/clock.ts";
import type { SelfCheckPort } from "../ports/self-check.ts";
import type { WallClock } from "../wall-clock.ts";
import type { CheckName, Finding } from "./faults.ts";

export interface UnitChecksOptions {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /** What the board can check; absent: the hardware is taken for granted. */
  readonly board: SelfCheckPort | undefined;
  /** What is known of the modem and its SIM now; "absent" where there is none. */
  readonly modem: () => Finding;
  readonly sim: () => Finding;
  /** Hears of each result before the unit's own supervision does. */
  readonly onFound: (check: CheckName, finding: Finding) => void;
}

export class UnitChecks implements SelfCheckPort {
  private readonly options: UnitChecksOptions;
  /** Counts the checks begun, so that one that was stopped is not heard any more. */
  private begun: number;

  constructor(options: UnitChecksOptions) {
    this.options = options;
    this.begun = 0;
  }

  begin(check: CheckName, onEnd: (finding: Finding) => void): void {
    const known = this.known(check);
    const onFound = (finding: Finding): void => {
      this.options.onFound(check, finding);
      onEnd(finding);
    };
    const board = this.options.board;
    if (known === undefined && board !== undefined) {
      board.begin(check, onFound);
      return;
    }
    this.begun++;
    const mine = this.begun;
    this.options.clock.after(0, () => {
      if (mine === this.begun) onFound(known ?? "absent");
    });
  }

  stop(): void {
    this.begun++;
    if (this.options.board !== undefined) this.options.board.stop();
  }

  /** A unit that nobody has told the time has no drift that anybody could see: the board is asked only of a known time. */
  private known(check: CheckName): Finding | undefined {
    if (check === "modem") return this.options.modem();
    if (check === "sim") return this.options.sim();
    const timeless = wallSeconds(this.options) < 0;
    if (check === "clock" && timeless) return "clock-unknown";
    return undefined;
  }
}
