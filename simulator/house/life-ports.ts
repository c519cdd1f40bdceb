/** The ports of a house as one life of the unit has them: each act can be the last, and nothing is heard after it. */
import type { UnitHost } from "../../firmware/ports/host.ts";
import { PowerCut } from "../flash.ts";
import type { HousePorts } from "./house.ts";

/** No callback of a port is told more than two things. */
export type Heard = unknown[] & { readonly length: 0 | 1 | 2 };

/** What a life does with the ports that it hands on. */
export interface LifeHand {
  /** Counts an act; throws in its place when the power goes. */
  act(): void;
  /** A callback that ends with the life. */
  guard<A extends Heard>(callback: (...heard: A) => void): (...heard: A) => void;
  /** Closed when the life ends. */
  keep<T extends { close(): void }>(port: T): T;
  end(): void;
}

export function throughHand(ports: UnitHost, hand: LifeHand): HousePorts & Pick<UnitHost, "starts"> {
  const { openKeys, openThermometer, openLid, restWifi } = ports;
  return {
    openPower: power(ports.openPower, hand),
    openKeys: openKeys && (({ onChange }) => hand.keep(openKeys({ onChange: hand.guard(onChange) }))),
    openThermometer:
      openThermometer && (({ onPassed }) => hand.keep(openThermometer({ onPassed: hand.guard(onPassed) }))),
    openLid: openLid && (({ onChange }) => hand.keep(openLid({ onChange: hand.guard(onChange) }))),
    openSpeech: speech(ports.openSpeech, hand),
    openMedia: media(ports.openMedia, hand),
    callSound: callSound(ports.callSound, hand),
    selfCheck: selfCheck(ports.selfCheck, hand),
    starts: starts(ports.starts, hand),
    restWifi:
      restWifi &&
      ((rest) => {
        hand.act();
        restWifi(rest);
      }),
  };
}

function power(open: UnitHost["openPower"], hand: LifeHand): UnitHost["openPower"] {
  if (open === undefined) return undefined;
  return ({ onMains, onBattery }) => {
    const supply = hand.keep(open({ onMains: hand.guard(onMains), onBattery: hand.guard(onBattery) }));
    return {
      ...supply,
      load: (on) => {
        hand.act();
        supply.load(on);
      },
      showMains: (present) => {
        hand.act();
        supply.showMains(present);
      },
    };
  };
}

function speech(open: UnitHost["openSpeech"], hand: LifeHand): UnitHost["openSpeech"] {
  if (open === undefined) return undefined;
  return ({ onSpoken }) => {
    const voice = hand.keep(open({ onSpoken: hand.guard(onSpoken) }));
    return {
      speak: (utterance) => {
        hand.act();
        voice.speak(utterance);
      },
      hush: () => {
        hand.act();
        voice.hush();
      },
      close: () => voice.close(),
    };
  };
}

function media(open: UnitHost["openMedia"], hand: LifeHand): UnitHost["openMedia"] {
  if (open === undefined) return undefined;
  return ({ onReady, onKey, onFault }) => {
    const sound = hand.keep(
      open({ onReady: hand.guard(onReady), onKey: hand.guard(onKey), onFault: hand.guard(onFault) }),
    );
    return {
      start: (to, codec, eventType) => {
        hand.act();
        sound.start(to, codec, eventType);
      },
      open: (microphone, speaker) => {
        hand.act();
        sound.open(microphone, speaker);
      },
      volume: (step) => {
        hand.act();
        sound.volume(step);
      },
      close: () => sound.close(),
    };
  };
}

function callSound(port: UnitHost["callSound"], hand: LifeHand): UnitHost["callSound"] {
  if (port === undefined) return undefined;
  return {
    tone: () => {
      hand.act();
      port.tone();
    },
    wasHeard: () => port.wasHeard(),
    output: () => {
      hand.act();
      port.output();
    },
  };
}

function selfCheck(port: UnitHost["selfCheck"], hand: LifeHand): UnitHost["selfCheck"] {
  if (port === undefined) return undefined;
  hand.keep({ close: () => port.stop() });
  return { begin: (check, onFound) => port.begin(check, hand.guard(onFound)), stop: () => port.stop() };
}

/** A chip that starts anew does not come back from the order: what stands above it has lost its memory. */
function starts(port: UnitHost["starts"], hand: LifeHand): UnitHost["starts"] {
  if (port === undefined) return undefined;
  return {
    cause: port.cause,
    restart: (cause) => {
      hand.act();
      hand.end();
      port.restart(cause);
      throw new PowerCut("the unit starts anew");
    },
  };
}
