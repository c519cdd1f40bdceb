/** What the two devices really get: bundles that the dialect allows and that fit the smallest boards. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bundleDevice } from "./bundle.ts";
import { checkBundle, findingText } from "./dialect.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Storage of the smallest candidate board: Puck.js for the button, ESP32 for the unit (Espruino's board files). */
const devices = [
  { entry: "firmware/wrist-button.ts", storageBytes: 40 * 1024 },
  { entry: "firmware/unit.ts", storageBytes: 896 * 1024 },
];

for (const { entry, storageBytes } of devices) {
  test(`the bundle of ${entry} holds nothing that a device cannot run, plain and minified`, async () => {
    for (const minify of [false, true]) {
      const bundle = await bundleDevice(entry, { root, minify });
      const findings = checkBundle(Buffer.from(bundle.bytes).toString(), entry, bundle.map);
      expect(findings.map(findingText).join("\n")).toBe("");
    }
  });

  test(`the minified bundle of ${entry} fits into ${storageBytes} bytes of storage`, async () => {
    const bundle = await bundleDevice(entry, { root, minify: true });
    expect(bundle.bytes.length).toBeGreaterThan(1000);
    expect(bundle.bytes.length).toBeLessThan(storageBytes);
  });
}
