/**
 * How a unit speaks, and is spoken to, beside its messages: its telephones over modem and SIP, short messages as the last
 * resort, and the card in the modem. All of them share the modem's line with the mobile route.
 */

import { dialectNamed } from "../protocol/at/dialects.ts";
import { callsVoice } from "../protocol/at/voice-dialects.ts";
import { stemOf } from "../protocol/scaip/stem.ts";
import { hostPortText } from "../protocol/sip/uri.ts";
import type { AlarmEffect, AlarmEvent, AlarmState } from "./alarm/alarm-state.ts";
import { Modem } from "./modem/modem.ts";
import { ModemMessages } from "./modem/modem-messages.ts";
import { ModemPhone } from "./modem/modem-phone.ts";
import type { ModemReport } from "./modem/modem-state.ts";
import { SimReader } from "./modem/sim-reader.ts";
import type { UnitHost } from "./ports/host.ts";
import type { OpenMedia } from "./ports/media.ts";
import type { OpenSerial } from "./ports/serial.ts";
import type { VoiceMedium } from "./ports/voice.ts";
import { routesOf, type UnitSettings } from "./settings.ts";
import { type CallRoute, portOf } from "./sip/call-route.ts";
import type { ReceiverAddress } from "./sip/receiver-address.ts";
import { sipPhone } from "./sip/sip-phone.ts";
import { SmsLastResort } from "./sms/sms-last-resort.ts";
import { smsDefaults } from "./sms/sms-settings.ts";
import type { UnitContext } from "./unit-context.ts";
import { Voice } from "./voice/voice.ts";
import { type VoiceSettings, voiceDefaults } from "./voice/voice-settings.ts";

export interface UnitCallsOptions {
  readonly context: UnitContext;
  readonly host: UnitHost;
  readonly settings: UnitSettings;
  /** Of all stems of this unit. */
  readonly prefix: string;
  /** Whether it calls and takes calls; false after too many starts in a row. */
  readonly isOn: boolean;
  readonly onAlarm: (event: AlarmEvent) => void;
  /** A call is being made or up, or is so no more. */
  readonly onTalking: (on: boolean) => void;
  /** A call holds the modem's line, or does so no more; `stopsData`: nothing else passes meanwhile. */
  readonly onLineTaken: (on: boolean, stopsData: boolean) => void;
  /** Somebody may call over SIP from now on, or no more. */
  readonly onOpen: (on: boolean) => void;
  readonly onIccid: (iccid: string) => void;
}

export class UnitCalls {
  private readonly options: UnitCallsOptions;
  private readonly voiceSettings: VoiceSettings;
  private readonly voice: Voice;
  private readonly sms: SmsLastResort;
  private messages: ModemMessages | undefined;

  constructor(options: UnitCallsOptions) {
    const context = options.context;
    const settings = options.settings;
    this.options = options;
    this.voiceSettings = settings.voice ?? voiceDefaults;
    this.messages = undefined;
    const media = this.media();
    this.voice = new Voice({
      context,
      settings: this.voiceSettings,
      media,
      sound: options.host.callSound,
      receivers: callAddresses(settings.receivers),
      onAlarm: options.onAlarm,
      onTalking: (on) => options.onTalking(on),
      onOpen: (on) => {
        if (media.indexOf("sip") >= 0) options.onOpen(on);
      },
    });
    this.sms = new SmsLastResort({
      context,
      settings: settings.sms ?? smsDefaults,
      cid: settings.cid,
      stemOf: (number) => stemOf(options.prefix, number),
      send: (order) => {
        if (this.messages !== undefined) this.messages.send(order);
      },
      cancel: (id) => {
        if (this.messages !== undefined) this.messages.cancel(id);
      },
      onAlarm: options.onAlarm,
      onInformed: () => context.say("informed"),
    });
  }

  /** What alarms offer; undefined where this board has no telephone. */
  get crd(): readonly string[] | undefined {
    return this.voice.crd;
  }

  order(order: Extract<AlarmEffect, { readonly type: "keep-call" | "grant-call" }>): void {
    if (order.type === "keep-call") this.voice.keep(order);
    else this.voice.granted(order);
  }

