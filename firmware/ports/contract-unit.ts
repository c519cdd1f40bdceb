/** The checks of an alarm unit's host; a port that a board does not have is skipped by name. */
import { broken, held, type PortCheck, skipped, type Verdict, verdictOf } from "./contract.ts";
import { coreChecks } from "./contract-core.ts";
import type { UnitHost } from "./host.ts";
import type { OpenSerial } from "./serial.ts";

const absent = skipped("the board has none");
/** As much as a line takes before it has sent anything. */
const lineRoom = 2_048;

/** Sends all bytes round a looped line and compares what comes back. */
function loop(host: UnitHost, open: OpenSerial, done: (verdict: Verdict) => void): void {
  const heard: number[] = [];
  const line = open({
    baud: 115_200,
    onReadable: () => {
      for (let part = line.read(); part !== undefined; part = line.read()) for (const byte of part) heard.push(byte);
    },
  });
  const sent = new Uint8Array(lineRoom);
  for (let i = 0; i < lineRoom; i++) sent[i] = i & 0xff;
  line.write(sent);
  host.clock.after(2_000, () => {
    line.close();
    let same = 0;
    while (same < lineRoom && heard[same] === (same & 0xff)) same++;
    done(verdictOf(same === lineRoom && heard.length === lineRoom, heard.length + " bytes came, " + same + " as sent"));
  });
}

const ownChecks: readonly PortCheck<UnitHost>[] = [
  {
    name: "modem line: 2,048 bytes of every value come back where it is looped",
    begin: (bench, done) => {
      const open = bench.host.openModemLine;
      if (open === undefined) done(absent);
      else if (!bench.isLooped) done(skipped("not looped"));
      else loop(bench.host, open, done);
    },
  },
  {
    name: "datagrams: ready with an own address, or a fault, never from inside",
    begin: (bench, done) => {
      const open = bench.host.openBroadband;
      if (open === undefined) {
        done(absent);
        return;
      }
      let isInside = true;
      const end = (verdict: Verdict): void => {
        if (isInside) done(broken("told from inside the opening"));
        else {
          socket.close();
          done(verdict);
        }
      };
      const socket = open({
        localPort: 0,
        onReady: (local) =>
          end(verdictOf(local.host !== "" && local.port > 0 && local.port < 65_536, local.host + ":" + local.port)),
        onReadable: () => {},
        onFault: () => end(held),
      });
      isInside = false;
    },
  },
  {
    name: "datagrams: one that is sent to nobody harms nothing",
    begin: (bench, done) => {
      const open = bench.host.openBroadband;
      if (open === undefined) {
        done(absent);
        return;
      }
      const socket = open({ localPort: 0, onReady: () => {}, onReadable: () => {}, onFault: () => {} });
      socket.send(new Uint8Array(8), { host: "192.0.2.1", port: 9 });
      bench.host.clock.after(500, () => {
        socket.send(new Uint8Array(1_460), { host: "192.0.2.1", port: 9 });
        socket.close();
        socket.send(new Uint8Array(8), { host: "192.0.2.1", port: 9 });
        done(held);
      });
    },
  },
  {
    name: "signals: each can be shown",
    begin: (bench, done) => {
      const signals = bench.host.signals;
      signals.show("one-path-lost");
      signals.show("no-path");
      signals.show("fault");
      signals.show("sending");
      signals.show("not-accepted");
      signals.show("accepted");
      signals.show("talking");
      signals.show("ready");
      done(held);
    },
  },
  {
    name: "keys and lid: open and close",
    begin: (bench, done) => {
      const keys = bench.host.openKeys;
      const lid = bench.host.openLid;
      if (keys !== undefined) keys({ onChange: () => {} }).close();
      if (lid !== undefined) lid({ onChange: () => {} }).close();
      done(keys === undefined && lid === undefined ? absent : held);
    },
  },
  {
    name: "power: the battery's voltage is one of a cell, or 0 without",
    begin: (bench, done) => {
      const open = bench.host.openPower;
      if (open === undefined) {
        done(absent);
        return;
      }
      const supply = open({ onMains: () => {}, onBattery: () => {} });
      const mv = supply.batteryMv();
      supply.close();
      done(verdictOf(mv === 0 || (mv >= 2_500 && mv <= 5_000), mv + " mV"));
    },
  },
  {
    name: "thermometer: a border that is passed already is told once",
    begin: (bench, done) => {
      const open = bench.host.openThermometer;
      if (open === undefined) {
        done(absent);
        return;
      }
      let told = 0;
      const thermometer = open({
        onPassed: () => {
          told++;
        },
      });
      const deciC = thermometer.deciC();
      thermometer.watch(deciC + 50, deciC + 100);
      bench.host.clock.after(5_000, () => {
        thermometer.close();
        const isRoom = deciC > -400 && deciC < 850;
        done(verdictOf(isRoom && told === 1, deciC + " tenths of a degree, told " + told + " times"));
      });
    },
  },
  {
    name: "starts: the cause of this start is known",
    begin: (bench, done) => {
      const starts = bench.host.starts;
      if (starts === undefined) done(absent);
      else done(verdictOf(starts.cause !== "unknown", starts.cause));
    },
  },
];

export const unitContract: readonly PortCheck<UnitHost>[] = (coreChecks as readonly PortCheck<UnitHost>[]).concat(
  ownChecks,
);
