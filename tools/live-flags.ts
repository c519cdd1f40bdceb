/** Flags that the live parts share: addresses, passwords, times, and how they end. Wrong ones throw UserError. */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostPortText } from "../protocol/sip/uri.ts";
import type { DoorTransport, ListenPoint } from "../simulator/live/live-doors.ts";
import { isAllowed, type ListenError } from "../simulator/live/live-sockets.ts";
import { systemReason } from "./system-reason.ts";
import { UserError } from "./user-error.ts";

export interface PasswordFlags {
  readonly user?: string;
  readonly password?: string;
  readonly passwordFile?: string;
}

const longestS = 1_000_000;

/** For options that may be given again. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** What `udp:`, `tcp:` and `tls:` stand for, in the flags that take all three. */
export const allTransports: readonly DoorTransport[] = ["udp", "tcp", "tls"];

/** `udp:HOST:PORT`, or another of `transports`; IPv6 in brackets; localhost becomes 127.0.0.1. `example` is what to try instead. */
export function endpointOf(
  flag: string,
  text: string,
  example: string,
  names: "addresses-only" | "names-too",
  transports: readonly DoorTransport[] = ["udp"],
): ListenPoint {
  const parts = /^([a-z]+):(?:\[([^\]\s]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const transport = transports.find((known) => known === parts?.[1]);
  const host = parts?.[2] ?? (parts?.[3] === "localhost" ? "127.0.0.1" : parts?.[3]);
  const port = Number(parts?.[4]);
  const isAddress = host !== undefined && isIP(host) !== 0;
  const isName = names === "names-too" && parts?.[3] !== undefined && /[a-z]/i.test(parts[3]);
  if (transport === undefined || host === undefined || !(isAddress || isName) || port > 65_535)
    throw new UserError(
      `${flag} ${text} is not ${transports.join("|")}:${names === "names-too" ? "HOST" : "ADDRESS"}:PORT`,
      `${flag} ${example}`,
      2,
    );
  return { transport, host, port };
}

/** As it is written in flags: `tls:127.0.0.1:5061`. */
export function pointText({ transport, host, port }: ListenPoint): string {
  return `${transport}:${hostPortText(host, port)}`;
}

/** Refuses what is neither loopback nor on the list. */
export function refuseForeign(flag: string, host: string, allow: readonly string[]): void {
  if (isAllowed(host, allow)) return;
  throw new UserError(
    `${flag}: ${host} is not a loopback address`,
    `add --allow ${host} if this machine is in a lab of its own`,
    4,
  );
}

/** The password from its flag, its file or the environment; "" where no user is named. */
export function passwordOf(flags: PasswordFlags, environmentPassword: string | undefined): string {
  const given =
    flags.password ??
    (flags.passwordFile === undefined ? environmentPassword : passwordIn("--password-file", flags.passwordFile));
  if (flags.user === undefined) {
    if (flags.password === undefined && flags.passwordFile === undefined) return "";
    throw new UserError("a password without --user", "--user NAME as well", 2);
  }
  if (given === undefined || given === "")
    throw new UserError("--user without a password", "LIVLINA_PASSWORD, --password-file PATH or --password TEXT", 2);
  return given;
}

/** A time in whole or broken seconds, as ms; undefined where the flag is absent. */
export function secondsOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds > longestS)
    throw new UserError(`${flag} ${text} is not a number of seconds`, `${flag} 10`, 2);
  return Math.round(seconds * 1000);
}

/** The port could not be had. */
export function listenRefused(error: ListenError): UserError {
  const hint =
    error.code === "EADDRINUSE"
      ? `another port, port 0 for a free one, or end what holds it: ss -l${error.transport === "udp" ? "u" : "t"}np 'sport = :${error.endpoint.port}'`
      : "127.0.0.1 and a port above 1023";
  return new UserError(error.message, hint, 3);
}

/** Resolves when the user or the system asks to end, or nobody reads the output any more. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
    process.stdout.once("error", () => resolve());
  });
}

/** The first line of that file; `flag` is how it was named. Throws UserError (2). */
export function passwordIn(flag: string, path: string): string {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/, 1)[0] as string;
  } catch (thrown) {
    throw new UserError(`${flag} ${path}: ${systemReason(thrown)}`, "a file that this user may read", 2);
  }
}
