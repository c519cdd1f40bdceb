/** What a run needs of a bench, whatever it is made of: a check of itself, its boards, the receivers that it reaches, a known state. */

/** One thing that was looked at. */
export interface Finding {
  /** Such as "receiver double answers". */
  readonly name: string;
  readonly isHeld: boolean;
  /** What was found instead, or the figure; "" where there is nothing to say. */
  readonly found: string;
}

/** What an image is known by. */
export interface ImageName {
  readonly board: string;
  readonly hardware: string;
  readonly version: string;
  /** SHA-256 or CRC of what goes onto the device: equal texts, equal images. */
  readonly digest: string;
}

/** A board of the bench that takes images. */
export interface RigBoard {
  /** Of the bench file. */
  readonly name: string;
  /** What must be on it; undefined: whatever is there stays. */
  readonly wanted: ImageName | undefined;
  /** What is on it by its own word; digest "" where it does not know. Rejects where it cannot be seen. */
  standing(): Promise<ImageName>;
  flash(signal: AbortSignal): Promise<void>;
}

export interface Rig<B> {
  readonly name: string;
  /** The board of the unit under test, for the history. */
  readonly board: string;
  readonly boards: readonly RigBoard[];
  /** A sentence for each of these roles and actuators that the bench does not have. */
  lacks(needs: readonly string[]): readonly string[];
  /** Ports, hub, power switch, receiver double. Never rejects for something that is broken: that is a finding. */
  check(signal: AbortSignal): Promise<readonly Finding[]>;
  /** The host of every receiver that the bench names, and that a unit would send to now by its own word. */
  receivers(signal: AbortSignal): Promise<readonly string[]>;
  /** Throws UserError (4) where that is no host that a receiver of this bench may have. */
  permit(host: string): void;
  /** A folder for the logs of all devices of the next attempt; then what cases are given. */
  begin(folder: string, signal: AbortSignal): Promise<B>;
  /** The known state, from whatever state: power as it should be, nothing pressed, no fault planted. Rejects where it cannot. */
  restore(signal: AbortSignal): Promise<void>;
  /** The last resort: no power to any unit, so that it presses, sends and calls nothing. Rejects where that cannot be. */
  switchOff(signal: AbortSignal): Promise<void>;
  /** Lets go of ports, processes and sockets. */
  close(): Promise<void>;
}
