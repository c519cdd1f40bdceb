/** A name service in the place of the sockets' own: a domain with two servers, one that answers nobody and the simulated receiver. */
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { NameAnswer, NameQuestion } from "../../firmware/ports/names.ts";

const answerMs = 40;
const ttlS = 900;
const addresses: Readonly<Record<string, readonly string[]>> = {
  "a.larm.example": ["192.0.2.99"],
  "b.larm.example": ["192.0.2.10"],
};

export function withNameService(host: UnitHost): UnitHost {
  return {
    ...host,
    lookUp: (question, onAnswer) => {
      host.clock.after(answerMs, () => onAnswer(answerTo(question)));
    },
  };
}

function answerTo({ kind, name }: NameQuestion): NameAnswer | undefined {
  if (kind === "addresses") return { services: [], addresses: addresses[name] ?? [], ttlS };
  if (name !== "_sip._udp.larm.example") return undefined;
  const server = (host: string, priority: number) => ({ host, priority, weight: 1, port: 5060 });
  return { services: [server("a.larm.example", 2), server("b.larm.example", 1)], addresses: [], ttlS };
}
