/** What feels a fall: an accelerometer with its own judgement. It says so once for each fall. */
export interface FallSensorOptions {
  readonly onFell: () => void;
  /** The wearer said that no help is needed, with the gesture that the sensor knows; also long after the fall. */
  readonly onCancelled: () => void;
}

export interface FallSensor {
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenFallSensor = (options: FallSensorOptions) => FallSensor;
