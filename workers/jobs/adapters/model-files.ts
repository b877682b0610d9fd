import type { ModelFiles } from "../training/services.ts";

/** Models in R2, under `{version}/{file}`. */
export function modelFilesIn(bucket: R2Bucket): ModelFiles {
  return {
    async read(version, name) {
      const file = await bucket.get(`${version}/${name}`);
      return file && new Uint8Array(await file.arrayBuffer());
    },

    async readRange(version, name, range) {
      const file = await bucket.get(`${version}/${name}`, { range });
      if (!file) throw new Error(`there is no ${name} of ${version}`);
      return new Uint8Array(await file.arrayBuffer());
    },

    async write(version, name, parts) {
      const bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const { readable, writable } = new FixedLengthStream(bytes);
      await Promise.all([bucket.put(`${version}/${name}`, readable), writeAll(writable, parts)]);
    },

    async delete(version, names) {
      if (names) return bucket.delete(names.map((name) => `${version}/${name}`));
      const { objects } = await bucket.list({ prefix: `${version}/` });
      await bucket.delete(objects.map(({ key }) => key));
    },

    async versions() {
      const { delimitedPrefixes } = await bucket.list({ delimiter: "/" });
      return delimitedPrefixes.map((prefix) => prefix.slice(0, -1));
    },
  };
}

async function writeAll(writable: WritableStream<Uint8Array>, parts: readonly Uint8Array[]): Promise<void> {
  const writer = writable.getWriter();
  for (const part of parts) if (part.byteLength > 0) await writer.write(part);
  await writer.close();
}
