/** Mains, battery and charger of a unit. Edges come by themselves; the battery is measured only when asked, since that costs. */
export interface PowerOptions {
  /** The mains came or went; flickering is reported as it comes. */
  readonly onMains: (present: boolean) => void;
  /** The charger sees a battery, or sees none any more. */
  readonly onBattery: (connected: boolean) => void;
}

export interface PowerSupply {
  /** How it stood when this unit started. */
  readonly mainsAtStart: boolean;
  readonly batteryAtStart: boolean;
  /** Whether power was gone altogether before this start; false after a reset with power. */
  readonly coldStart: boolean;
  /** Battery voltage in mV, with the charger paused for the moment of it; 0 without a battery. */
  batteryMv(): number;
  /** True: the unit lives on its battery under the test load though the mains is there; a host ends that when the mains goes. */
  load(on: boolean): void;
  /** The supply's own lamp, steady with mains and blinking without: at once noticed, also at night and without speech. */
  showMains(present: boolean): void;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenPower = (options: PowerOptions) => PowerSupply;
