/**
 * One home: an alarm unit with its modem and broadband, and its buttons, each running the firmware itself on ports made
 * of virtual time. Flash outlives a power cut; everything else begins anew.
 */

import type { Bond } from "../firmware/pairing/bonds.ts";
import type { UnitHost } from "../firmware/ports/host.ts";
import type { KeyName } from "../firmware/ports/keys.ts";
import type { StartCause } from "../firmware/ports/starts.ts";
import type { UnitSettings } from "../firmware/settings.ts";
import type { Air, AirDevice } from "./air/air.ts";
import { deviceRadio } from "./chips/device-radio.ts";
import type { ModemLevel } from "./coarse/modem-level.ts";
import type { Digest, Lane } from "./core/digest.ts";
import type { EventQueue, Handle } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import type { NorFlash } from "./flash.ts";
import { HomeDevices } from "./home-devices.ts";
import { HomeLines } from "./home-lines.ts";
import { type HomeButton, observeInto, secretsOf, unitFlash } from "./home-parts.ts";
import { type HomeService, serviceOf } from "./home-service.ts";
import { Ailments } from "./house/ailments.ts";
import type { Hold } from "./house/finger.ts";
import { House } from "./house/house.ts";
import { meteredRadio } from "./house/metered-radio.ts";
import type { PowerArea } from "./house/power-area.ts";
import type { Bearer } from "./network/bearer.ts";
import type { Broadband, Network } from "./network/network.ts";
import type { ModemCalls } from "./peers/modem-calls.ts";
import { tellHouseActs } from "./record/house-acts.ts";
import type { Witness } from "./record/witness.ts";
import type { RadioName } from "./scenario/fleet.ts";
import type { ServiceAct } from "./scenario/timeline.ts";
import { plainStarters, type Starters } from "./starters.ts";
import type { HomeTelephones } from "./telephony.ts";
import { UnitLife } from "./unit-life.ts";

export interface HomeOptions {
  /** Place in the fleet, from 0. */
  readonly index: number;
  /** Unique; names its streams of chance and its lanes of the digest. */
  readonly name: string;
  readonly settings: UnitSettings;
  /** Undefined where the home has no such route. */
  readonly broadband: { readonly line: Broadband; readonly address: string } | undefined;
  readonly bearer: Bearer | undefined;
  /** Where its mains comes from; undefined: the mains never goes by itself. */
  readonly area: PowerArea | undefined;
  /** Undefined: it neither calls nor is called. */
  readonly telephones?: HomeTelephones | undefined;
  /** Whose air it shares; undefined: it stands alone. */
  readonly building?: string | undefined;
  /** What its devices speak through; undefined: the plain port of the air. */
  readonly radio?: RadioName | undefined;
  /** Of the radio frames within the home; undefined: as the air has it. */
  readonly radioLossPpm?: number | undefined;
  /** Between the unit and all that it hears; 0 unless said. */
  readonly wallsDb?: number | undefined;
  /** How much of its memory is full of outdated records; 0 unless said. */
  readonly memoryUsedPpm?: number | undefined;
  /** Its devices by place, those too that the unit is not delivered with; undefined: none but `settings.bonds`. */
  readonly bonds?: readonly Bond[] | undefined;
  /** What the batteries of delivered devices hold, in permille by place; undefined: all. */
  readonly charges?: readonly number[] | undefined;
}

/** From the order to start anew to the first line of the program. */
const bootMs = 3_000;
/** What the unit's radio draws while it sends, in µA; listening is part of the standby. */
const radioSendUa = 30_000;

/** What homes share. */
export interface Surroundings {
  readonly seed: number;
  readonly queue: EventQueue;
  readonly network: Network;
  readonly air: Air;
  readonly digest: Digest;
  readonly witness: Required<Witness>;
  /** Absent: firmware is started on the ports as they are. */
  readonly starters?: Starters | undefined;
  /** How modems are played; at the bytes of their lines unless said. */
  readonly modem?: ModemLevel | undefined;
}

export class Home {
  readonly name: string;
  /** Supply, keys, lid, climate and self-check of its unit. */
  readonly house: House;
  /** What its unit suffers from inside. */
  readonly ailments: Ailments;
  private readonly around: Surroundings;
  private readonly options: HomeOptions;
  private readonly lane: Lane;
  private readonly chance: Stream;
  private readonly fingers: Stream;
  /** What its chip holds, as somebody with a programmer would read it. */
  readonly flash: NorFlash;
  private readonly unitAir: AirDevice;
  /** Its buttons and accessories. */
  readonly devices: HomeDevices;
  private readonly lines: HomeLines;
  /** Undefined where nobody has the unit's service key. */
  private readonly service: HomeService | undefined;
  private life: UnitLife | undefined;
  private booting: Handle | undefined;
  private onCut: () => void;

  /** Everything is switched on now; a unit without mains lives on its battery. */
  constructor(around: Surroundings, options: HomeOptions) {
    const { index, name } = options;
    this.name = name;
    this.around = around;
    this.options = options;
    this.lane = around.digest.lane(`unit ${name}`);
    this.chance = new Stream(around.seed, "unit secrets", index);
    this.fingers = new Stream(around.seed, "fingers", index);
    this.flash = unitFlash(new Stream(around.seed, "unit flash", index), options.memoryUsedPpm);
    this.unitAir = around.air.join({
      name: `unit ${name}`,
      building: options.building ?? name,
      home: name,
      lossPpm: options.radioLossPpm,
    });
    this.unitAir.attenuationDb = options.wallsDb ?? 0;
    this.house = this.build();
    this.ailments = new Ailments();
    const modemChance = new Stream(around.seed, "modem", index);
    this.lines = new HomeLines(around, options, this.lane, modemChance, this.house.supply, this.ailments);
    this.devices = new HomeDevices(around, options, this.fingers, () =>
      Math.floor(this.house.climate.deciC(around.queue.nowMs) / 10),
    );
    this.service = serviceOf(around, options, this.lane, this.devices);
    this.life = undefined;
    this.booting = undefined;
    this.onCut = () => {};
    this.restorePower();
  }

