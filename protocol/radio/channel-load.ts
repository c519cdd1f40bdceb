/** How long the channel is taken by others, and when that is interference (radio 6.3): a rule over values, without a clock. */

/** Booked in slots of 5 s; the slot under way and 12 before it are never less than the last minute. */
const slotMs = 5_000;
const slotCount = 13;
/** Interference above the one, over from below the other: what lies between changes nothing. */
export const busyAboveMs = 30_000;
export const quietBelowMs = 10_000;

export interface ChannelLoad {
  /** Number of the newest slot since the monotonic clock's zero. */
  readonly slot: number;
  /** Busy milliseconds of the newest slot and those before it, newest first. */
  readonly busyMs: readonly number[];
  readonly interfered: boolean;
}

export interface ChannelVerdict {
  readonly load: ChannelLoad;
  /** What is to be told, once each time. */
  readonly event: "interference" | "restored" | undefined;
}

/** The load when the channel was taken from `fromMs` to `toMs` (not before the last span's end). An empty span only lets time pass. */
export function judgeChannel(load: ChannelLoad, fromMs: number, toMs: number): ChannelVerdict {
  const slot = Math.max(load.slot, Math.floor(toMs / slotMs));
  const busyMs: number[] = [];
  let sumMs = 0;
  for (let back = 0; back < slotCount; back++) {
    const startMs = (slot - back) * slotMs;
    const kept = load.busyMs[load.slot - slot + back] ?? 0;
    const added = Math.max(0, Math.min(toMs, startMs + slotMs) - Math.max(fromMs, startMs));
    busyMs.push(Math.min(slotMs, kept + added));
    sumMs += busyMs[back] as number;
  }
  const interfered = load.interfered ? sumMs >= quietBelowMs : sumMs > busyAboveMs;
  const event = interfered === load.interfered ? undefined : interfered ? "interference" : "restored";
  return { load: { slot, busyMs, interfered }, event };
}

export const quietChannel: ChannelLoad = { slot: 0, busyMs: [], interfered: false };
