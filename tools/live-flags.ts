/** Flags that the live parts share: addresses, passwords, times, and how they end. Wrong ones throw UserError. */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { Endpoint } from "../firmware/ports/socket.ts";
import { isAllowed, type ListenError } from "../simulator/live/live-sockets.ts";
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

/** `udp:HOST:PORT`, IPv6 in brackets; localhost becomes 127.0.0.1. `example` is what to try instead. */
export function endpointOf(
  flag: string,
  text: string,
  example: string,
  names: "addresses-only" | "names-too",
): Endpoint {
  if (text.startsWith("tcp:") || text.startsWith("tls:"))
    throw new UserError(`${flag} ${text}: this build has UDP only`, `${flag} ${example}`, 2);
  const parts = /^udp:(?:\[([^\]\s]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const host = parts?.[1] ?? (parts?.[2] === "localhost" ? "127.0.0.1" : parts?.[2]);
  const port = Number(parts?.[3]);
  const isAddress = host !== undefined && isIP(host) !== 0;
  const isName = names === "names-too" && parts?.[2] !== undefined && /[a-z]/i.test(parts[2]);
  if (host === undefined || !(isAddress || isName) || port > 65_535)
    throw new UserError(
      `${flag} ${text} is not udp:${names === "names-too" ? "HOST" : "ADDRESS"}:PORT`,
      `${flag} ${example}`,
      2,
    );
  return { host, port };
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
    flags.password ?? (flags.passwordFile === undefined ? environmentPassword : firstLine(flags.passwordFile));
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
      ? `another port, port 0 for a free one, or end what holds it: ss -lunp 'sport = :${error.endpoint.port}'`
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

function firstLine(path: string): string {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/, 1)[0] as string;
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    throw new UserError(`--password-file ${path}: ${code}`, "a file that this user may read", 2);
  }
}
