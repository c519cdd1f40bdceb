/** What people are shown. Colour is never the only sign: a host shows each signal in at least two ways. */

/** The three steps of a press on the button itself (sent, received by the unit, accepted by a receiver), and giving up. */
export type ButtonSignal = "sent" | "received" | "accepted" | "given-up" | ButtonNotice;

/**
 * What a button shows beside its presses: it asks a unit to take it; it belongs to one; it belongs to none and is of no use; it has felt
 * a fall and will call unless it is told otherwise. None of them may look like a step of a press.
 */
export type ButtonNotice = "joining" | "joined" | "of-no-use" | "fall-felt";

/** What the unit's lamp and speech tell. `not-accepted` asks for patience: the alarm goes on and on. */
export type UnitSignal = "ready" | "one-path-lost" | "no-path" | "sending" | "accepted" | "not-accepted" | "fault";

/** All that the lamp can show: while a call is up nothing else needs to be told by colour. */
export type LampSignal = UnitSignal | "talking";
