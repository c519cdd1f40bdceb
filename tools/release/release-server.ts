/**
 * The release server: offers a release to the units that may have it, and serves its image by ranges, as
 * `protocol/update/http-talk.ts` asks for it. Everything is bounded: connections, heads, time, and how much one answer takes.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";
import type { ReleaseFile } from "./release-file.ts";
import type { Question } from "./ring-run.ts";

export interface ReleaseServerOptions {
  readonly host: string;
  /** 0: any. */
  readonly port: number;
  /** PEM; undefined: plain HTTP, for a laboratory or behind a proxy that ends TLS. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  readonly release: ReleaseFile;
  /** Whether this unit is offered the release. */
  readonly asked: (question: Question) => boolean;
}

export const connectionLimit = 2_000;
export const rangeLimit = 65_536;
const headLimit = 2_048;
const patienceMs = 15_000;
const questionLimit = 12;
const words = /^[A-Za-z0-9._-]{1,64}$/;

/** Listens. Throws UserError (3) where it cannot. */
export async function serveRelease(
  options: ReleaseServerOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const server = open(options);
  server.maxConnections = connectionLimit;
  server.headersTimeout = patienceMs;
  server.requestTimeout = patienceMs;
  server.keepAliveTimeout = patienceMs;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(new UserError(`${options.host}:${options.port}: ${systemReason(error)}`, "another --listen", 3)),
    );
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function open(options: ReleaseServerOptions): Server {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    serve(options, request, response);
  };
  const bounds = { maxHeaderSize: headLimit };
  if (options.tls === undefined) return createServer(bounds, answer);
  return createTlsServer(
    { ...bounds, cert: options.tls.certificate, key: options.tls.key, minVersion: "TLSv1.2" },
    answer,
  );
}

function serve(options: ReleaseServerOptions, request: IncomingMessage, response: ServerResponse): ServerResponse {
  const { release } = options;
  const url = new URL(request.url ?? "/", "http://any");
  if (request.method !== "GET") return end(response, 405);
  if (url.pathname === "/v1/offer") {
    const question = questionIn(url.searchParams);
    if (question === undefined) return end(response, 400);
    return options.asked(question) ? end(response, 200, release.offer) : end(response, 204);
  }
  if (url.pathname !== `/v1/image/${release.sha256}`) return end(response, 404);
  const range = /^bytes=(\d{1,8})-(\d{1,8})$/.exec(request.headers.range ?? "");
  const from = Number(range?.[1]);
  const to = Number(range?.[2]);
  const { body } = release;
  if (range === null || from > to || to >= body.length || to - from >= rangeLimit) {
    response.setHeader("Content-Range", `bytes */${body.length}`);
    return end(response, 416);
  }
  response.setHeader("Content-Range", `bytes ${from}-${to}/${body.length}`);
  return end(response, 206, body.subarray(from, to + 1));
}

/** Short words only: they go into files and onto screens. */
function questionIn(parameters: URLSearchParams): Question | undefined {
  const pairs = [...parameters];
  if (pairs.length > questionLimit || !pairs.every(([name, value]) => words.test(name) && words.test(value)))
    return undefined;
  return Object.fromEntries(pairs);
}

function end(response: ServerResponse, status: number, body: Uint8Array = new Uint8Array(0)): ServerResponse {
  if (status !== 204) response.setHeader("Content-Length", body.length);
  response.setHeader("Content-Type", "application/octet-stream");
  response.writeHead(status);
  return response.end(body);
}
