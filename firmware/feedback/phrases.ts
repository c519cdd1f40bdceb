/** What the unit can say, by name. */
export type PhraseName =
  | "ready"
  | "sending"
  | "accepted"
  | "not-accepted"
  | "no-path"
  | "mains-lost"
  | "mains-back"
  | "battery-low"
  | "press-to-test";
