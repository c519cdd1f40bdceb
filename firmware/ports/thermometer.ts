/** A room thermometer that watches two borders by itself, as chips with an alert output do: nobody polls it. */
export interface ThermometerOptions {
  /** A border of `watch` was passed. Comes once for each watch() at most. */
  readonly onPassed: () => void;
}

export interface Thermometer {
  /** Tenths of a degree Celsius. */
  deciC(): number;
  /** Calls back when it is colder than `belowDeciC` or warmer than `aboveDeciC`, also where it is so already; replaces the former watch. */
  watch(belowDeciC: number, aboveDeciC: number): void;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenThermometer = (options: ThermometerOptions) => Thermometer;
