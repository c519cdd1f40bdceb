import { afterEach, expect, test } from "vitest";
import { DashboardServer, mostLookers } from "./live-server.ts";
import type { Frame, Order, Story } from "./messages.ts";
import { RefusedError, type View } from "./view.ts";

const pages = { html: "<!doctype html>", script: "1;", style: "a{}" };
let closing: DashboardServer | undefined;

afterEach(async () => {
  await closing?.close();
  closing = undefined;
});

interface Stand {
  readonly base: string;
  readonly token: string;
  readonly port: string;
  readonly orders: Order[];
}

async function stand(): Promise<Stand> {
  const orders: Order[] = [];
  const view: View = {
    story: { name: "made up" } as Story,
    frame: (whole) => ({ atMs: 5, marks: whole ? "r" : null }) as Frame,
    follow: (order) => {
      if (order.type === "save") throw new RefusedError("the disk is full");
      orders.push(order);
      return undefined;
    },
    close: () => {},
  };
  closing = new DashboardServer(view, pages);
  const address = new URL(await closing.listen(0));
  return { base: address.origin, token: address.hash.slice(1), port: address.port, orders };
}

function post({ base, token }: Stand, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const all = { "content-type": "application/json", "x-livlina-token": token, ...headers };
  return fetch(`${base}/orders`, { method: "POST", headers: all, body: JSON.stringify(body) });
}

test("the page is served on loopback, and allows itself no script and no style but its own files", async () => {
  const { base } = await stand();
  expect(new URL(base).hostname).toBe("127.0.0.1");
  const page = await fetch(base);
  expect(page.status).toBe(200);
  const rules = page.headers.get("content-security-policy") ?? "";
  expect(rules).toContain("default-src 'none'");
  expect(rules).not.toContain("unsafe");
  expect(await page.text()).not.toMatch(/[0-9a-f]{48}/);
});

test("without the token of this run nobody looks on and nobody orders", async () => {
  const here = await stand();
  for (const path of ["/story", "/frames", "/frames?token=", `/frames?token=${"0".repeat(48)}`])
    expect((await fetch(here.base + path)).status).toBe(403);
  expect((await post(here, { type: "play" }, { "x-livlina-token": "0".repeat(48) })).status).toBe(403);
  expect(here.orders).toEqual([]);
  expect((await post(here, { type: "play" })).status).toBe(200);
  expect(here.orders).toEqual([{ type: "play" }]);
});

test("another page in the same browser, and a name that was made to point here, are turned away with the token too", async () => {
  const here = await stand();
  expect((await post(here, { type: "play" }, { origin: "http://evil.example" })).status).toBe(403);
  expect((await post(here, { type: "play" }, { origin: `http://127.0.0.1:${Number(here.port) + 1}` })).status).toBe(
    403,
  );
  expect((await post(here, { type: "play" }, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await post(here, { type: "play" }, { origin: here.base, "sec-fetch-site": "same-origin" })).status).toBe(200);
  expect(await hostAsked(here, "evil.example")).toBe(403);
  expect(await hostAsked(here, `localhost:${here.port}`)).toBe(200);
});

test("what is no order is refused before anybody looks at it, and a refusal says why", async () => {
  const here = await stand();
  const wrong: readonly unknown[] = [
    {},
    { type: "format-disk" },
    { type: "speed", speed: -1 },
    { type: "play", more: 1 },
    { type: "do", deed: { type: "fault", object: "cell", name: "a", fault: "on fire" } },
    { type: "open", unit: "x".repeat(65) },
  ];
  for (const body of wrong) expect((await post(here, body)).status).toBe(409);
  expect((await post(here, { type: "open", unit: "x".repeat(10_000) })).status).toBe(413);
  expect(here.orders).toEqual([]);
  const refused = await post(here, { type: "save" });
  expect([refused.status, await refused.json()]).toEqual([409, { ok: false, why: "the disk is full" }]);
});

test("who looks on is told everything first, and no more than eight look on", async () => {
  const here = await stand();
  const lookers: AbortController[] = [];
  for (let i = 0; i < mostLookers; i++) {
    const controller = new AbortController();
    lookers.push(controller);
    const answer = await fetch(`${here.base}/frames?token=${here.token}`, { signal: controller.signal });
    expect(answer.status).toBe(200);
    const { value } = (await answer.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe(`data: {"atMs":5,"marks":"r"}\n\n`);
  }
  expect((await fetch(`${here.base}/frames?token=${here.token}`)).status).toBe(503);
  for (const controller of lookers) controller.abort();
});

/** `fetch` sets the host by itself: this asks by hand. */
async function hostAsked({ port, token }: Stand, host: string): Promise<number | undefined> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, path: "/story", headers: { host, "x-livlina-token": token } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}
