/** `vitrine models`: what was trained, and putting a model back. */
import { VitrineError } from "@vitrine/client";
import { Refusal } from "./refusal.ts";
import { clientOf } from "./service-client.ts";
import { metricsLines, modelTable } from "./train/metrics.ts";

export interface ModelsCommandOptions {
  url: string;
  token?: string;
}

export async function listModels({ url, token }: ModelsCommandOptions): Promise<number> {
  const { models } = await refusing(url, (await clientOf({ url, token })).models.list());
  for (const line of modelTable(models)) console.log(line);
  return 0;
}

export async function serveModel(version: string, { url, token }: ModelsCommandOptions): Promise<number> {
  const model = await refusing(url, (await clientOf({ url, token })).models.serve(version));
  for (const line of metricsLines(model)) console.log(line);
  return 0;
}

function refusing<T>(url: string, asked: Promise<T>): Promise<T> {
  return asked.catch((error: unknown) => {
    throw error instanceof VitrineError ? new Refusal(`${url}: ${error.message}`) : error;
  });
}
