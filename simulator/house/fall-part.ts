/** The sensor in a button that feels a fall, and the gesture that takes it back. */
import type { FallSensorOptions, OpenFallSensor } from "../../firmware/ports/fall.ts";

export class FallPart {
  readonly open: OpenFallSensor;
  private port: FallSensorOptions | undefined;

  constructor() {
    this.port = undefined;
    this.open = (port) => {
      this.port = port;
      return { close: () => (this.port = undefined) };
    };
  }

  fall(): void {
    this.port?.onFell();
  }

  /** The wearer says that no help is needed. */
  cancel(): void {
    this.port?.onCancelled();
  }

  /** The battery is out: nobody listens any more. */
  powerOff(): void {
    this.port = undefined;
  }
}
