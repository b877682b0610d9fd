import {
  type Codebook,
  codebookKey,
  decodeCodebook,
  encodeCodebook,
  hashOfId,
  interestCountFor,
} from "@vitrine/ranking";
import { countEmbeddings, sampleEmbeddings } from "@vitrine/store";
import { dequantise, kMeansWithPauses, seededSequence } from "@vitrine/vectors";
import type { JobServices } from "./services.ts";

/** With fewer, eight interests would hold a picture or two each. */
const minPictures = 16;
/** Interests move little until a tenth of the catalogue is new; a new codebook makes all fragments cold. */
const dueGrowth = 0.1;
/** 40 to 250 points a centroid are enough for k-means (Faiss warns below 39); more only cost time. */
const picturesPerInterest = 50;
/** 20,000 vectors are 10 MB of an isolate's 128. */
const maxSample = 20_000;
/** On 12,800 × 128 into 256 about 7 s of the 30 s that a run may take; less than 2 % move afterwards. */
const maxIterations = 15;

/** Learns the codebook of interests from the catalogue's visual embeddings, when it has grown enough since the last. */
export async function learnCodebook({ databases, kv, pause }: JobServices): Promise<string> {
  const counts = await Promise.all(databases.all().map(countEmbeddings));
  const pinCount = counts.reduce((sum, count) => sum + count, 0);
  if (pinCount < minPictures) {
    return `The catalogue has ${pinCount} pictures with an embedding; a codebook needs ${minPictures}.`;
  }
  const known = await kv.get(codebookKey);
  const last = known === null ? null : decodeCodebook(known);
  if (last && Math.abs(pinCount - last.pinCount) < last.pinCount * dueGrowth) {
    return `The codebook ${last.version} of ${last.pinCount} pictures still fits: there are ${pinCount} now.`;
  }
  const interestCount = interestCountFor(pinCount);
  const sampled = Math.min(pinCount, interestCount * picturesPerInterest, maxSample);
  const samples = await Promise.all(
    databases
      .all()
      .map((database, i) => sampleEmbeddings(database, Math.ceil((sampled * (counts[i] ?? 0)) / pinCount))),
  );
  const vectors = samples.flat().map(dequantise);
  const { centroids } = await kMeansWithPauses(vectors, {
    k: interestCount,
    random: seededSequence(pinCount),
    isSpherical: true,
    maxIterations,
    pause,
  });
  const codebook = withVersion({ centroids, pinCount });
  await kv.put(codebookKey, encodeCodebook(codebook));
  return `Learned codebook ${codebook.version}: ${centroids.length} interests from ${vectors.length} of ${pinCount} pictures.`;
}

/** The same centroids have the same version, so learning again what did not change keeps all fragments. */
function withVersion(codebook: Omit<Codebook, "version">): Codebook {
  const version = hashOfId(encodeCodebook({ ...codebook, version: "" })).toString(36);
  return { ...codebook, version };
}
