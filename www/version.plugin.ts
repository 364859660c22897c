// The version of the engine that lies in public/engine: a hash of all its files, which goes behind their addresses.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const folder = fileURLToPath(new URL("public/engine/", import.meta.url));

export function engineVersion(): Plugin {
  return {
    name: "engine-version",
    config: () => ({ define: { __ENGINE_VERSION__: JSON.stringify(versionOf(folder)) } }),
  };
}

function versionOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of filesBelow(folder)) {
    hash.update(file).update("\0").update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex").slice(0, 12);
}

/** None where the engine has not been built: for the page's own tests. */
function filesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length)).sort();
  } catch {
    return [];
  }
}
