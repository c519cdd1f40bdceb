/** Which of a dialect's exchanges a command line begins, so that its prompt, its data and its own results are known when they come. */
import { fieldsOf } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";

/** Fields of a command that are looked at; the longest of all dialects has seven. */
const fieldLimit = 8;

/**
 * The exchange that a unit would have begun with this text: its numbers and its address are tried in every place, and the one whose
 * text is the same is the one. undefined where the dialect has none that ends in anything but OK.
 */
export function exchangeOf(text: string, dialect: Dialect): Exchange | undefined {
  const { numbers, hosts } = valuesOf(text);
  const candidates = [dialect.activate, dialect.deactivate];
  for (const first of numbers) {
    candidates.push(dialect.close(first));
    for (const second of numbers) {
      candidates.push(dialect.openUdp(first, second));
      for (const host of hosts)
        for (const third of numbers) candidates.push(dialect.sendTo(first, host, second, third));
    }
  }
  return candidates.find((candidate) => candidate.text === text);
}

/** Bytes of the payload that such an exchange sends at its prompt, 0 where it has none. */
export function lengthAsked(exchange: Exchange, dialect: Dialect): number {
  if (exchange.prompt === "") return 0;
  const { numbers, hosts } = valuesOf(exchange.text);
  for (const socket of numbers)
    for (const host of hosts)
      for (const port of numbers)
        for (const length of numbers)
          if (dialect.sendTo(socket, host, port, length).text === exchange.text) return length;
  return 0;
}

function valuesOf(text: string): { readonly numbers: readonly number[]; readonly hosts: readonly string[] } {
  const fields = fieldsOf(`:${text.slice(text.indexOf("=") + 1)}`).slice(0, fieldLimit);
  const isNumber = (field: string): boolean => /^\d{1,5}$/.test(field);
  const numbers = [...new Set(fields.filter(isNumber).map(Number))];
  return { numbers, hosts: fields.filter((field) => field !== "" && !isNumber(field)).slice(0, 2) };
}
