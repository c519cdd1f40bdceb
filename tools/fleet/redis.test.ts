/** A fleet over a Redis: the same result as on one machine, also when a worker is killed; nothing is lost in silence. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FlowProducer } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { codeVersion } from "../../simulator/fleet/code-version.ts";
import { smallPlan } from "../../simulator/fleet/fleet-bench.ts";
import { type FleetPlan, idOf } from "../../simulator/fleet/fleet-plan.ts";
import { Lane } from "../../simulator/fleet/live-lane.ts";
import { playTowns } from "../../simulator/fleet/live-towns.ts";
import { CertificateBench } from "../../simulator/live/live-certificates-bench.ts";
import { needs } from "../config/requires.ts";
import { readsTypeScript } from "../swarm-run.ts";
import { type CannedFaults, cannedLanes } from "./canned-bench.ts";
import { type FleetEnd, type PlayTowns, runFleet } from "./fleet-run.ts";
import { openFleets, prefix, townsQueue } from "./jobs.ts";
import { ended, startRedis } from "./redis-bench.ts";
import { type RedisFlags, redisLink, tryRedis } from "./redis-link.ts";
import { playOverRedis } from "./redis-run.ts";
import { FleetWorker } from "./redis-worker.ts";

const place = mkdtempSync(join(tmpdir(), "livlina-fleet-redis-"));
afterAll(() => rmSync(place, { recursive: true }));
const patient = { timeout: 240_000 };
const livlina = fileURLToPath(new URL("../livlina.js", import.meta.url));
const plan = smallPlan(6);

async function run(
  out: string,
  play: PlayTowns,
  more: { plan?: FleetPlan; stopAfter?: number; resume?: boolean } = {},
) {
  const news: string[] = [];
  const stopping = new AbortController();
  const end: FleetEnd = await runFleet({
    plan: more.plan ?? plan,
    out: join(place, out),
    resume: more.resume ?? false,
    play,
    stop: stopping.signal,
    onBegin: () => {},
    onProgress: (towns, _virtualMs, line) => {
      if (line !== undefined) news.push(line);
      if (towns === more.stopAfter) stopping.abort();
    },
  });
  return { ...end, news };
}

const report = (out: string): string => readFileSync(join(place, out, "report.json"), "utf8");

/** A worker in this process, whose towns are there already. */
function cannedWorker(flags: RedisFlags, faults: CannedFaults = {}): readonly string[] {
  const lines: string[] = [];
  const lanes = cannedLanes(place, plan, faults);
  const worker = new FleetWorker({ link: redisLink(flags), lanes, idleMs: undefined, say: (line) => lines.push(line) });
  onTestFinished(async () => {
    await worker.close();
    for (const lane of lanes) lane.close();
  });
  return lines;
}

test(
  "of three workers one is killed in the middle of a town: one digest and one report, that of one machine",
  patient,
  async (context) => {
    needs(context, "redis-server");
    const url = `redis://127.0.0.1:${await startRedis()}`;
    const workers = [1, 2, 3].map(() =>
      spawn(process.execPath, [livlina, "fleet", "worker", "--redis", url, "--workers", "1"], {
        stdio: ["ignore", "ignore", "pipe"],
      }),
    );
    onTestFinished(async () => {
      for (const worker of workers) await ended(worker);
    });
    // A worker's first town waits for its process to be loaded: killed at the word that it is being played, it is in the middle.
    const killed = new Promise<string>((resolve) => {
      const first = (worker: ChildProcess): void => {
        worker.stderr?.on("data", (bytes: Buffer) => {
          const [, town] = /plays town (\d+)/.exec(bytes.toString("utf8")) ?? [];
          if (
            town === undefined ||
            workers.some(({ signalCode }) => signalCode !== null) ||
            workers.some((each) => each.killed)
          )
            return;
          worker.kill("SIGKILL");
          resolve(town);
        });
      };
      for (const worker of workers) first(worker);
    });
    const overRedis = await run(
      "over-redis",
      playOverRedis(redisLink({ redis: url }), () => {}),
    );
    expect(Number(await killed)).toBeGreaterThan(0);
    expect(overRedis).toMatchObject({ news: [], result: { verdict: "passed", towns: 6 } });
    const lanes = [new Lane({ execArgv: readsTypeScript, silentMs: 60_000 })];
    const here = await run("here", (order) => playTowns({ ...order, lanes })).finally(() => lanes[0]?.close());
    expect(overRedis.result?.digest).toBe(here.result?.digest);
    expect(report("over-redis")).toBe(report("here"));
  },
);

test(
  "a town that kills whoever plays it is reported by name after three workers, and nothing of the fleet stays in Redis",
  patient,
  async (context) => {
    needs(context, "redis-server");
    const flags = { redis: `redis://127.0.0.1:${await startRedis()}` };
    cannedWorker(flags, { dies: [4] });
    const { result, news } = await run(
      "poison",
      playOverRedis(redisLink(flags), () => {}),
    );
    expect(news).toEqual(["town 4 cannot be played: its process ended with SIGKILL"]);
    expect(result).toMatchObject({ verdict: "failed", towns: 5, broken: [{ town: 4 }] });
    const redis = new Redis(redisLink(flags));
    const left = await redis.keys("*");
    redis.disconnect();
    expect(left.filter((key) => key.includes(idOf(plan)))).toEqual([]);
  },
);

