/**
 * The contract of Vectorize as a suite of tests: what stands in for it must pass, and so must the real one.
 *
 * A real index needs metadata indexes on its string and number properties before anything is written, and nobody else
 * may write while the suite runs: it polls `describe()` until its own mutation is the last one processed. Ids and
 * namespaces are new in every run and everything is deleted at the end. Nothing undocumented is tested here.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { testFilters } from "./conformance/filters.ts";
import { testLimits } from "./conformance/limits.ts";
import { testMutations } from "./conformance/mutations.ts";
import { testQueries } from "./conformance/queries.ts";
import { Workspace } from "./conformance/workspace.ts";
import type { VectorIndex, VectorMetric } from "./port.ts";

export { refusalOf } from "./conformance/workspace.ts";

export interface ConformanceOptions {
  /** At least 4. */
  dimensions: number;
  metric: VectorMetric;
  /** A property with a metadata index of type string; "category" by default. */
  stringProperty?: string;
  /** One of type number; "createdAt" by default. */
  numberProperty?: string;
  /** How long a mutation may take until it is seen: 30 s by default; 300 s suit a real index. */
  timeoutMillis?: number;
  /** How often to ask; 20 ms by default. */
  pollMillis?: number;
}

/** Defines the suite; `create` is called once, before the first test. */
export function testVectorIndex(
  name: string,
  create: () => Promise<VectorIndex>,
  { stringProperty = "category", numberProperty = "createdAt", ...options }: ConformanceOptions,
): void {
  const timeoutMillis = options.timeoutMillis ?? 30_000;
  const workspace = new Workspace({ ...options, timeoutMillis, pollMillis: options.pollMillis ?? 20 });
  // A test awaits up to three mutations.
  describe(`the vector index "${name}"`, { timeout: 3 * timeoutMillis }, () => {
    beforeAll(async () => workspace.open(await create()));
    afterAll(() => workspace.clear(), timeoutMillis);
    testMutations(workspace);
    testQueries(workspace);
    testFilters(workspace, { stringProperty, numberProperty });
    testLimits(workspace);
  });
}
