/** The way to a Redis for commands: its address, password and certificates from flags, tried once before anything is begun. */
import { Redis } from "ioredis";
import { passwordIn } from "../live-flags.ts";
import { authoritiesOf } from "../tls-flags.ts";
import { UserError } from "../user-error.ts";

export interface RedisFlags {
  /** redis://HOST:PORT/DB, or rediss:// over TLS. */
  readonly redis: string;
  readonly redisPasswordFile?: string;
  /** Authorities that the server's certificate may be from, instead of the machine's own. */
  readonly tlsCa?: string;
}

/** A connection that BullMQ may use: it waits for a server that is away for a while. */
export interface RedisLink {
  host: string;
  port: number;
  db?: number;
  username?: string;
  password?: string;
  tls?: { ca?: string };
  maxRetriesPerRequest: null;
  retryStrategy: (times: number) => number;
}

const usualPort = 6_379;
const patienceMs = 5_000;
const mostBetweenMs = 5_000;

/** Throws UserError (2) where a flag is wrong. */
export function redisLink(flags: RedisFlags, environment: NodeJS.ProcessEnv = process.env): RedisLink {
  const url = urlOf(flags.redis);
  const isTls = url.protocol === "rediss:";
  if (flags.tlsCa !== undefined && !isTls)
    throw new UserError("--tls-ca is for TLS, and this address is without", `--redis rediss://${url.host}`, 2);
  const password =
    flags.redisPasswordFile === undefined
      ? environment["LIVLINA_REDIS_PASSWORD"]
      : passwordIn("--redis-password-file", flags.redisPasswordFile);
  const authorities = authoritiesOf("--tls-ca", flags.tlsCa);
  const db = url.pathname.replace("/", "");
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? usualPort : Number(url.port),
    ...(db === "" ? {} : { db: Number(db) }),
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(password === undefined || password === "" ? {} : { password }),
    ...(isTls ? { tls: authorities === undefined ? {} : { ca: authorities } } : {}),
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 200, mostBetweenMs),
  };
}

/** Throws UserError (3) where no Redis answers there, or it lets us not in. */
export async function tryRedis(link: RedisLink): Promise<void> {
  const once = new Redis({
    ...link,
    lazyConnect: true,
    connectTimeout: patienceMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  let last: unknown;
  once.on("error", (error) => {
    last = error;
  });
  try {
    await once.connect();
    await once.ping();
  } catch (thrown) {
    throw noRedis(link, last ?? thrown);
  } finally {
    once.disconnect();
  }
}

function noRedis({ host, port }: RedisLink, thrown: unknown): UserError {
  const { code = "", message = String(thrown) } = thrown as NodeJS.ErrnoException;
  const place = `Redis at ${host}:${port}`;
  if (/NOAUTH|WRONGPASS|ERR AUTH/.test(message))
    return new UserError(`${place} wants another password`, "LIVLINA_REDIS_PASSWORD or --redis-password-file PATH", 3);
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code))
    return new UserError(`${place} shows a certificate that is not trusted (${code})`, "--tls-ca FILE", 3);
  const hint = "is it running, is it TLS (rediss://) or not? Debian: apt-get install redis-server";
  return new UserError(`${place} does not answer: ${code === "" ? message : code}`, hint, 3);
}

/** A password in it would stand in the list of processes for everybody to read. */
function urlOf(text: string): URL {
  const example = "such as --redis redis://127.0.0.1:6379";
  if (!URL.canParse(text)) throw new UserError(`--redis ${text} is no address`, example, 2);
  const url = new URL(text);
  if (!["redis:", "rediss:"].includes(url.protocol) || url.hostname === "" || !/^\/?\d{0,3}$/.test(url.pathname))
    throw new UserError(`--redis ${url.protocol}//${url.host}${url.pathname} is no address of a Redis`, example, 2);
  if (url.password !== "")
    throw new UserError(
      "--redis with a password in it: other users of this machine could read it",
      "LIVLINA_REDIS_PASSWORD or --redis-password-file PATH",
      4,
    );
  return url;
}
