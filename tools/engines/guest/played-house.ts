/** What stands around a played unit: supply, keys, lid, thermometer, voice, sound of calls, self-check, and the order to start anew. */
import type { UnitHost } from "../../../firmware/ports/host.ts";
import type { KeysOptions } from "../../../firmware/ports/keys.ts";
import type { MediaOptions } from "../../../firmware/ports/media.ts";
import type { InputOptions } from "../../../firmware/ports/pin.ts";
import type { PowerOptions } from "../../../firmware/ports/power.ts";
import type { SpeechOptions } from "../../../firmware/ports/speech.ts";
import type { ThermometerOptions } from "../../../firmware/ports/thermometer.ts";
import type { Finding } from "../../../firmware/supervision/faults.ts";
import type { Input, ListHead, OptionalPart } from "./list.ts";
import type { Stage } from "./parts.ts";

export type HousePorts = Pick<
  UnitHost,
  | "openPower"
  | "openKeys"
  | "openThermometer"
  | "openLid"
  | "openSpeech"
  | "openMedia"
  | "callSound"
  | "selfCheck"
  | "starts"
  | "restWifi"
>;

export class PlayedHouse {
  readonly ports: HousePorts;
  private readonly stage: Stage;
  private power: PowerOptions | undefined;
  private keys: KeysOptions | undefined;
  private thermometer: ThermometerOptions | undefined;
  private lid: InputOptions | undefined;
  private speech: SpeechOptions | undefined;
  private onFound: ((finding: Finding) => void) | undefined;
  private readonly media: (MediaOptions | undefined)[];

  constructor(stage: Stage, head: ListHead) {
    this.stage = stage;
    this.power = undefined;
    this.keys = undefined;
    this.thermometer = undefined;
    this.lid = undefined;
    this.speech = undefined;
    this.onFound = undefined;
    this.media = [];
    const has = (part: OptionalPart): boolean => head.parts.indexOf(part) >= 0;
    this.ports = {
      openPower: has("power") ? this.supply() : undefined,
      openKeys: has("keys") ? this.keyboard() : undefined,
      openThermometer: has("thermometer") ? this.thermometerChip() : undefined,
      openLid: has("lid") ? this.lidContact() : undefined,
      openSpeech: has("speech") ? this.voice() : undefined,
      openMedia: has("media") ? this.sound() : undefined,
      callSound: has("call-sound") ? this.callSound() : undefined,
      selfCheck: has("self-check") ? this.selfCheck() : undefined,
      starts: has("starts") ? { cause: head.cause, restart: (cause) => stage.told("restart", [cause]) } : undefined,
      restWifi: has("wifi") ? (rest) => stage.told("wifi.rest", [rest]) : undefined,
    };
  }

  /** Answers whether it was for the house. */
  hear(input: Input): boolean {
    switch (input[0]) {
      case "mains":
        if (this.power !== undefined) this.power.onMains(input[1]);
        return true;
      case "battery":
        if (this.power !== undefined) this.power.onBattery(input[1]);
        return true;
      case "key":
        if (this.keys !== undefined) this.keys.onChange(input[1], input[2]);
        return true;
      case "temperature-passed":
        if (this.thermometer !== undefined) this.thermometer.onPassed();
        return true;
      case "lid":
        if (this.lid !== undefined) this.lid.onChange(input[1]);
        return true;
      case "spoken":
        if (this.speech !== undefined) this.speech.onSpoken();
        return true;
      case "found":
        this.found(input[1] as Finding);
        return true;
      default:
        return this.hearMedia(input);
    }
  }

  private hearMedia(input: Input): boolean {
    if (input[0] !== "media-ready" && input[0] !== "media-key" && input[0] !== "media-fault") return false;
    const media = this.media[input[1]];
    if (media === undefined) return true;
    if (input[0] === "media-ready") media.onReady({ host: input[2], port: input[3] });
    else if (input[0] === "media-key") media.onKey(input[2]);
    else media.onFault();
    return true;
  }

  private found(finding: Finding): void {
    const tell = this.onFound;
    this.onFound = undefined;
    if (tell !== undefined) tell(finding);
  }

  private supply(): UnitHost["openPower"] {
    const stage = this.stage;
    return (options) => {
      this.power = options;
      stage.told("power.open", []);
      return {
        mainsAtStart: stage.asked("mains-at-start") === 1,
        batteryAtStart: stage.asked("battery-at-start") === 1,
        coldStart: stage.asked("cold-start") === 1,
        batteryMv: () => stage.asked("battery-mv"),
        load: (on) => stage.told("power.load", [on]),
        showMains: (present) => stage.told("power.show-mains", [present]),
        close: () => stage.told("power.close", []),
      };
    };
  }

  private keyboard(): UnitHost["openKeys"] {
    return (options) => {
      this.keys = options;
      this.stage.told("keys.open", []);
      return { close: () => this.stage.told("keys.close", []) };
    };
  }

  private thermometerChip(): UnitHost["openThermometer"] {
    const stage = this.stage;
    return (options) => {
      this.thermometer = options;
      stage.told("thermometer.open", []);
      return {
        deciC: () => stage.asked("deci-c"),
        watch: (belowDeciC, aboveDeciC) => stage.told("thermometer.watch", [belowDeciC, aboveDeciC]),
        close: () => stage.told("thermometer.close", []),
      };
    };
  }

  private lidContact(): UnitHost["openLid"] {
    return (options) => {
      this.lid = options;
      this.stage.told("lid.open", []);
      return { close: () => this.stage.told("lid.close", []) };
    };
  }

  private voice(): UnitHost["openSpeech"] {
    const stage = this.stage;
    return (options) => {
      this.speech = options;
      stage.told("speech.open", []);
      return {
        speak: (utterance) => stage.told("speech.speak", [utterance.number, utterance.language, utterance.text]),
        hush: () => stage.told("speech.hush", []),
        close: () => stage.told("speech.close", []),
      };
    };
  }

  private sound(): UnitHost["openMedia"] {
    const stage = this.stage;
    return (options) => {
      const number = this.media.length;
      this.media.push(options);
      stage.told("media.open", [number]);
      return {
        start: (to, codec, eventType) => stage.told("media.start", [number, to.host, to.port, codec, eventType]),
        open: (microphone, speaker) => stage.told("media.way", [number, microphone, speaker]),
        volume: (step) => stage.told("media.volume", [number, step]),
        close: () => {
          this.media[number] = undefined;
          stage.told("media.close", [number]);
        },
      };
    };
  }

  private callSound(): UnitHost["callSound"] {
    const stage = this.stage;
    return {
      tone: () => stage.told("call.tone", []),
      wasHeard: () => stage.asked("was-heard") === 1,
      output: () => stage.told("call.output", []),
    };
  }

  private selfCheck(): UnitHost["selfCheck"] {
    const stage = this.stage;
    return {
      begin: (check, onFound) => {
        this.onFound = onFound;
        stage.told("check.begin", [check]);
      },
      stop: () => {
        this.onFound = undefined;
        stage.told("check.stop", []);
      },
    };
  }
}
