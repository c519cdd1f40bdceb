/** Receivers, networks and power of a story. */
import type { ScenarioFile } from "../scenario/scenario-schema.ts";
import type { Draft } from "./draft.ts";
import { Draw } from "./draw.ts";
import type { FeatureSet } from "./features.ts";

type World = ScenarioFile["world"];
type Receiver = NonNullable<World["receivers"][string]>;
type Operator = NonNullable<NonNullable<World["operators"]>[string]>;
type Provider = NonNullable<NonNullable<World["broadband"]>[string]>;

export function drawWorld(seed: number, draft: Draft): void {
  const { has, world } = draft;
  const draw = new Draw(seed, "world");
  if (has.has("clean-radio")) world.radio = { loss: "0 %" };
  else if (has.has("lossy-radio")) world.radio = { loss: `${draw.between(15, 35)} %` };
  const receivers = has.has("second-receiver") ? ["primary", "secondary"] : ["primary"];
  world.receivers = Object.fromEntries(receivers.map((name) => [name, drawReceiver(seed, name, has)]));
  if (has.has("power-area")) world.power = { town: null };
  const operators = has.has("second-operator") ? ["alfa", "beta"] : ["alfa"];
  world.operators = Object.fromEntries(
    operators.map((name) => [name, { ...drawLoss(draw, has), ...drawGeneration(draw, has) }]),
  );
  if (has.has("cells")) {
    const cells = operators.map((operator, index) => {
      const limits = draw.percent(15) ? { capacity: draw.between(5, 40) } : {};
      return [`mast-${index + 1}`, { operator, signal: draw.between(4, 31), ...limits, ...drawMains(draw, has) }];
    });
    world.cells = Object.fromEntries(cells);
  }
  const providers = has.has("second-provider") ? ["fibre", "cable"] : ["fibre"];
  world.broadband = Object.fromEntries(providers.map((name) => [name, drawProvider(draw, draft, has)]));
}

function drawLoss(draw: Draw, has: FeatureSet): { loss?: string } {
  return has.has("lossy-networks") ? { loss: `${draw.between(2, 12)} %` } : {};
}

function drawGeneration(draw: Draw, has: FeatureSet): Operator {
  if (has.has("several-generations"))
    return {
      generations: draw.pick([
        ["2g", "4g"],
        ["2g", "3g", "4g"],
        ["3g", "4g"],
      ]),
    };
  return has.has("old-network") ? { generation: draw.pick(["2g", "3g"] as const) } : {};
}

function drawProvider(draw: Draw, draft: Draft, has: FeatureSet): Provider {
  if (has.has("sim-routers") && draw.percent(50))
    return { uplink: draw.pick([...draft.names("operators"), ...draft.names("cells")]) };
  return { ...drawLoss(draw, has), ...drawMains(draw, has) };
}

/** What stands outside homes and hangs on the mains of the area too. */
function drawMains(draw: Draw, has: FeatureSet): { power?: string; battery?: string; "generator-after"?: string } {
  if (!has.has("power-area") || !has.has("batteries-outside") || draw.percent(40)) return {};
  return {
    power: "town",
    battery: draw.pick(["0s", "2m", "10m"]),
    ...(draw.percent(30) ? { "generator-after": "15m" } : {}),
  };
}

/** A receiver that shows a stranger's certificate over TLS: never the first one of a home, since that home would have no proven path. */
export function drawCertificates(draft: Draft): void {
  const { has, world, fleet } = draft;
  if (!has.has("strange-certificates")) return;
  for (const [name, receiver] of Object.entries(world.receivers))
    if (receiver?.transport === "tls" && fleet.every(({ receivers }) => receivers[0] !== name))
      receiver.certificate = "foreign";
}

/** What few receivers do all the time, each drawn for itself. */
function drawOddities(seed: number, name: string, has: FeatureSet, receiver: Receiver): void {
  const draw = new Draw(seed, `odd receiver ${name}`);
  if (has.has("odd-receivers") && draw.percent(50)) receiver.mode = draw.pick(["least-only", "stale-nonces"] as const);
  if (has.has("beats-asked-for")) receiver.heartbeat = draw.pick(["1m", "2m"]);
}

/** A stream for each, so that a second receiver changes nothing of the first. */
function drawReceiver(seed: number, name: string, has: FeatureSet): Receiver {
  const draw = new Draw(seed, `receiver ${name}`);
  const receiver: Receiver = { latency: draw.pick(["300ms", "50ms to 400ms", "200ms to 1.5s"]) };
  if (has.has("slow-receivers")) receiver.latency = draw.pick(["2s to 6s", "500ms to 9s", "4s"]);
  else if (draw.percent(10)) receiver.mode = draw.pick(["slow", "duplicate"] as const);
  if (has.has("connections") && draw.percent(80)) receiver.transport = draw.pick(["tcp", "tls"] as const);
  if (has.has("host-names") && draw.percent(80)) receiver["host-name"] = `${name}.example`;
  if (has.has("no-digest") && draw.percent(70)) receiver.digest = false;
  drawOddities(seed, name, has, receiver);
  if (has.has("small-receivers"))
    receiver.capacity = {
      "messages-per-second": draw.pick([0.5, 2, 10]),
      queue: draw.between(2, 40),
      "when-full": draw.pick(["busy", "refuse"] as const),
    };
  if (has.has("calls-asked-for")) receiver.call = { mre: draw.pick([1, 2, 3]), cre: draw.pick([1, 61]) };
  if (has.has("telephones"))
    receiver.operators = {
      count: draw.between(1, 2),
      voice: draw.pick(["answers", "presses", "hangs-up", "one-way", "engaged", "no-answer", "never-calls"] as const),
      talk: `${draw.between(5, 40)}s`,
    };
  return receiver;
}