  /** What a former life of the unit was granted goes on. */
  restore(state: AlarmState): void {
    this.voice.restore(state);
  }

  /** After each step of the alarms. */
  alarms(state: AlarmState): void {
    this.voice.alarms(state);
    this.sms.alarms(state);
  }

  /** The modem with everything that uses its line; undefined where the board has none. */
  openModem(onChange: (report: ModemReport) => void): Modem | undefined {
    const host = this.options.host;
    if (host.openModemLine === undefined) return undefined;
    const modem = this.modemOn(host.openModemLine, onChange);
    const calls = this.voiceSettings.mobileCalls;
    if (this.options.isOn && calls !== "none") this.connectPhone(modem, calls === "instead-of-data");
    modem.attach(new SimReader({ onWant: () => modem.wake(), onIccid: this.options.onIccid }));
    if (this.sms.isOn) this.attachMessages(modem);
    return modem;
  }

  /** Calls over SIP go over that route. */
  connectSip(route: CallRoute): void {
    const host = this.options.host;
    if (this.options.isOn && host.openMedia !== undefined) this.voice.connect(this.sipPhoneOver(route, host.openMedia));
  }

  private media(): readonly VoiceMedium[] {
    const host = this.options.host;
    const routes = routesOf(this.options.settings.policy);
    const media: VoiceMedium[] = [];
    if (!this.options.isOn) return media;
    if (host.openMedia !== undefined && routes.indexOf("broadband") >= 0) media.push("sip");
    const calls = this.voiceSettings.mobileCalls !== "none" && routes.indexOf("mobile") >= 0;
    if (calls && host.openModemLine !== undefined) media.push("mobile");
    return media;
  }

  private modemOn(openLine: OpenSerial, onChange: (report: ModemReport) => void): Modem {
    const context = this.options.context;
    return new Modem({
      openLine,
      openData: this.options.host.openModemData,
      clock: context.clock,
      settings: this.options.settings.modem,
      onChange,
      onTime: (wallMs) => context.wallClock.set(wallMs, context.clock.nowMs(), "nitz"),
      observe: context.observe,
      dialect: dialectNamed(this.options.settings.modem.dialect ?? ""),
    });
  }

  private connectPhone(modem: Modem, stopsData: boolean): void {
    const phone = new ModemPhone({
      clock: this.options.context.clock,
      callsVoice: () => callsVoice(modem.report.model),
      wakeLine: () => modem.wake(),
      onBusy: (on) => this.options.onLineTaken(on, stopsData),
      observe: this.options.context.observe,
    });
    modem.attach(phone);
    this.voice.connect(phone.open);
  }

  private attachMessages(modem: Modem): void {
    const messages = new ModemMessages({
      clock: this.options.context.clock,
      onWant: () => modem.wake(),
      onReceived: (message) => this.sms.received(message),
      onSent: () => {},
      onNotSent: () => {},
      observe: this.options.context.observe,
    });
    this.messages = messages;
    modem.attach(messages);
  }

  private sipPhoneOver(route: CallRoute, openMedia: OpenMedia): ReturnType<typeof sipPhone> {
    const context = this.options.context;
    return sipPhone({
      clock: context.clock,
      random: context.secrets.random,
      route,
      openMedia,
      mayCall: () => true,
      observe: context.observe,
    });
  }
}

/** Receivers may share an account, as a server and its standby do: the further ones are called where they are. */
function callAddresses(receivers: readonly ReceiverAddress[]): readonly { readonly uri: string }[] {
  const all: { readonly uri: string }[] = [];
  for (let i = 0; i < receivers.length; i++) {
    const receiver = receivers[i] as ReceiverAddress;
    let uri = receiver.uri;
    for (let j = 0; j < i; j++) if ((receivers[j] as ReceiverAddress).uri === receiver.uri) uri = uriAt(receiver);
    all.push({ uri });
  }
  return all;
}

function uriAt(receiver: ReceiverAddress): string {
  const at = receiver.uri.indexOf("@");
  const account = at < 0 ? "sip:" : receiver.uri.substring(0, at + 1);
  return account + hostPortText(receiver.host, portOf(receiver));
}
