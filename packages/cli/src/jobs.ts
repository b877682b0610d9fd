import { createClient, VitrineError } from "@vitrine/client";
import type { JobName } from "@vitrine/contracts";
import { secretsFile } from "./project.ts";
import { Refusal } from "./refusal.ts";
import { readSecrets } from "./secrets.ts";
import { signToken } from "./token.ts";

export interface JobCommandOptions {
  url: string;
  token?: string;
}

export async function runJob(name: string, { url, token }: JobCommandOptions): Promise<number> {
  const bearer =
    token ?? (await signToken(readSecrets(secretsFile).JWT_SECRET, { scope: "service", expiresInSeconds: 600 }));
  try {
    const { summary } = await createClient({ baseUrl: url, token: bearer }).jobs.run(name as JobName);
    console.log(summary);
    return 0;
  } catch (error) {
    throw error instanceof VitrineError ? new Refusal(`${url}: ${error.message}`) : error;
  }
}
