import type { VectorMetric } from "@vitrine/vectors";

export type MetadataType = "string" | "number" | "boolean";

/** What `wrangler vectorize create` and `create-metadata-index` fix for an index. */
export interface IndexDefinition {
  dimensions: number;
  metric: VectorMetric;
  /** Which properties can be filtered by, `a.b` for nested ones; at most 10. */
  metadataIndexes: Record<string, MetadataType>;
  /** 20,000,000 as in Vectorize when left out. */
  maxVectors?: number;
  /** 50,000 as in Vectorize when left out. */
  maxNamespaces?: number;
}

/** The `props` of a service binding to the stand-in. */
export interface IndexProps {
  /** The index's name. Bindings with the same name share its vectors. */
  index: string;
  /** For an index that is not in the table below. */
  definition?: IndexDefinition;
  /** How long a mutation stays unseen, as in production (median < 30 s); 0 by default: seen at once. */
  visibilityDelayMillis?: number;
}

const feedMetadata = { category: "string", createdAt: "number" } as const;

/** The indexes of the platform, as docs/deploy.md creates them in production. */
export const indexDefinitions: Record<string, IndexDefinition> = {
  /** Visual embeddings of pins: unit vectors, only their direction counts. */
  visual: { dimensions: 128, metric: "cosine", metadataIndexes: feedMetadata },
  /** Collaborative embeddings of pins: their length carries how popular a pin is. */
  taste: { dimensions: 128, metric: "dot-product", metadataIndexes: feedMetadata },
};

/** Throws when the binding names no index that exists: a mistake in a configuration, not in a request. */
export function definitionOf(props: IndexProps | undefined): IndexDefinition {
  const definition = props?.definition ?? indexDefinitions[props?.index ?? ""];
  if (props?.index === undefined || definition === undefined) {
    const names = Object.keys(indexDefinitions).join(", ");
    throw new Error(`Bind the stand-in with props = { index = "…" }, one of ${names}; got ${props?.index}.`);
  }
  return definition;
}
