/** What a scenario asks of its run. */

/** Which alarms an expectation speaks of. */
export interface AlarmChoice {
  readonly alarms: "all" | "with-second-receiver" | "without-second-receiver";
  /** Group of the fleet; undefined: all. */
  readonly group: string | undefined;
  readonly pressed: "any-time" | "during-faults" | "outside-faults";
}

export type Expectation =
  | {
      readonly type: "alarms";
      readonly choice: AlarmChoice;
      /** Share of the alarms that must keep the limit, 100 unless said. */
      readonly percent: number;
      readonly acceptedWithinMs: number | undefined;
      /** Counted from the press or from the end of the fault during which it was made, whichever is later. */
      readonly acceptedAfterRepairWithinMs: number | undefined;
      /** For alarms that were not accepted by then. */
      readonly toldWithinMs: number | undefined;
      readonly route: "mobile" | "broadband" | undefined;
      readonly countAtLeast: number | undefined;
      readonly countAtMost: number | undefined;
    }
  | { readonly type: "tally"; readonly of: "lost" | "falsely-accepted" | "pending-at-end"; readonly count: number }
  | { readonly type: "cases-per-alarm"; readonly count: number }
  | { readonly type: "suspicions-at-most"; readonly count: number }
  | {
      readonly type: "noticed";
      readonly object: "receiver" | "operator" | "broadband";
      readonly name: string;
      /** From the start of each of its faults to the monitor's "suspected". */
      readonly suspectedWithinMs: number | undefined;
      /** From the end of each of its faults to the monitor's "closed". */
      readonly closedWithinMs: number | undefined;
    };
