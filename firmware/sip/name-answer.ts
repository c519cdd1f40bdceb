/** What is asked of a name service and what it tells (RFC 1035, RFC 2782, RFC 3596): the same words for the port that asks and the machine that judges. */

/** One server of a service (RFC 2782). */
export interface Service {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Its name, or "." where the service is not to be had there at all. */
  readonly host: string;
}

export interface NameQuestion {
  /** `services`: the SRV records of a name such as _sip._udp.example.net; `addresses`: the A and AAAA records of a name. */
  readonly kind: "services" | "addresses";
  readonly name: string;
}

/** What was asked for may be empty: the name has none. */
export interface NameAnswer {
  readonly services: readonly Service[];
  /** The best first. */
  readonly addresses: readonly string[];
  /** How long it holds, the shortest of its records; 0 where nobody says. */
  readonly ttlS: number;
}
