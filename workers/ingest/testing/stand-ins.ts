/** Stand-ins for the Workers that ingest is bound to, faithful in what ingest sees of them. */
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import { type PreparedPicture, Problem, type RenditionPlan } from "@vitrine/contracts";
import { FlatIndex, type VectorRecord } from "@vitrine/vectors";
import type { Bindings } from "../adapters/bindings.ts";

type PrepareRequest = { originalHash: string; plans: RenditionPlan[]; rasterSide: number };

/** Answers a raster drawn from the hash, if the original is in the bucket. */
export class ImagesStandIn extends WorkerEntrypoint<Bindings> {
  async prepare({ originalHash, rasterSide }: PrepareRequest): Promise<PreparedPicture> {
    const original = await this.env.ORIGINALS.head(originalHash);
    if (!original) throw new Problem("not-found", "The original is gone: upload the picture again.");
    const seed = Number.parseInt(originalHash.slice(0, 6), 16);
    const data = Uint8Array.from({ length: rasterSide * rasterSide * 4 }, (_, i) =>
      i % 4 === 3 ? 255 : 128 + 100 * Math.sin((i * (seed % 97)) / 3000),
    );
    return { width: 1200, height: 800, raster: { width: rasterSide, height: rasterSide, data } };
  }
}

const index = new FlatIndex<VectorRecord["metadata"]>(128, "cosine");

/** The methods of Vectorize that ingest calls, over an exact index in memory. */
export class IndexStandIn extends WorkerEntrypoint {
  async upsert(vectors: VectorRecord[]): Promise<{ mutationId: string }> {
    for (const { id, values, metadata } of vectors) index.set(id, values, metadata);
    return { mutationId: "done" };
  }

  async deleteByIds(ids: string[]): Promise<{ mutationId: string }> {
    for (const id of ids) index.delete(id);
    return { mutationId: "done" };
  }

  async getByIds(ids: string[]): Promise<VectorRecord[]> {
    return ids.flatMap((id) => {
      const values = index.values(id);
      return values ? [{ id, values, metadata: index.label(id) ?? {} }] : [];
    });
  }
}

/** Remembers which actions were acknowledged. */
export class RegionStoreStandIn extends DurableObject {
  async acknowledge(ids: string[]): Promise<void> {
    const known = (await this.ctx.storage.get<string[]>("acknowledged")) ?? [];
    await this.ctx.storage.put("acknowledged", [...known, ...ids]);
  }

  async acknowledged(): Promise<string[]> {
    return (await this.ctx.storage.get<string[]>("acknowledged")) ?? [];
  }
}
