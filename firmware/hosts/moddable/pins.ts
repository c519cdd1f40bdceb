/** The board's digital pins over ECMA-419: keys, the case's contact, the lamp. */
import type { KeyName, OpenKeys } from "../../ports/keys.ts";
import type { OpenInput } from "../../ports/pin.ts";
import type { BoardPins, PinUse } from "../board.ts";
import type { LightLamp } from "../lamp-blinker.ts";
import type { DigitalIo, DigitalPin } from "./ecma419.ts";

/** Both edges are told, with the level that is read then: bounces come as they are. */
export function watchPin(io: DigitalIo, use: PinUse, onChange: (on: boolean) => void): DigitalPin {
  const mode = use.pull === "up" ? io.InputPullUp : use.pull === "down" ? io.InputPullDown : io.Input;
  const pin: DigitalPin = new io({
    pin: use.pin as number,
    mode,
    edge: io.Rising + io.Falling,
    onReadable: () => onChange((pin.read() === 1) === (use.active === "high")),
  });
  return pin;
}

export function inputOver(io: DigitalIo, use: PinUse): OpenInput {
  return (options) => {
    const pin = watchPin(io, use, (on) => options.onChange(on));
    return { close: () => pin.close() };
  };
}

/** Undefined where the board has no keys. */
export function keysOver(io: DigitalIo, pins: BoardPins): OpenKeys | undefined {
  const known: readonly KeyName[] = ["help", "cancel", "query", "presence", "away"];
  const names = known.filter((name) => pins[name] !== undefined);
  if (names.length === 0) return undefined;
  return (options) => {
    const opened = names.map((name) => watchPin(io, pins[name] as PinUse, (on) => options.onChange(name, on)));
    return {
      close: () => {
        for (const pin of opened) pin.close();
      },
    };
  };
}

/** One lamp for every colour, or the three of a lamp of three colours: yellow is red and green. */
export function lampOver(io: DigitalIo, pins: BoardPins): LightLamp {
  const open = (use: PinUse | undefined): ((on: boolean) => void) =>
    use === undefined ? () => {} : outputOver(io, use);
  const lamp = open(pins.lamp);
  const red = open(pins.red);
  const green = open(pins.green);
  const blue = open(pins.blue);
  return (colour) => {
    lamp(colour !== "none");
    red(colour === "red" || colour === "yellow");
    green(colour === "green" || colour === "yellow");
    blue(colour === "blue");
  };
}

/** Off at first. */
export function outputOver(io: DigitalIo, use: PinUse): (on: boolean) => void {
  const level = (on: boolean): number => (on === (use.active === "high") ? 1 : 0);
  const pin = new io({ pin: use.pin as number, mode: io.Output, initialValue: level(false) });
  pin.write(level(false));
  return (on) => pin.write(level(on));
}
