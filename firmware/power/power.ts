/** The unit's power: joins mains, battery and reserve on one port, so that each edge and each reading reaches all of them. */

import { localUnit, powerSupply, technical } from "../department.ts";
import type { OpenPower, PowerSupply } from "../ports/power.ts";
import type { UnitContext } from "../unit-context.ts";
import { Battery } from "./battery.ts";
import { chargePermille } from "./charge.ts";
import { type BatteryForecast, Forecasts } from "./forecast.ts";
import type { LossTimes } from "./loss-machine.ts";
import { type LossPlan, LossWatch } from "./loss-watch.ts";
import type { PowerSettings } from "./power-settings.ts";
import { Reserve } from "./reserve.ts";
import { mayWifiRest } from "./wifi-rest.ts";

const mainsKey = 1;
const batteryKey = 2;
/** Long enough for a contact that was pushed in badly. */
const batterySettleMs = 10_000;
const batteryStableMs = 60_000;

export class Power {
  private readonly context: UnitContext;
  private readonly settings: PowerSettings;
  private readonly supply: PowerSupply;
  private readonly sign: LossWatch;
  private readonly mainsReport: LossWatch;
  private readonly missing: LossWatch;
  private readonly battery: Battery;
  private readonly reserve: Reserve;
  private readonly forecasts: Forecasts;
  private readonly onWifiRest: (rest: boolean) => void;
  private mobileProven: boolean;
  private pending: boolean;
  private wifiRests: boolean;
  /** What was said aloud in this power cut: a flickering mains is not spoken of again and again. */
  private said: "nothing" | "lost" | "back";

  /** `onWifiRest` is told when the Wi-Fi may sleep and when it must be awake. Settings must be checked (`powerFault`). */
  constructor(context: UnitContext, settings: PowerSettings, open: OpenPower, onWifiRest: (rest: boolean) => void) {
    this.context = context;
    this.settings = settings;
    this.onWifiRest = onWifiRest;
    this.mobileProven = false;
    this.pending = false;
    this.wifiRests = false;
    this.said = "nothing";
    this.supply = open({
      onMains: (present) => this.mains(present),
      onBattery: (connected) => this.connected(connected),
    });
    const lost = !this.supply.mainsAtStart;
    const missing = !this.supply.batteryAtStart;
    const measure = (): void => this.measure();
    this.reserve = new Reserve(context, settings, measure, this.supply.coldStart);
    this.battery = new Battery(context, settings, { measure, load: (on) => this.supply.load(on) });
    this.forecasts = new Forecasts(context);
    this.supply.showMains(!lost);
    this.sign = new LossWatch(
      context,
      signPlan(settings, (seen) => this.showLoss(seen)),
      lost,
    );
    this.mainsReport = new LossWatch(context, mainsPlan(settings), lost);
    this.missing = new LossWatch(context, missingPlan(settings), missing);
    if (missing) this.battery.connected(false);
    if (lost) this.toAll(false);
  }

  /** Whether receivers were told of a power cut that is not over. */
  get cutIsTold(): boolean {
    return this.mainsReport.isTold;
  }

  /** Whether the mains is gone now, be it for a moment. */
  get mainsIsLost(): boolean {
    return this.sign.isLost;
  }

  /** What was told of the battery and not taken back: low, failed, too old; and since when it is in use. */
  get condition(): Battery["condition"] {
    return this.battery.condition;
  }

  get batteryIsMissing(): boolean {
    return this.missing.isLost;
  }

  /** An alarm or a call: no load test, and every route awake. */
  busy(pending: boolean): void {
    if (pending === this.pending) return;
    this.pending = pending;
    this.battery.busy(pending);
    this.decideWifi();
  }

  /** Whether receivers answer over the mobile route. */
  mobileRoute(proven: boolean): void {
    this.mobileProven = proven;
    this.decideWifi();
  }

  clockSet(): void {
    this.reserve.clockSet();
  }

  /** A reading of a button's battery, from any of its frames. */
  buttonHeard(bond: number, batteryMv: number): void {
    this.forecasts.heard(bond, batteryMv);
  }

  /** An authorised person has put a new battery into the unit. */
  batteryReplaced(): void {
    this.battery.replaced();
  }

  /** Days until each battery should be changed, the unit's own first (bond -1); -1 days: not known yet. */
  forecast(): readonly BatteryForecast[] {
    return this.forecasts.all(this.battery.condition, this.settings.overAgeDays);
  }

  /** A reading for the daily self-check; the power's own, which was due soon, is made by it. */
  check(): void {
    this.battery.check();
  }

  close(): void {
    this.supply.close();
  }

  private measure(): void {
    const mv = this.supply.batteryMv();
    const permille = chargePermille(this.settings.curve, mv);
    this.battery.read(mv, permille);
    this.reserve.read(permille);
  }

  private mains(present: boolean): void {
    if (!this.mainsReport.isLost) this.said = "nothing";
    this.sign.level(!present);
    this.mainsReport.level(!present);
    this.toAll(present);
  }

  private toAll(present: boolean): void {
    this.battery.mains(present);
    this.reserve.mains(present);
    this.decideWifi();
  }

  private connected(connected: boolean): void {
    this.missing.level(!connected);
    this.battery.connected(connected);
  }

  private showLoss(lost: boolean): void {
    this.supply.showMains(!lost);
    if (lost && this.said === "nothing") this.speak("lost");
    else if (!lost && this.said === "lost") this.speak("back");
    this.decideWifi();
  }

  private speak(what: "lost" | "back"): void {
    this.said = what;
    this.context.say(what === "lost" ? "mains-lost" : "mains-back");
  }

  private decideWifi(): void {
    const rest = mayWifiRest({
      allowed: this.settings.wifiMayRest,
      onBattery: this.sign.isTold,
      mobileProven: this.mobileProven,
      pending: this.pending,
    });
    if (rest === this.wifiRests) return;
    this.wifiRests = rest;
    this.onWifiRest(rest);
  }
}

/** The lamp follows what has stood for some seconds; receivers hear of it by `mainsPlan`. */
function signPlan(settings: PowerSettings, onTold: (lost: boolean) => void): LossPlan {
  const afterMs = settings.signAfterMs;
  const times: LossTimes = { tellAfterMs: afterMs, settleMs: 0, stableMs: afterMs };
  return { name: "mains-sign", key: -1, times, lost: undefined, back: undefined, onTold };
}

function mainsPlan(settings: PowerSettings): LossPlan {
  const times: LossTimes = {
    tellAfterMs: settings.reportMainsAfterMs,
    settleMs: settings.signAfterMs,
    stableMs: settings.mainsStableMs,
  };
  const lost = technical(localUnit, mainsFailure, "", -1, settings.mainsSpreadMs);
  const back = technical(localUnit, mainsRestored, "", mainsFailure, settings.mainsSpreadMs);
  return { name: "mains", key: mainsKey, times, lost, back, onTold: () => {} };
}

function missingPlan(settings: PowerSettings): LossPlan {
  const times: LossTimes = {
    tellAfterMs: settings.missingAfterMs,
    settleMs: batterySettleMs,
    stableMs: batteryStableMs,
  };
  const lost = technical(powerSupply, disconnected, "battery disconnected", -1, 0);
  const back = technical(powerSupply, reestablished, "battery connected", disconnected, 0);
  return { name: "battery-plug", key: batteryKey, times, lost, back, onTold: () => {} };
}

/** Status codes (SS 91100 annex C). */
const disconnected = 31;
const mainsFailure = 85;
const mainsRestored = 86;
const reestablished = 91;
