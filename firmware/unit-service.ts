/** The unit's service line: what it tells of the unit's life, and what it may order. The event log hears the same news. */
import type { PairingNews } from "./pairing/pairing.ts";
import type { RadioDepartment } from "./pairing/radio-department.ts";
import type { UnitHost } from "./ports/host.ts";
import type { ServiceLine, ServiceNews, ServiceStatus } from "./service/service-line.ts";
import { keepNews, openServiceLine } from "./service/service-news.ts";
import { UnitOrders } from "./service/unit-orders.ts";
import type { UnitSettings } from "./settings.ts";
import type { CheckName, Finding } from "./supervision/faults.ts";
import type { Departments } from "./unit-departments.ts";
import type { UnitMemory } from "./unit-memory.ts";
import type { Maintenance } from "./uplink/maintenance.ts";
import type { UplinkDesk } from "./uplink/uplink-desk.ts";
import type { TestedPath } from "./uplink/uplink-state.ts";

/** What orders are carried out on. */
export interface OrderReach {
  readonly radio: RadioDepartment;
  readonly departments: Departments;
  readonly uplink: UplinkDesk;
  readonly maintenance: Maintenance;
}

export class UnitService {
  /** Undefined until the whole unit stands: orders are refused meanwhile. */
  private orders: UnitOrders | undefined;
  private readonly host: UnitHost;
  private readonly settings: UnitSettings;
  private readonly memory: UnitMemory;
  private readonly line: ServiceLine | undefined;

  constructor(host: UnitHost, settings: UnitSettings, memory: UnitMemory, status: () => ServiceStatus) {
    this.host = host;
    this.settings = settings;
    this.memory = memory;
    this.orders = undefined;
    this.line = openServiceLine(host, settings.serviceKey, memory.numbers.prefix, status, {
      log: memory.log,
      configuration: memory.configuration,
      settings,
      source: memory.source,
      onOrder: (order, to) => (this.orders === undefined ? "not-now" : this.orders.carryOut(order, to)),
    });
  }

  /** From now on orders are carried out. */
  attach(reach: OrderReach): void {
    this.orders = new UnitOrders({
      clock: this.host.clock,
      receivers: this.settings.receivers,
      radio: reach.radio,
      household: reach.departments.household,
      supervision: reach.departments.supervision,
      canCheck: this.memory.guard.runs("self-check"),
      power: reach.departments.power,
      uplink: reach.uplink,
      links: () => reach.uplink.signal,
      maintenance: reach.maintenance,
      trial: this.memory.trial,
      starts: this.host.starts,
      tell: (event) => {
        if (this.line !== undefined) this.line.answer(event);
      },
    });
  }

  alarm(isPending: boolean): void {
    if (this.orders !== undefined) this.orders.alarm(isPending);
  }

  pathsTested(paths: readonly TestedPath[]): void {
    if (this.orders !== undefined) this.orders.pathsTested(paths);
  }

  pairing(news: PairingNews): void {
    if (this.orders !== undefined) this.orders.pairing(news);
  }

  checked(check: CheckName, finding: Finding): void {
    if (this.orders !== undefined) this.orders.checked(check, finding);
  }

  checksFinished(): void {
    if (this.orders !== undefined) this.orders.checksFinished();
  }

  tell(news: ServiceNews | undefined): void {
    if (news === undefined) return;
    if (this.line !== undefined) this.line.tell(news);
    if (news.type === "log" && this.memory.log !== undefined) keepNews(this.memory.log, news);
  }
}
