/** A Redis of its own for a test: on a free port of loopback, in a folder that goes with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** `more`: arguments as redis-server takes them. Answers its port once it listens. */
export async function startRedis(more: readonly string[] = [], isTls = false): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-redis-"));
  const port = await freePort();
  const listen = isTls ? ["--port", "0", "--tls-port", String(port)] : ["--port", String(port)];
  const fixed = [
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    folder,
    "--maxmemory-policy",
    "noeviction",
  ];
  const server = spawn("redis-server", [...listen, ...fixed, ...more], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(async () => {
    await ended(server);
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise<void>((resolve, reject) => {
    let said = "";
    server.once("exit", (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    server.stdout.on("data", (bytes: Buffer) => {
      said += bytes.toString("utf8");
      if (said.includes("Ready to accept connections")) resolve();
    });
  });
  return port;
}

/** Killed, and gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
