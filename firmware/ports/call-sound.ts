/** What the case does in a call whatever carries it. */
export interface CallSound {
  /** The home hears that it is being listened to, at any hour and in every mode. */
  tone(): void;
  /** Whether somebody in the home has spoken since the last tone(). */
  wasHeard(): boolean;
  /** Works the output, such as a relay or a lock, once (SS 91100 7, key 9). */
  output(): void;
}
