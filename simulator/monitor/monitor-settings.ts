/** The figures a monitor judges by. What it watches is told in `monitor.ts`. */
export interface MonitorSettings {
  /** Beats that may be missed; with this many the unit is silent. */
  readonly missedBeats: number;
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
  /** Outcomes looked at: so many, and none older than so long, in ms. */
  readonly outcomeLimit: number;
  readonly outcomeMs: number;
  /** Fewest units, and percent of a receiver's units, whose beats stop together when it is the receiver. */
  readonly silenceUnits: number;
  readonly silencePercent: number;
  /** Messages waiting for their answer that are remembered; more are not judged. */
  readonly pendingLimit: number;
}

/** With a beat each 180 s a unit is silent after 10 min. */
export const usualSettings: MonitorSettings = {
  missedBeats: 3,
  jitterPercent: 10,
  graceMs: 6_000,
  overdueMs: 30_000,
  answerWithinMs: 12_000,
  suspectFailures: 3,
  confirmFailures: 6,
  confirmAfterMs: 120_000,
  clearAcceptances: 3,
  calmMs: 120_000,
  outcomeLimit: 16,
  outcomeMs: 600_000,
  silenceUnits: 3,
  silencePercent: 80,
  pendingLimit: 4_096,
};

/** A length of time for people: `4 min 10 s`. */
export function spoken(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
