/** The plug-in that Coop loads: manifest and signals. */

import { MatchClient } from "./client.js";
import { manifest } from "./manifest.js";
import { createSignals } from "./signals.js";

/** @param {ConstructorParameters<typeof MatchClient>[0]} [edges] - how to ask, to wait and to tell the time, for tests */
export function createPlugin(edges) {
  const client = new MatchClient(edges);
  return {
    manifest,
    /** @param {Parameters<typeof createSignals>[0]} context */
    createSignals: (context) => createSignals(context, client),
  };
}

export default createPlugin();
