/** The figures a monitor judges by. What it watches is told in `monitor.ts`. */
export interface MonitorSettings {
  /** Beats that may be missed; with this many the unit is silent. */
  readonly missedBeats: number;
  /** Its silence is confirmed after this many. */
  readonly confirmBeats: number;
  /** Units beat at random within this part of their interval, in percent. */
  readonly jitterPercent: number;
  /** Allowed on top of the missed beats, in ms: a packet's way with its repetitions. */
  readonly graceMs: number;
  /** A unit is overdue this long after one missed beat, in ms: longer than a repetition of the beat takes. */
  readonly overdueMs: number;
  /** Every message needs its `mrs` within this time after it was heard, in ms. */
  readonly answerWithinMs: number;
  /** Failures that make a receiver suspected, among the latest outcomes. */
  readonly suspectFailures: number;
  /** Failures that confirm it, `confirmAfterMs` after the suspicion at the earliest. */
  readonly confirmFailures: number;
  readonly confirmAfterMs: number;
  /** Acceptances in a row that clear it, once no failure was seen for `calmMs`. */
  readonly clearAcceptances: number;
  readonly calmMs: number;
  /** Units may notice that a receiver is out so long before it is suspected, in ms. */
  readonly noticedBeforeMs: number;
  /** Outcomes looked at: so many, and none older than so long, in ms. */
  readonly outcomeLimit: number;
  readonly outcomeMs: number;
  /** Fewest units, and percent of a receiver's units, whose beats stop together when it is the receiver. */
  readonly silenceUnits: number;
  readonly silencePercent: number;
  /** Messages waiting for their answer that are remembered; more are not judged. */
  readonly pendingLimit: number;
  readonly shared: SharedSettings;
}

/** When the trouble of several units is the trouble of what they share. */
export interface SharedSettings {
  /** Fewest units. */
  readonly units: number;
  /** Percent of those that hang on it alone which are overdue together. */
  readonly overduePercent: number;
  /** Percent of them that are silent, all since `silentWithinMs`. */
  readonly silentPercent: number;
  readonly silentWithinMs: number;
  /** Percent of those that can tell of it which did, all within `reportsWithinMs`: as long as units spread such reports, and more. */
  readonly reportPercent: number;
  readonly reportsWithinMs: number;
  /** The signs must hold so long before anything is said, in ms: other units of a dead server fall silent meanwhile. */
  readonly holdMs: number;
  /** Confirmed so long after the suspicion, where so many percent of either are in trouble. */
  readonly confirmAfterMs: number;
  readonly confirmPercent: number;
  /** Closed when no more than this share of the units that were hit is left, for `calmMs`. */
  readonly leftPercent: number;
  readonly calmMs: number;
  /** Between two updates of one outage, in ms, and by how many percent it must have grown. */
  readonly updateAfterMs: number;
  readonly updatePercent: number;
  /** Between two looks at everything, in ms. */
  readonly lookMs: number;
}

/** With a beat each 180 s a unit is silent after 10 min, what it shares with others is suspected after 5. */
export const usualSettings: MonitorSettings = {
  missedBeats: 3,
  confirmBeats: 6,
  jitterPercent: 10,
  graceMs: 6_000,
  overdueMs: 30_000,
  answerWithinMs: 12_000,
  suspectFailures: 3,
  confirmFailures: 6,
  confirmAfterMs: 120_000,
  clearAcceptances: 3,
  calmMs: 120_000,
  noticedBeforeMs: 600_000,
  outcomeLimit: 16,
  outcomeMs: 600_000,
  silenceUnits: 3,
  silencePercent: 80,
  pendingLimit: 4_096,
  shared: {
    units: 3,
    overduePercent: 80,
    silentPercent: 20,
    silentWithinMs: 900_000,
    reportPercent: 10,
    reportsWithinMs: 1_800_000,
    holdMs: 60_000,
    confirmAfterMs: 300_000,
    confirmPercent: 50,
    leftPercent: 20,
    calmMs: 120_000,
    updateAfterMs: 300_000,
    updatePercent: 20,
    lookMs: 10_000,
  },
};