test(
  "a fleet that was interrupted is taken up in Redis: towns that came back meanwhile are collected, not played again",
  patient,
  async (context) => {
    needs(context, "redis-server");
    const flags = { redis: `redis://127.0.0.1:${await startRedis()}` };
    const lines = cannedWorker(flags);
    await run(
      "interrupted",
      playOverRedis(redisLink(flags), () => {}),
      { stopAfter: 1 },
    );
    const said: string[] = [];
    const { result } = await run(
      "interrupted",
      playOverRedis(redisLink(flags), (line) => said.push(line)),
      { resume: true },
    );
    expect(said).toEqual(["this fleet is in Redis already: its towns are collected"]);
    expect(result).toMatchObject({ verdict: "passed", towns: 6 });
    const times = lines.filter((line) => line.startsWith("plays town"));
    expect(new Set(times).size).toBe(times.length);
  },
);

test("a password and TLS: who has them gets in, others hear what is wrong", patient, async (context) => {
  needs(context, "redis-server");
  needs(context, "openssl");
  const certificates = new CertificateBench(onTestFinished);
  const ca = certificates.authority.certPath;
  const { certPath: cert, keyPath: key } = certificates.leaf({ names: "DNS:localhost" });
  const password = join(place, "password");
  writeFileSync(password, "a secret\n");
  const tls = ["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", ca, "--tls-auth-clients", "no"];
  const port = await startRedis([...tls, "--requirepass", "a secret"], true);
  const flags = { redis: `rediss://localhost:${port}`, redisPasswordFile: password, tlsCa: ca };
  cannedWorker(flags);
  const { result } = await run(
    "tls",
    playOverRedis(redisLink(flags), () => {}),
  );
  expect(result?.verdict).toBe("passed");
  const { redis } = flags;
  await expect(tryRedis(redisLink({ redis, redisPasswordFile: password }, {}))).rejects.toMatchObject({
    message: expect.stringContaining("a certificate that is not trusted"),
    hint: expect.stringContaining("--tls-ca"),
    exitCode: 3,
  });
  await expect(tryRedis(redisLink({ redis, tlsCa: ca }, {}))).rejects.toThrow("wants another password");
  await tryRedis(redisLink({ redis, tlsCa: ca }, { LIVLINA_REDIS_PASSWORD: "a secret" }));
});

test(
  "a worker says that a fleet waits for other code, and gives back what is no town of its own",
  patient,
  async (context) => {
    needs(context, "redis-server");
    const flags = { redis: `redis://127.0.0.1:${await startRedis()}` };
    const redis = new Redis(redisLink(flags));
    const producer = new FlowProducer({ connection: redisLink(flags), prefix });
    onTestFinished(async () => {
      await producer.close();
      redis.disconnect();
    });
    await redis.hset(openFleets, "a".repeat(24), "1-0123456789abcdef");
    const fleet = "b".repeat(24);
    for (const data of [
      { fleet, code: "1-0123456789abcdef", town: 1 },
      { fleet, code: codeVersion(), town: 2 },
      { evil: 1 },
    ])
      await producer.add({ name: "town", queueName: townsQueue(), data, opts: { attempts: 3 } });
    const lines = cannedWorker(flags);
    await expect.poll(() => lines.length, { timeout: 60_000 }).toBe(4);
    expect([...lines].sort()).toEqual([
      `a fleet waits for workers of code 1-0123456789abcdef, and this one plays ${codeVersion()}: bring both to one commit`,
      "a job was not played: this job is no town of a fleet",
      `town 1 was not played: town 1 is for workers of code 1-0123456789abcdef, and this one plays ${codeVersion()}`,
      `town 2 was not played: the plan of fleet ${fleet} is not in this Redis`,
    ]);
  },
);

test.each([
  ["127.0.0.1", 2, "is no address"],
  ["http://127.0.0.1", 2, "is no address of a Redis"],
  ["redis://127.0.0.1:6379/x", 2, "is no address of a Redis"],
  ["redis://:secret@127.0.0.1", 4, "other users of this machine could read it"],
])("the address %s is refused with exit code %i", (redis, exitCode, what) => {
  expect(() => redisLink({ redis }, {})).toThrow(
    expect.objectContaining({ exitCode, message: expect.stringContaining(what) }),
  );
});

test("a password in an address is not repeated", () => {
  expect(() => redisLink({ redis: "http://:secret@127.0.0.1" }, {})).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("secret") }),
  );
});

test("authorities are for TLS, and a Redis that is not there is told with what to try", async () => {
  expect(() => redisLink({ redis: "redis://127.0.0.1", tlsCa: "ca.pem" }, {})).toThrow("--tls-ca is for TLS");
  await expect(tryRedis(redisLink({ redis: "redis://127.0.0.1:1" }, {}))).rejects.toMatchObject({
    message: "Redis at 127.0.0.1:1 does not answer: ECONNREFUSED",
    exitCode: 3,
  });
});
