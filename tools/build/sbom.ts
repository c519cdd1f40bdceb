/**
 * The bill of materials of an image, CycloneDX 1.6 in JSON: our script, the engine under it, and what it was made with. The script has no
 * package in it; were one to come, its licence and its version would stand here.
 */
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { version as esbuildVersion } from "esbuild";
import type { Board } from "../boards.ts";
import { engineFacts } from "./engines.ts";
import type { ImageFile } from "./image.ts";
import type { Origin } from "./origin.ts";

/** Equal images have equal bills: the number is drawn from the script's digest, and the time is the commit's. */
export function sbomOf(board: Board, origin: Origin, file: ImageFile, packages: readonly string[]): string {
  const script = new Models.Component(Enums.ComponentType.Firmware, `livlina-${board.name}`, {
    bomRef: "image",
    version: origin.version,
    description: `${board.role} firmware for ${board.title}`,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm["SHA-256"], file.sha256]]),
    licenses: new Models.LicenseRepository([new Models.SpdxLicense("MIT")]),
    properties: new Models.PropertyRepository([
      new Models.Property("livlina:commit", origin.commit === "" ? "unknown" : origin.commit),
      new Models.Property("livlina:changed", String(origin.changed)),
      new Models.Property("livlina:hardware", board.hardware),
      new Models.Property("livlina:region", board.region),
    ]),
  });
  const facts = engineFacts[board.engine];
  const engine = new Models.Component(Enums.ComponentType.Platform, facts.name, {
    bomRef: "engine",
    version: board.engineImage.version,
    description: `${board.engineImage.target}${board.engineImage.needs === undefined ? "" : `, with ${board.engineImage.needs}`}`,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense(facts.license)]),
    purl: `${facts.purl}@${board.engineImage.version}`,
  });
  const parts = packages.map((name) => new Models.Component(Enums.ComponentType.Library, name, { bomRef: name }));
  for (const part of [engine, ...parts]) script.dependencies.add(part.bomRef);
  const bom = new Models.Bom({
    serialNumber: serialOf(file.sha256),
    components: new Models.ComponentRepository([engine, ...parts]),
    metadata: new Models.Metadata({
      component: script,
      ...(origin.epochS === undefined ? {} : { timestamp: new Date(origin.epochS * 1000) }),
      tools: new Models.Tools({
        tools: new Models.ToolRepository([new Models.Tool({ name: "esbuild", version: esbuildVersion })]),
      }),
    }),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

/** A UUID of version 8 (RFC 9562 5.8): its bits are ours. */
function serialOf(sha256: string): string {
  const hex = `${sha256.slice(0, 12)}8${sha256.slice(13, 16)}8${sha256.slice(17, 32)}`;
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
