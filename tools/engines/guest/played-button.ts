/** The button's own firmware on ports that play a list. */
import type { ButtonBond } from "../../../firmware/button/button-settings.ts";
import type { FallSensorOptions } from "../../../firmware/ports/fall.ts";
import type { ButtonHost } from "../../../firmware/ports/host.ts";
import type { InputOptions } from "../../../firmware/ports/pin.ts";
import { WristButton } from "../../../firmware/wrist-button.ts";
import type { ListHead, ListLine, OptionalPart } from "./list.ts";
import { bytesOf, revived, type Stage } from "./parts.ts";
import { PlayedClock, PlayedFlash, PlayedRadio, playedSecrets } from "./played-core.ts";

export class PlayedButton {
  private readonly stage: Stage;
  private readonly head: ListHead;
  private readonly host: ButtonHost;
  private readonly clock: PlayedClock;
  private readonly radio: PlayedRadio;
  private contact: InputOptions | undefined;
  private sensor: FallSensorOptions | undefined;
  private firmware: WristButton | undefined;

  constructor(stage: Stage, head: ListHead) {
    this.stage = stage;
    this.head = head;
    this.clock = new PlayedClock(stage);
    this.radio = new PlayedRadio(stage);
    this.contact = undefined;
    this.sensor = undefined;
    this.firmware = undefined;
    this.host = {
      clock: this.clock.port,
      secrets: playedSecrets(head.random),
      flash: new PlayedFlash(stage, head).port,
      openRadio: this.radio.open,
      openContact: (options) => {
        this.contact = options;
        stage.told("contact.open", []);
        return { close: () => stage.told("contact.close", []) };
      },
      signals: { show: (signal) => stage.told("signal", [signal]) },
      batteryMv: () => stage.asked("battery-mv"),
      observe: stage.stepped,
    };
  }

  /** The battery goes in. */
  start(): WristButton {
    const stage = this.stage;
    const has = (part: OptionalPart): boolean => this.head.parts.indexOf(part) >= 0;
    this.firmware = new WristButton(this.host, revived(this.head.setup) as ButtonBond, undefined, {
      temperatureC: has("temperature") ? () => stage.asked("temperature-c") : undefined,
      openFallSensor: has("fall-sensor")
        ? (options) => {
            this.sensor = options;
            stage.told("fall-sensor.open", []);
            return { close: () => stage.told("fall-sensor.close", []) };
          }
        : undefined,
    });
    return this.firmware;
  }

  hear(line: ListLine): void {
    const input = line.input;
    this.clock.atMs = line.at;
    switch (input[0]) {
      case "timer":
        this.clock.fire(this.stage, input[1]);
        return;
      case "radio":
        this.radio.hear(bytesOf(input[1]), input[2]);
        return;
      case "contact":
        if (this.contact !== undefined) this.contact.onChange(input[1]);
        return;
      case "fell":
        if (this.sensor !== undefined) this.sensor.onFell();
        return;
      case "fall-cancelled":
        if (this.sensor !== undefined) this.sensor.onCancelled();
        return;
      default:
        throw new Error("a button hears no " + input[0]);
    }
  }
}
