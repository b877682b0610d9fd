/** The Workers that the edge is bound to, as small as their contracts allow. State lives as long as the isolate. */
import { WorkerEntrypoint } from "cloudflare:workers";
import {
  type ImagesService,
  type JobName,
  type JobReport,
  type JobsService,
  type Model,
  type ModelVersion,
  type PreparedPicture,
  Problem,
  type RenditionPlan,
  type TrainModel,
} from "@vitrine/contracts";
import { dot, type QueryOptions, type VectorIndex, type VectorMatches, type VectorRecord } from "@vitrine/vectors";

/** Answers a rendition whose bytes tell the plan; an unknown original rejects, as the real one does. */
export class ImagesStandIn extends WorkerEntrypoint<{ ORIGINALS: R2Bucket }> implements ImagesService<Response> {
  async rendition({ originalHash, plan }: { originalHash: string; plan: RenditionPlan }): Promise<Response> {
    const original = await this.env.ORIGINALS.head(originalHash);
    if (!original) throw new Error("the original is not there");
    return new Response(JSON.stringify({ originalHash, plan }), {
      headers: { "content-type": `image/${plan.format}`, "server-timing": 'tier;desc="origin"' },
    });
  }

  async prepare(): Promise<PreparedPicture> {
    return { width: 1, height: 1, raster: { width: 1, height: 1, data: new Uint8Array(4) } };
  }
}

const drawnModel: Model = {
  version: "m0000000000",
  status: "training",
  createdAt: "2026-01-01T00:00:00.000Z",
  dimensions: 128,
  users: 0,
  pins: 0,
  saves: 0,
  metrics: null,
  note: "Reading saves.",
  progress: 0,
};

export class JobsStandIn extends WorkerEntrypoint implements JobsService {
  async run(job: JobName): Promise<JobReport> {
    return { job, summary: `The stand-in ran ${job}.` };
  }

  async train({ dimensions = 128 }: TrainModel): Promise<Model> {
    return { ...drawnModel, dimensions };
  }

  async serve(version: ModelVersion): Promise<Model> {
    if (version !== drawnModel.version) throw new Problem("conflict", "Name a model that can serve.");
    return { ...drawnModel, status: "serving" };
  }
}

const indexes = { visual: new Map<string, VectorRecord>(), taste: new Map<string, VectorRecord>() };

/** Exact search by dot product: the highest first in `visual`, the lowest negative one first in `taste`, as in Vectorize. */
export class IndexStandIn extends WorkerEntrypoint<unknown, { index: keyof typeof indexes }> implements VectorIndex {
  async describe() {
    const vectors = indexes[this.ctx.props.index];
    return { vectorCount: vectors.size, dimensions: 128, processedUpToDatetime: null, processedUpToMutation: null };
  }

  async query(vector: ArrayLike<number>, { topK = 5, namespace }: QueryOptions = {}): Promise<VectorMatches> {
    const sign = this.ctx.props.index === "taste" ? -1 : 1;
    const matches = [...indexes[this.ctx.props.index].values()]
      .filter((record) => namespace === undefined || record.namespace === namespace)
      .map(({ id, values }) => ({ id, score: sign * dot(vector, values) }))
      .sort((a, b) => sign * (b.score - a.score))
      .slice(0, topK);
    return { matches, count: matches.length };
  }

  async queryById(id: string, options?: QueryOptions): Promise<VectorMatches> {
    return this.query(indexes[this.ctx.props.index].get(id)?.values ?? [], options);
  }

  async insert(records: VectorRecord[]) {
    return this.upsert(records.filter(({ id }) => !indexes[this.ctx.props.index].has(id)));
  }

  async upsert(records: VectorRecord[]) {
    for (const record of records) indexes[this.ctx.props.index].set(record.id, record);
    return { mutationId: crypto.randomUUID() };
  }

  async deleteByIds(ids: string[]) {
    for (const id of ids) indexes[this.ctx.props.index].delete(id);
    return { mutationId: crypto.randomUUID() };
  }

  async getByIds(ids: string[]) {
    return ids.flatMap((id) => indexes[this.ctx.props.index].get(id) ?? []);
  }
}
