/** The settings of a unit on a bench: those of a file as an installer writes it, towards the bench's own receivers and no others. */
import { routesOf, type UnitSettings } from "../../firmware/settings.ts";
import { settingsOf, settingsSchema } from "../../tools/provision/settings-file.ts";
import type { Bench } from "../bench/bench.ts";

/** The account of every unit under test, with its check digit. */
export const benchLarmkod = "4607110231";

export interface BenchSettings {
  readonly policy: UnitSettings["policy"];
  /** How many of the bench's receivers, first choice first. */
  readonly receivers: number;
  /** What a settings file may say of the departments; the firmware's own figures unless said. */
  readonly departments: object;
}

export const usualSettings: BenchSettings = { policy: "broadband-only", receivers: 2, departments: {} };

/** Throws UserError: 4 where a receiver is none that the bench allows, 2 where the unit would not take them. */
export function settingsFor(bench: Bench, wanted: BenchSettings, serviceKey: Uint8Array): UnitSettings {
  const receivers = bench.receivers.slice(0, wanted.receivers);
  for (const { host } of receivers) bench.permit(host);
  const file = settingsSchema.parse({
    format: 1,
    larmkod: benchLarmkod,
    domain: "bench.example.net",
    policy: wanted.policy,
    receivers: receivers.map(({ uri, host, port, transport }) => ({
      uri,
      host,
      port,
      ...(transport === "udp" ? {} : { transport }),
    })),
    departments: wanted.departments,
  });
  return settingsOf(file, `bench ${bench.name}`, serviceKey, {});
}

/** Route and receiver of each way out, as a path test tells them. */
export function pathsIn({ policy, receivers }: Pick<UnitSettings, "policy" | "receivers">): readonly string[] {
  return routesOf(policy).flatMap((route) => receivers.map((_, at) => `${route} ${at + 1}`));
}
