/** What a monitor keeps over its own restart: plain data, as long as the registry is and no longer. */
import type { ServerState } from "./monitor-server.ts";
import type { SharedState } from "./shared-watch.ts";
import type { Loss } from "./unit-words.ts";
import type { LossSince } from "./watched-unit.ts";

export interface MonitorState {
  readonly version: 1;
  readonly nowMs: number;
  readonly lastOutage: number;
  readonly units: readonly UnitState[];
  readonly servers: readonly { readonly name: string; readonly outage: number; readonly watch: ServerState }[];
  readonly shared: readonly SharedState[];
}

export interface UnitState {
  readonly cid: string;
  readonly lastMs: number | null;
  readonly silentMs: number | null;
  readonly losses: readonly ({ readonly loss: Loss } & LossSince)[];
  readonly silence: OwnOutageState | null;
  readonly button: OwnOutageState | null;
}

export interface OwnOutageState {
  readonly number: number;
  readonly sinceMs: number;
  readonly confirmed: boolean;
}
