/** What stands around a unit in its home and belongs to the unit alone: supply, keys, lid, thermometer, voice, calls and self-check. */
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { Utterance } from "../../firmware/ports/speech.ts";
import type { CheckName, Finding } from "../../firmware/supervision/faults.ts";
import type { EventQueue } from "../core/event-queue.ts";
import { CasePart } from "./case-part.ts";
import { CheckPart } from "./check-part.ts";
import { Climate } from "./climate.ts";
import { KeysPart, LidPart } from "./contacts.ts";
import { type MediaNet, MediaPart } from "./media-part.ts";
import type { Note } from "./notes.ts";
import type { PowerArea } from "./power-area.ts";
import { PowerPart } from "./power-part.ts";
import { SpeechPart } from "./speech-part.ts";
import { ThermometerPart } from "./thermometer-part.ts";

export interface HouseOptions {
  readonly queue: EventQueue;
  /** Undefined: the mains never goes by itself. */
  readonly area: PowerArea | undefined;
  readonly hasModem: boolean;
  /** Its case can be called through; `sip`: over SIP too, at that own address. */
  readonly telephone?: { readonly sip: { readonly net: MediaNet; readonly host: string } | undefined } | undefined;
  readonly note: Note;
  /** The unit has power from now on, or none at all. */
  readonly onPower: (on: boolean) => void;
  readonly onSpeak: (utterance: Utterance) => void;
}

/** The ports that a house gives to a unit. */
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
  | "restWifi"
>;

/** Where electronics is made for. */
const coldDeciC = 50;
const hotDeciC = 400;

export class House {
  readonly supply: PowerPart;
  readonly keys: KeysPart;
  readonly lid: LidPart;
  readonly climate: Climate;
  readonly checks: CheckPart;
  /** Undefined where nobody can call through the case. */
  readonly case: CasePart | undefined;
  /** Undefined without calls over SIP. */
  readonly media: MediaPart | undefined;
  readonly ports: HousePorts;
  private readonly options: HouseOptions;

  constructor(options: HouseOptions) {
    const { queue, note, onSpeak, telephone } = options;
    const sip = telephone?.sip;
    this.options = options;
    this.supply = new PowerPart(options);
    this.keys = new KeysPart(queue, note);
    this.lid = new LidPart(queue, note);
    this.climate = new Climate();
    this.checks = new CheckPart(queue, note, (check) => this.find(check));
    const speech = new SpeechPart({ queue, note, onSpeak, onLoud: (on) => this.supply.speak(on) });
    this.case = telephone === undefined ? undefined : new CasePart(note);
    this.media = sip === undefined ? undefined : new MediaPart({ queue, note, ...sip });
    this.ports = {
      openPower: this.supply.open,
      openKeys: this.keys.open,
      openThermometer: new ThermometerPart(queue, this.climate, note).open,
      openLid: this.lid.open,
      openSpeech: speech.open,
      openMedia: this.media?.open,
      callSound: this.case,
      selfCheck: this.checks,
      restWifi: (rest) => {
        note("wifi", { type: "rest", rest });
        this.supply.restWifi(rest);
      },
    };
  }

  private find(check: CheckName): Finding {
    const { queue, hasModem } = this.options;
    if (check === "modem" || check === "sim") return hasModem ? "passed" : "absent";
    if (check === "battery") return this.supply.hasBattery ? "passed" : "battery-missing";
    if (check !== "temperature") return "passed";
    const deciC = this.climate.deciC(queue.nowMs);
    if (deciC > hotDeciC) return "too-hot";
    return deciC < coldDeciC ? "too-cold" : "passed";
  }
}
