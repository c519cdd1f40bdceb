/**
 * The dashboard's server: one page and its data, on this machine alone. Reading and orders need the token of this run, so that no other
 * page in the same browser, and no name that is made to point here, can look on or press a button (OWASP, cross-site request forgery).
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Answer, Order } from "./messages.ts";
import { orderSchema } from "./order-schema.ts";
import type { PageFiles } from "./page-files.ts";
import { RefusedError, type View } from "./view.ts";

const loopback = "127.0.0.1";
/** Pages that look on at once. */
export const mostLookers = 8;
const mostOrderBytes = 4_096;
/** Frames are at least so far apart. */
const frameEachMs = 80;

const rules = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A frame that somebody's line has not taken yet is followed by no other: slow lookers see fewer. */
interface Looker {
  readonly reply: FastifyReply;
  isBehind: boolean;
}

export class DashboardServer {
  private readonly view: View;
  private readonly pages: PageFiles;
  private readonly token: string;
  private readonly http: FastifyInstance;
  private readonly lookers: Set<Looker>;
  private port: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(view: View, pages: PageFiles) {
    this.view = view;
    this.pages = pages;
    this.token = randomBytes(24).toString("hex");
    this.http = Fastify({ bodyLimit: mostOrderBytes, forceCloseConnections: true });
    this.lookers = new Set();
    this.port = 0;
    this.timer = undefined;
    this.http.addHook("onRequest", (request, reply, done) => {
      const why = this.refusal(request);
      reply.headers(headers);
      if (why === undefined) done();
      else reply.code(403).send({ ok: false, why } satisfies Answer);
    });
    this.routes();
  }

  /** Answers the address for a browser, with the token behind a "#", where it is never sent. Port 0: any that is free. */
  async listen(port: number): Promise<string> {
    await this.http.listen({ host: loopback, port });
    this.port = (this.http.server.address() as AddressInfo).port;
    return `http://${loopback}:${this.port}/#${this.token}`;
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.view.close();
    for (const { reply } of this.lookers) reply.raw.end();
    await this.http.close();
  }

  /** Something may have changed: all who look on are told, soon. */
  changed(): void {
    this.timer ??= setTimeout(() => this.tell(), frameEachMs);
  }

  private routes(): void {
    const file = (path: string, type: string, text: string): void => {
      this.http.get(path, (_request, reply) => reply.type(type).send(text));
    };
    file("/", "text/html; charset=utf-8", this.pages.html);
    file("/page.js", "text/javascript; charset=utf-8", this.pages.script);
    file("/page.css", "text/css; charset=utf-8", this.pages.style);
    this.http.get("/story", (_request, reply) => reply.send(this.view.story));
    this.http.get("/frames", (request, reply) => this.look(request, reply));
    this.http.post("/orders", (request, reply) => {
      const answer = this.follow(request.body);
      return reply.code(answer.ok ? 200 : 409).send(answer);
    });
  }

  /** Why a request is turned away: it was meant for another host, comes from another page, or does not know the token. */
  private refusal(request: FastifyRequest): string | undefined {
    const own = [`${loopback}:${this.port}`, `localhost:${this.port}`];
    const { host, origin } = request.headers;
    if (host === undefined || !own.includes(host)) return "another host is meant";
    if (origin !== undefined && !own.some((each) => origin === `http://${each}`)) return "another page asks";
    const site = request.headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin" && site !== "none") return "another page asks";
    const path = request.url.split("?")[0] ?? "";
    if (request.method === "GET" && openPaths.includes(path)) return undefined;
    const query = request.query as Readonly<Record<string, unknown>>;
    const given = path === "/frames" ? query["token"] : request.headers["x-livlina-token"];
    return typeof given === "string" && isSame(given, this.token) ? undefined : "the token of this run is missing";
  }

  private follow(body: unknown): Answer {
    const parsed = orderSchema.safeParse(body);
    if (!parsed.success) return { ok: false, why: "this is no order" };
    try {
      const saved = this.view.follow(parsed.data as Order);
      return saved === undefined ? { ok: true } : { ok: true, saved };
    } catch (thrown) {
      if (!(thrown instanceof RefusedError)) throw thrown;
      return { ok: false, why: thrown.message };
    }
  }

  /** Server-sent events (HTML standard, 9.2): the whole first, then what changes. */
  private look(request: FastifyRequest, reply: FastifyReply): void {
    if (this.lookers.size >= mostLookers) {
      reply.code(503).send({ ok: false, why: `${mostLookers} pages look on already` } satisfies Answer);
      return;
    }
    this.tell();
    reply.hijack();
    reply.raw.writeHead(200, { ...headers, "content-type": "text/event-stream" });
    const looker: Looker = { reply, isBehind: false };
    reply.raw.on("drain", () => {
      looker.isBehind = false;
      this.write(looker, this.whole());
    });
    request.raw.on("close", () => this.lookers.delete(looker));
    this.lookers.add(looker);
    this.write(looker, this.whole());
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lookers.size === 0) return;
    const text = eventText(this.view.frame(false));
    for (const looker of this.lookers) if (!looker.isBehind) this.write(looker, text);
  }

  private whole(): string {
    return eventText(this.view.frame(true));
  }

  private write(looker: Looker, text: string): void {
    looker.isBehind = !looker.reply.raw.write(text);
  }
}

const openPaths = ["/", "/page.js", "/page.css"];

const headers = {
  "cache-control": "no-store",
  "content-security-policy": rules,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

function eventText(frame: object): string {
  return `data: ${JSON.stringify(frame)}\n\n`;
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
