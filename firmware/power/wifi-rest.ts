/** Whether the Wi-Fi of the broadband route may sleep on battery: never where that would leave no working route. */

export interface WifiFacts {
  /** By the unit's settings. */
  readonly allowed: boolean;
  /** For long enough to have been shown. */
  readonly onBattery: boolean;
  /** Receivers answer over the mobile route. */
  readonly mobileProven: boolean;
  /** An alarm or a call is under way: both routes are needed. */
  readonly pending: boolean;
}

/** Asked anew at each change: the moment the mobile route is in doubt, the Wi-Fi must wake. */
export function mayWifiRest(facts: WifiFacts): boolean {
  return facts.allowed && facts.onBattery && facts.mobileProven && !facts.pending;
}
