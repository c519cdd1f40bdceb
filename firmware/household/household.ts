/** The home around the unit: life state, away, silence, room, carers, lid and SIM, joined where one changes what another does. */

import { localUnit, technical } from "../department.ts";
import type { SimFault } from "../modem/modem-state.ts";
import type { KeyName } from "../ports/keys.ts";
import type { Input, OpenInput } from "../ports/pin.ts";
import type { OpenThermometer } from "../ports/thermometer.ts";
import type { LossTimes } from "../power/loss-machine.ts";
import { LossWatch } from "../power/loss-watch.ts";
import { localTimeOf } from "../time/stockholm.ts";
import type { UnitContext } from "../unit-context.ts";
import { Away } from "./away.ts";
import type { HouseholdSettings } from "./household-settings.ts";
import { Inactivity } from "./inactivity.ts";
import { Life } from "./life.ts";
import type { LifeDuties, LifeName, LifeRefusal } from "./life-states.ts";
import { Presence } from "./presence.ts";
import { RoomTemperature } from "./room-temperature.ts";
import { SimCard } from "./sim-card.ts";

export interface HouseholdPorts {
  /** Absent where the board has none. */
  readonly openThermometer: OpenThermometer | undefined;
  /** Closed: the case is open. */
  readonly openLid: OpenInput | undefined;
  /** `duties` or `buttonsSupervised` may have changed. */
  readonly onDuties: () => void;
}

const lidKey = 3;
const lidTimes: LossTimes = { tellAfterMs: 1_000, settleMs: 0, stableMs: 60_000 };

export class Household {
  readonly life: Life;
  readonly away: Away;
  readonly presence: Presence;
  readonly sim: SimCard;
  private readonly context: UnitContext;
  private readonly settings: HouseholdSettings;
  private readonly ports: HouseholdPorts;
  private readonly inactivity: Inactivity;
  private readonly lid: LossWatch;
  private readonly lidInput: Input | undefined;
  private readonly room: RoomTemperature | undefined;
  private alarmMs: number;

  /** Settings must be checked (`householdFault`). */
  constructor(context: UnitContext, settings: HouseholdSettings, ports: HouseholdPorts) {
    this.context = context;
    this.settings = settings;
    this.ports = ports;
    this.alarmMs = -1;
    let ready = false;
    const onDuties = (): void => {
      if (ready) this.dutiesChanged();
    };
    this.inactivity = new Inactivity(context, settings.inactivity, localMinute);
    this.life = new Life(context, settings.firstLife, onDuties);
    this.away = new Away(context, onDuties);
    this.presence = new Presence(context);
    this.sim = new SimCard(context);
    this.lid = new LossWatch(context, lidPlan, false);
    this.lidInput =
      ports.openLid === undefined ? undefined : ports.openLid({ onChange: (open) => this.lid.level(open) });
    this.room =
      ports.openThermometer === undefined
        ? undefined
        : new RoomTemperature(context, settings.temperature, ports.openThermometer);
    ready = true;
    this.inactivity.pause(!this.watchesSilence);
  }

  /** What the unit's life state asks of it now. */
  get duties(): LifeDuties {
    return this.life.duties;
  }

  /** Whether portable buttons are missed when they are silent: not while the wearer is away. */
  get buttonsSupervised(): boolean {
    return this.watchesSilence;
  }

  /** Follows an order of the service line or of a manifest, or says why not. */
  order(to: LifeName, authorised: boolean): LifeRefusal | undefined {
    return this.life.order(to, authorised);
  }

  /** A person asks for help: also a sign of life, and the wearer is at home. */
  alarmed(): void {
    this.alarmMs = this.context.clock.nowMs();
    this.away.alarmed();
    this.inactivity.active();
  }

  /** A door, a movement, a mat. */
  active(): void {
    this.inactivity.active();
  }

  /** A key of the unit. Help, cancel and query are for the alarms; here they are signs of life. */
  key(key: KeyName, long: boolean): void {
    this.inactivity.active();
    if (key === "presence") this.presence.pressed(long, this.wasAlarm);
    else if (key === "away") this.away.turn();
  }

  simFault(fault: SimFault): void {
    this.sim.fault(fault);
  }

  iccid(iccid: string): void {
    this.sim.seen(iccid);
  }

  accepted(number: number): void {
    this.life.accepted(number);
  }

  close(): void {
    if (this.lidInput !== undefined) this.lidInput.close();
    if (this.room !== undefined) this.room.close();
  }

  private get wasAlarm(): boolean {
    return this.alarmMs >= 0 && this.context.clock.nowMs() < this.alarmMs + this.settings.alarmVisitMs;
  }

  private get watchesSilence(): boolean {
    return this.life.duties.supervision && !this.away.isAway;
  }

  private dutiesChanged(): void {
    this.inactivity.pause(!this.watchesSilence);
    this.ports.onDuties();
  }
}

function localMinute(wallS: number): number {
  return Math.floor(localTimeOf(wallS).secondOfDay / 60);
}

/** Status codes (SS 91100 annex C). */
const restoral = 94;
const tamper = 125;

const lidPlan = {
  name: "lid",
  key: lidKey,
  times: lidTimes,
  lost: technical(localUnit, tamper, "case open", -1, 0),
  back: technical(localUnit, restoral, "case closed", tamper, 0),
  onTold: () => {},
};
