import { truncateUtf8, utf8Bytes, type VectorMetadata, vectorLimits } from "@vitrine/vectors";
import type { IndexDefinition, MetadataType } from "./definitions.ts";

/**
 * Why metadata is not taken, or undefined when it is. The documented rules for keys (not empty, no `.`, no `"`, no
 * leading `$`) hold at both levels. Strict where nothing is documented: what the types of the binding do not name, such
 * as null or a third level, is refused.
 */
export function metadataFault(metadata: unknown): string | undefined {
  if (!isPlainObject(metadata)) return "metadata must be an object";
  return objectFault(metadata, (value) => {
    if (isPlainObject(value)) return objectFault(value, scalarFault);
    return scalarFault(value);
  });
}

/** The bytes of metadata as compact JSON, which is what its limit counts. */
export function metadataBytes(metadata: VectorMetadata): number {
  return utf8Bytes(JSON.stringify(metadata));
}

/**
 * The part of metadata that its index's metadata indexes cover, in the metadata's own nesting: values of the indexed
 * type only, strings cut to 64 bytes. Filters see nothing else, and `returnMetadata: "indexed"` answers this.
 */
export function indexedMetadata(metadata: VectorMetadata, definition: IndexDefinition): VectorMetadata {
  const indexed: VectorMetadata = {};
  for (const [property, type] of Object.entries(definition.metadataIndexes)) {
    const [outer = "", inner] = property.split(".");
    if (inner === undefined) {
      const value = indexedValue(metadata[outer], type);
      if (value !== undefined) indexed[outer] = value;
      continue;
    }
    const nested = metadata[outer];
    const value = isPlainObject(nested) ? indexedValue(nested[inner], type) : undefined;
    if (value !== undefined) indexed[outer] = Object.assign(indexed[outer] ?? {}, { [inner]: value });
  }
  return indexed;
}

function indexedValue(value: unknown, type: MetadataType): string | number | boolean | undefined {
  if (typeof value !== type) return undefined;
  if (typeof value === "string") return truncateUtf8(value, vectorLimits.maxIndexedStringBytes);
  return typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

function objectFault(
  object: Record<string, unknown>,
  valueFault: (value: unknown) => string | undefined,
): string | undefined {
  for (const [key, value] of Object.entries(object)) {
    if (key === "") return "metadata keys must not be empty";
    if (/[."]/.test(key)) return `metadata keys must not contain . or ": ${key}`;
    if (key.startsWith("$")) return `metadata keys must not begin with $: ${key}`;
    const fault = valueFault(value);
    if (fault !== undefined) return `metadata "${key}": ${fault}`;
  }
  return undefined;
}

function scalarFault(value: unknown): string | undefined {
  if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return undefined;
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return undefined;
  return "a value must be a string, a finite number, a boolean or a list of strings";
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
