/** Benches and random weather for the uplink machine. */
import fc from "fast-check";
import { deepFreeze } from "../alarm/arbitraries.ts";
import type { Route } from "../alarm/report.ts";
import { type Far, UplinkBench, type UplinkBenchOptions } from "./test-bench.ts";

/** Mobile first, two receivers, both routes linked and answering for half an hour, unless said otherwise. */
export function settledBench(options: Partial<UplinkBenchOptions> = {}): UplinkBench {
  const bench = freshBench(options);
  for (const { route } of bench.state.routes) bench.link(route, true);
  bench.run(1_800_000);
  bench.clear();
  return bench;
}

export function freshBench(options: Partial<UplinkBenchOptions> = {}): UplinkBench {
  return new UplinkBench({
    routes: ["mobile", "broadband"],
    receiverCount: 2,
    dice: 7,
    provenS: 0,
    freeze: deepFreeze,
    ...options,
  });
}

export type UplinkCommand = (bench: UplinkBench) => void;

const routes: Route[] = ["mobile", "broadband"];

/** What each of four paths does from now on. */
const weather = fc
  .array(fc.constantFrom<Far>("answers", "answers", "no-mrs", "refuses", "silent", "no-link"), {
    minLength: 4,
    maxLength: 4,
  })
  .map((paths): UplinkCommand => {
    return (bench) => {
      bench.far = (route, receiver) => paths[routes.indexOf(route) * 2 + (receiver % 2)] ?? "answers";
    };
  });

const anyRoute = fc.constantFrom(...routes);

export const uplinkCommand: fc.Arbitrary<UplinkCommand> = fc.oneof(
  weather,
  fc.record({ route: anyRoute, up: fc.boolean() }).map(
    ({ route, up }): UplinkCommand =>
      (bench) =>
        bench.link(route, up),
  ),
  fc.boolean().map(
    (pending): UplinkCommand =>
      (bench) =>
        bench.alarm(pending),
  ),
  fc.record({ route: anyRoute, receiver: fc.nat(1), id: fc.nat(50) }).map(({ route, receiver, id }): UplinkCommand => {
    return (bench) => bench.ask(id * 2 + 1, route, receiver);
  }),
  fc.nat(50).map(
    (id): UplinkCommand =>
      (bench) =>
        bench.step({ type: "stopped", nowMs: bench.nowMs, id: id * 2 + 1 }),
  ),
  fc.constantFrom(0, 1, 3, 10, 1_440, 1_441).map(
    (minutes): UplinkCommand =>
      (bench) =>
        bench.step({ type: "interval", nowMs: bench.nowMs, minutes }),
  ),
  fc.boolean().map(
    (on): UplinkCommand =>
      (bench) =>
        bench.step({ type: "supervised", nowMs: bench.nowMs, on }),
  ),
  fc.constant<UplinkCommand>((bench) => bench.step({ type: "test-paths", nowMs: bench.nowMs })),
  fc.constantFrom(10, 3_000, 9_000, 45_000, 200_000, 700_000).map(
    (ms): UplinkCommand =>
      (bench) =>
        bench.run(ms),
  ),
  fc.constantFrom(10, 3_000, 9_000, 45_000, 200_000, 700_000).map(
    (ms): UplinkCommand =>
      (bench) =>
        bench.run(ms),
  ),
);