  get queue(): EventQueue {
    return this.around.queue;
  }

  /** A person presses a button (from 1); nothing comes of one that is lost. */
  press(button: number): void {
    this.devices.press(button);
  }

  /** Service people come, with the unit's service key. Throws where nobody has it. */
  visit(acts: readonly ServiceAct[]): void {
    if (this.service === undefined) throw new Error(`home ${this.name}: nobody has its service key`);
    this.service.visits.begin(acts);
  }

  /** A person presses a key on the unit itself. */
  key(key: KeyName, hold: Hold): void {
    this.house.keys.press(key, hold, this.fingers);
  }

  /** One of its buttons (from 1). Throws where there is none. */
  button(button: number): HomeButton {
    return this.devices.button(button);
  }

  /** Its telephone in the mobile network; undefined without power, and where it has none. */
  get mobileCalls(): ModemCalls | undefined {
    return this.lines.mobileCalls;
  }

  /** Whether the unit runs. */
  get isOn(): boolean {
    return this.life !== undefined;
  }

  /** What the unit has done to the world in this life; 0 without power. */
  get acts(): number {
    return this.life === undefined ? 0 : this.life.acts;
  }

  /** How often a timer has woken the unit in this life; 0 without power. */
  get wakeUps(): number {
    return this.life === undefined ? 0 : this.life.wakeUps;
  }

  /** The unit's mains and battery go in the place of its act after `acts` more; `onCut` hears of it. */
  cutPowerAfter(acts: number, onCut: () => void): void {
    this.onCut = onCut;
    this.life?.cutAfter(acts);
  }

  /** ... and once its flash has been busy for so long, in times of programming a word; what it does then is left half done. */
  cutFlashAfter(ticks: number, onCut: () => void): void {
    this.onCut = onCut;
    this.flash.cutWhenBusyFor(ticks);
  }

  /** Mains and battery of the unit go now; its modem and sockets with them. */
  cutPower(): void {
    const { queue, witness } = this.around;
    if (this.life === undefined && this.booting === undefined) return;
    this.endLife();
    witness.stopped(queue.nowMs, this.options.index);
  }

  /** The unit starts anew, with what its flash holds; where neither mains nor battery can carry it, it stays off. */
  restorePower(): void {
    if (this.life !== undefined || this.booting !== undefined || !this.house.supply.isPowered) return;
    if (!this.ailments.isDead) this.start("power-on");
  }

  /** The unit is dead from now on, whatever becomes of its mains. */
  die(): void {
    this.ailments.isDead = true;
    this.cutPower();
  }

  /** Another release of the firmware is started; `isMute`: it sends nothing over any route. */
  update(isMute: boolean): void {
    this.ailments.isMute = isMute;
    if (this.life !== undefined) this.restart("update");
  }

  private start(cause: StartCause): void {
    const { around, options } = this;
    this.booting = undefined;
    around.witness.started(around.queue.nowMs, options.index);
    this.lane.effect(around.queue.nowMs, "start", { cause });
    this.house.supply.begin(cause === "power-on");
    const clock = new SimClock(around.queue);
    this.ailments.begin(clock);
    this.life = new UnitLife(this.ports(clock, cause), clock, () => {
      this.cutPower();
      this.onCut();
    });
    const start = (around.starters ?? plainStarters).unit(options.index);
    this.life.start((host) => start(host, options.settings));
  }

  /** The firmware itself asked for it. Its modem, which hangs on the unit's reset line, starts anew too. */
  private restart(cause: StartCause): void {
    this.endLife();
    this.booting = this.around.queue.after(bootMs, () => this.start(cause));
  }

  private endLife(): void {
    this.life?.end();
    this.life = undefined;
    this.lines.end();
    if (this.booting !== undefined) this.around.queue.cancel(this.booting);
    this.booting = undefined;
    this.house.supply.end();
  }

  private build(): House {
    const { queue, witness } = this.around;
    const { index, area, bearer, broadband, telephones } = this.options;
    const sip = telephones?.sip;
    return new House({
      queue,
      area,
      hasModem: bearer !== undefined,
      telephone: telephones && { sip: sip && broadband && { net: sip, host: broadband.address } },
      note: (part, what) => {
        this.lane.effect(queue.nowMs, part, what);
        tellHouseActs(witness, queue.nowMs, index, part, what);
      },
      onPower: (on) => (on ? this.restorePower() : this.cutPower()),
      onSpeak: (utterance) => witness.spoke(queue.nowMs, index, utterance),
    });
  }

  private ports(clock: SimClock, cause: StartCause): UnitHost {
    const { around, options } = this;
    return {
      clock,
      secrets: secretsOf(this.chance),
      flash: this.flash,
      openRadio: meteredRadio(
        deviceRadio(options.radio ?? "direct", around.air, this.unitAir, () => clock),
        {
          nowMs: () => around.queue.nowMs,
          sendUa: radioSendUa,
          listenUa: 0,
          spend: (nc) => {
            this.house.supply.spend(nc);
            return true;
          },
        },
      ),
      ...this.lines.ports(clock),
      openServiceLine: this.service?.tool.openLine(clock),
      signals: {
        show: (signal) => around.witness.unitShowed(around.queue.nowMs, options.index, signal),
      },
      observe: observeInto(around, this.lane, options.index),
      ...this.house.ports,
      starts: { cause, restart: (next) => this.restart(next) },
    };
  }
}
