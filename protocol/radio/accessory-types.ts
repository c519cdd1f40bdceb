/**
 * Kinds of accessories and what their events mean in a SCAIP message: device type and status code (SS 91100 annexes A and C), how
 * urgent, and how long one may be silent (radio 3.6, 3.8).
 */

export type AccessoryType =
  | "pull-cord"
  | "fall-detector"
  | "smoke"
  | "carbon-monoxide"
  | "water"
  | "door"
  | "bed"
  | "mat"
  | "motion"
  | "temperature";

/** By code, for ever: a new type takes the next place. */
export const accessoryTypes: readonly AccessoryType[] = [
  "pull-cord",
  "fall-detector",
  "smoke",
  "carbon-monoxide",
  "water",
  "door",
  "bed",
  "mat",
  "motion",
  "temperature",
];

export type Happening =
  | "alarm"
  /** What the alarm was about is over. */
  | "restored"
  /** The test key of the accessory. */
  | "test"
  | "tamper"
  | "tamper-restored"
  | "battery-low"
  | "battery-ok"
  | "fault"
  | "fault-gone"
  /** Too low, where `alarm` is too high. */
  | "alarm-low"
  /** Open, or away, for too long. */
  | "alarm-too-long"
  /** Somebody is there: a sign of life, no alarm. */
  | "activity";

/** By code, for ever. */
export const happenings: readonly Happening[] = [
  "alarm",
  "restored",
  "test",
  "tamper",
  "tamper-restored",
  "battery-low",
  "battery-ok",
  "fault",
  "fault-gone",
  "alarm-low",
  "alarm-too-long",
  "activity",
];

/** From the most urgent. */
export type Urgency = "user-alarm" | "fire-and-gas" | "life-safety" | "technical" | "test" | "statistics";

export interface AccessoryKind {
  /** SCAIP device type. */
  readonly dty: number;
  /** SCAIP status codes: of the alarm, of its two variants, and of its end. */
  readonly alarmStc: number;
  readonly lowStc: number;
  readonly tooLongStc: number;
  readonly restoredStc: number;
  readonly urgency: Urgency;
  /** Time between check-ins in hours; the accessory is missing after three of them (radio 6.2). */
  readonly checkInH: number;
}

export interface Meaning {
  readonly dty: number;
  readonly stc: number;
  readonly urgency: Urgency;
}

/** What this event is in a message. Every pair has a meaning: an alarm of an unlikely variant is still an alarm. */
export function meaningOf(type: AccessoryType, happening: Happening): Meaning {
  const kind = kindOf(type);
  switch (happening) {
    case "alarm":
      return { dty: kind.dty, stc: kind.alarmStc, urgency: kind.urgency };
    case "alarm-low":
      return { dty: kind.dty, stc: kind.lowStc, urgency: kind.urgency };
    case "alarm-too-long":
      return { dty: kind.dty, stc: kind.tooLongStc, urgency: kind.urgency };
    case "restored":
      return { dty: kind.dty, stc: kind.restoredStc, urgency: "technical" };
    case "test":
      return { dty: kind.dty, stc: 102, urgency: "test" };
    case "tamper":
      return { dty: kind.dty, stc: 125, urgency: "technical" };
    case "tamper-restored":
      return { dty: kind.dty, stc: 94, urgency: "technical" };
    case "battery-low":
      return { dty: kind.dty, stc: 16, urgency: "technical" };
    case "battery-ok":
      return { dty: kind.dty, stc: 15, urgency: "technical" };
    case "fault":
      return { dty: kind.dty, stc: 67, urgency: "technical" };
    case "fault-gone":
      return { dty: kind.dty, stc: 48, urgency: "technical" };
    case "activity":
      return { dty: kind.dty, stc: 119, urgency: "statistics" };
  }
}

export function kindOf(type: AccessoryType): AccessoryKind {
  return kinds[accessoryTypes.indexOf(type)] as AccessoryKind;
}

function kind(
  dty: number,
  alarmStc: number,
  lowStc: number,
  tooLongStc: number,
  restoredStc: number,
  urgency: Urgency,
  checkInH: number,
): AccessoryKind {
  return { dty, alarmStc, lowStc, tooLongStc, restoredStc, urgency, checkInH };
}

/** In the order of `accessoryTypes`. */
const kinds: readonly AccessoryKind[] = [
  kind(4, 10, 10, 10, 94, "user-alarm", 8),
  kind(5, 9, 9, 9, 94, "user-alarm", 8),
  kind(23, 9, 9, 9, 94, "fire-and-gas", 1),
  kind(26, 9, 9, 9, 94, "fire-and-gas", 1),
  kind(33, 9, 9, 9, 94, "life-safety", 8),
  kind(14, 76, 76, 77, 21, "life-safety", 8),
  kind(12, 9, 9, 104, 117, "life-safety", 8),
  kind(13, 9, 9, 104, 94, "life-safety", 8),
  kind(10, 119, 119, 104, 94, "life-safety", 8),
  kind(20, 100, 101, 100, 70, "technical", 8),
];
