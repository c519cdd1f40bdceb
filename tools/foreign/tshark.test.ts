/** Captures as a foreign reader sees them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ascii, utf8 } from "../../protocol/text/utf8.ts";
import { playScenario } from "../../simulator/play.ts";
import { smallText } from "../../simulator/play-bench.ts";
import { Capture } from "../../simulator/report/capture.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { parseScenario } from "../../simulator/scenario/scenario-file.ts";
import { needs } from "../config/requires.ts";

const wallMs = Date.UTC(2026, 2, 2, 6, 10, 5, 250);

function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "capture-"));
  return run(folder).finally(() => rmSync(folder, { recursive: true }));
}

/** Rows of fields, as tshark reads them. */
function read(path: string, filter: string, ...fields: string[]): string[] {
  const wanted = fields.flatMap((field) => ["-e", field]);
  const args = ["-n", "-r", path, "-Y", filter, "-T", "fields", ...wanted];
  const text = execFileSync("tshark", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: env() });
  return text.split("\n").filter((line) => line !== "");
}

function env(): NodeJS.ProcessEnv {
  return { ...process.env, TZ: "UTC", LC_ALL: "C" };
}

const options = (tag: string): Uint8Array =>
  ascii(
    `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK${tag}\r\nFrom: <sip:c@d>;tag=1\r\nTo: <sip:a@b>\r\n` +
      `Call-ID: ${tag}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`,
  );

test("tshark reads each packet at its instant, between its addresses, over UDP of both families and inside TLS", (context) => {
  needs(context, "tshark");
  return inFolder(async (folder) => {
    const path = join(folder, "one.pcapng");
    const capture = new Capture(path);
    const unit = { host: "10.0.0.7", port: 5060 };
    capture.add(wallMs, unit, { host: "192.0.2.10", port: 5070 }, options("udp4"), "udp");
    capture.add(wallMs + 1, { host: "2001:db8::7", port: 5060 }, { host: "::1", port: 5071 }, options("udp6"), "udp");
    capture.add(wallMs + 2, unit, { host: "192.0.2.10", port: 5061 }, options("tls4"), "tls");
    capture.add(wallMs + 3, { host: "2001:db8::8", port: 5062 }, { host: "::1", port: 5061 }, options("tls6"), "tls");
    capture.close();
    expect(read(path, "sip", "frame.time_epoch", "sip.Call-ID")).toEqual([
      "1772431805.250000000\tudp4",
      "1772431805.251000000\tudp6",
      "1772431805.252000000\ttls4",
      "1772431805.253000000\ttls6",
    ]);
    expect(read(path, "sip", "ip.src", "ip.dst", "udp.srcport", "udp.dstport")[0]).toBe(
      "10.0.0.7\t192.0.2.10\t5060\t5070",
    );
    expect(read(path, "sip", "ipv6.src", "ipv6.dst", "udp.dstport")[1]).toBe("2001:db8::7\t::1\t5071");
    expect(read(path, "sip", "exported_pdu.ipv4_src", "exported_pdu.dst_port")[2]).toBe("10.0.0.7\t5061");
    expect(read(path, "sip", "exported_pdu.ipv6_dst", "exported_pdu.src_port")[3]).toBe("::1\t5062");
    expect(read(path, "_ws.malformed || _ws.expert.severity >= 0x00800000", "frame.number")).toEqual([]);
  });
});

test.for(["udp", "tcp", "tls"])(
  "tshark finds no malformed packet in a played run over %s, and every message of it",
  (transport, context) => {
    needs(context, "tshark");
    return inFolder(async (folder) => {
      const path = join(folder, "traffic.pcapng");
      const capture = new Capture(path);
      const far = transport === "udp" ? {} : { far: `transport: ${transport}, host-name: RECEIVER.example` };
      const scenario = parseScenario(
        smallText({ ...far, home: "policy: broadband-first, mobile: alfa, broadband: fibre" }),
        "small.yaml",
      );
      let messages = 0;
      const counted = {
        add: (...packet: Parameters<Capture["add"]>) => {
          messages++;
          capture.add(...packet);
        },
      };
      const run = await playScenario(scenario, {
        seed: 1,
        onProgress: () => {},
        log: new RunLog(undefined),
        capture: Object.assign(Object.create(capture) as Capture, counted),
      });
      capture.close();
      expect(run.presses[0]?.acceptedMs).not.toBeNull();
      expect(read(path, "sip", "frame.number").length).toBe(messages);
      expect(read(path, "!sip || _ws.malformed", "frame.number", "_ws.col.Info")).toEqual([]);
      expect(read(path, 'sip.Method == "MESSAGE" && frame contains "<mrq>"', "frame.number").length).toBeGreaterThan(
        10,
      );
    });
  },
);

test("beyond its limit a capture only counts, and a run that broke off leaves none", () =>
  inFolder(async (folder) => {
    const capture = new Capture(join(folder, "small.pcapng"), 1_000);
    const [a, b] = [
      { host: "10.0.0.7", port: 5060 },
      { host: "192.0.2.10", port: 5060 },
    ];
    for (let i = 0; i < 5; i++) capture.add(wallMs, a, b, utf8("x".repeat(300)), "udp");
    expect(capture.dropped).toBe(3);
    capture.close();
    expect(statSync(join(folder, "small.pcapng")).size).toBeLessThan(1_100);
    expect(readFileSync(join(folder, "small.pcapng")).readUInt32LE(0)).toBe(0x0a0d0d0a);
    const broken = new Capture(join(folder, "broken.pcapng"));
    broken.add(wallMs, a, b, utf8("x"), "udp");
    broken.abandon();
    expect(readdirSync(folder)).toEqual(["small.pcapng"]);
  }));
