/** Real names for a live unit: SRV, A and AAAA records of the machine's own name servers, or of those named (RFC 2782, RFC 3596). */
import { Resolver } from "node:dns/promises";
import type { LookUp, NameAnswer } from "../../firmware/ports/names.ts";

/** What the name server says where a name, or a kind of record, does not exist. */
const absent = ["ENOTFOUND", "ENODATA"];

/** `servers` as `192.0.2.1` or `192.0.2.1:5353`; absent: as the machine is set up. Each is asked once more after a second. */
export function liveNames(servers?: readonly string[]): LookUp {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return ({ kind, name }, onAnswer) => {
    const asked = kind === "services" ? servicesOf(resolver, name) : addressesOf(resolver, name);
    asked.then(onAnswer, () => onAnswer(undefined));
  };
}

/** Node does not tell how long SRV records hold. */
async function servicesOf(resolver: Resolver, name: string): Promise<NameAnswer> {
  const records = await orNone(resolver.resolveSrv(name));
  const services = records.map(({ priority, weight, port, name: host }) => ({ priority, weight, port, host }));
  return { services: services.map((service) => ({ ...service, host: service.host || "." })), addresses: [], ttlS: 0 };
}

/** IPv4 first: more of the unit's routes carry it. One family that cannot be asked for does not spoil the other. */
async function addressesOf(resolver: Resolver, name: string): Promise<NameAnswer> {
  const asked = [resolver.resolve4(name, { ttl: true }), resolver.resolve6(name, { ttl: true })];
  const answers = await Promise.allSettled(asked.map(orNone));
  const records = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  const failed = answers.find((answer) => answer.status === "rejected");
  if (records.length === 0 && failed !== undefined) throw failed.reason;
  const ttlS = records.reduce((shortest, { ttl }) => Math.min(shortest, ttl), records[0]?.ttl ?? 0);
  return { services: [], addresses: records.map(({ address }) => address), ttlS };
}

async function orNone<T>(records: Promise<T[]>): Promise<T[]> {
  try {
    return await records;
  } catch (thrown) {
    if (absent.includes((thrown as NodeJS.ErrnoException).code ?? "")) return [];
    throw thrown;
  }
}
