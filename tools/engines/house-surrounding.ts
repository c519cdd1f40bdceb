/** What the simulated house does with a recorded unit's orders: supply, keys, lid, thermometer, voice, sound of calls, self-check. */
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { Media } from "../../firmware/ports/media.ts";
import type { PowerSupply } from "../../firmware/ports/power.ts";
import type { Speech, Utterance } from "../../firmware/ports/speech.ts";
import type { Thermometer } from "../../firmware/ports/thermometer.ts";
import type { CheckName } from "../../firmware/supervision/faults.ts";
import type { Hear } from "./core-surrounding.ts";
import { numberAt, textAt } from "./part-of.ts";
import type { Surrounding } from "./recording.ts";

type House = Pick<Surrounding, "orders" | "answers">;

export function houseSurrounding(host: UnitHost, hear: Hear): House {
  const parts = [supply(host, hear), climate(host, hear), voice(host, hear)];
  return {
    orders: Object.assign({}, contacts(host, hear), media(host, hear), ...parts.map(({ orders }) => orders)),
    answers: Object.assign({}, ...parts.map(({ answers }) => answers)),
  };
}

function supply(host: UnitHost, hear: Hear): House {
  let power: PowerSupply | undefined;
  return {
    orders: {
      "power.open": () => {
        power = host.openPower?.({
          onMains: (present) => hear("mains", present),
          onBattery: (connected) => hear("battery", connected),
        });
      },
      "power.load": ([on]) => power?.load(on === true),
      "power.show-mains": ([present]) => power?.showMains(present === true),
      "power.close": () => power?.close(),
      restart: (parts) => host.starts?.restart(textAt(parts, 0) as "ordered" | "update" | "fault"),
      "wifi.rest": ([rest]) => host.restWifi?.(rest === true),
    },
    answers: {
      "mains-at-start": () => Number(power?.mainsAtStart),
      "battery-at-start": () => Number(power?.batteryAtStart),
      "cold-start": () => Number(power?.coldStart),
      "battery-mv": () => power?.batteryMv() ?? 0,
    },
  };
}

function contacts(host: UnitHost, hear: Hear): Surrounding["orders"] {
  let keys: { close(): void } | undefined;
  let lid: { close(): void } | undefined;
  return {
    "keys.open": () => {
      keys = host.openKeys?.({ onChange: (key, closed) => hear("key", key, closed) });
    },
    "keys.close": () => keys?.close(),
    "lid.open": () => {
      lid = host.openLid?.({ onChange: (closed) => hear("lid", closed) });
    },
    "lid.close": () => lid?.close(),
    "check.begin": (parts) => host.selfCheck?.begin(textAt(parts, 0) as CheckName, (finding) => hear("found", finding)),
    "check.stop": () => host.selfCheck?.stop(),
  };
}

function climate(host: UnitHost, hear: Hear): House {
  let thermometer: Thermometer | undefined;
  return {
    orders: {
      "thermometer.open": () => {
        thermometer = host.openThermometer?.({ onPassed: () => hear("temperature-passed") });
      },
      "thermometer.watch": (parts) => thermometer?.watch(numberAt(parts, 0), numberAt(parts, 1)),
      "thermometer.close": () => thermometer?.close(),
    },
    answers: { "deci-c": () => thermometer?.deciC() ?? 0 },
  };
}

function voice(host: UnitHost, hear: Hear): House {
  let speech: Speech | undefined;
  return {
    orders: {
      "speech.open": () => {
        speech = host.openSpeech?.({ onSpoken: () => hear("spoken") });
      },
      "speech.speak": (parts) =>
        speech?.speak({
          number: numberAt(parts, 0),
          language: textAt(parts, 1) as Utterance["language"],
          text: textAt(parts, 2),
        }),
      "speech.hush": () => speech?.hush(),
      "speech.close": () => speech?.close(),
      "call.tone": () => host.callSound?.tone(),
      "call.output": () => host.callSound?.output(),
    },
    answers: { "was-heard": () => Number(host.callSound?.wasHeard()) },
  };
}

function media(host: UnitHost, hear: Hear): Surrounding["orders"] {
  const opened: Media[] = [];
  return {
    "media.open": (parts) => {
      const number = numberAt(parts, 0);
      const sound = host.openMedia?.({
        onReady: (local) => hear("media-ready", number, local.host, local.port),
        onKey: (key) => hear("media-key", number, key),
        onFault: () => hear("media-fault", number),
      });
      if (sound !== undefined) opened[number] = sound;
    },
    "media.start": (parts) =>
      opened[numberAt(parts, 0)]?.start(
        { host: textAt(parts, 1), port: numberAt(parts, 2) },
        textAt(parts, 3) as Parameters<Media["start"]>[1],
        numberAt(parts, 4),
      ),
    "media.way": (parts) => opened[numberAt(parts, 0)]?.open(parts[1] === true, parts[2] === true),
    "media.volume": (parts) => opened[numberAt(parts, 0)]?.volume(numberAt(parts, 1) === 1 ? 1 : -1),
    "media.close": (parts) => opened[numberAt(parts, 0)]?.close(),
  };
}
