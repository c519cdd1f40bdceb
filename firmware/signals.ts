/** What people are shown. Colour is never the only sign: a host shows each signal in at least two ways. */

/** The three steps of a press on the button itself (sent, received by the unit, accepted by a receiver), and giving up. */
export type ButtonSignal = "sent" | "received" | "accepted" | "given-up";

/** What the unit's lamp and speech tell. `not-accepted` asks for patience: the alarm goes on and on. */
export type UnitSignal = "ready" | "one-path-lost" | "no-path" | "sending" | "accepted" | "not-accepted" | "fault";
