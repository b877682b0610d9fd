/** What may be sent for a schema: ids are plain strings, and fields with a default may be left out. */
export type WireInput<Schema extends { _zod: { input: unknown } }> = Schema["_zod"]["input"];
