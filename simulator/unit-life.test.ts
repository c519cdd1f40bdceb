import { expect, test } from "vitest";
import type { UnitHost } from "../firmware/ports/host.ts";
import type { RadioOptions } from "../firmware/ports/radio.ts";
import { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import { unitFlash } from "./home-parts.ts";
import { UnitLife } from "./unit-life.ts";

/** A life on a radio that the test speaks for. */
class Scene {
  readonly life: UnitLife;
  radio: RadioOptions | undefined;

  constructor() {
    const clock = new SimClock(new EventQueue());
    const ports: UnitHost = {
      clock,
      secrets: { random: () => {}, aes: () => () => {} },
      flash: unitFlash(new Stream(1, "flash", 0)),
      openRadio: (options) => {
        this.radio = options;
        return { send: () => {}, listen: () => {}, read: () => undefined, close: () => {} };
      },
      openBroadband: undefined,
      openModemLine: undefined,
      openServiceLine: undefined,
      signals: { show: () => {} },
      observe: undefined,
    };
    this.life = new UnitLife(ports, clock, () => {});
  }
}

test("a unit hears for how long its channel was taken, until its power goes", () => {
  const scene = new Scene();
  const heard: number[] = [];
  scene.life.start((host) => void host.openRadio({ onReadable: () => {}, onBusy: (forMs) => heard.push(forMs) }));
  scene.radio?.onBusy?.(700);
  scene.life.end();
  scene.radio?.onBusy?.(800);
  expect(heard).toEqual([700]);
});

test("a unit that does not ask for the state of its channel costs its radio nothing", () => {
  const scene = new Scene();
  scene.life.start((host) => void host.openRadio({ onReadable: () => {} }));
  expect(scene.radio?.onBusy).toBe(undefined);
});
