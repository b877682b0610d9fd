/**
 * Whether variants have as many users as their shares say. Where they do not, users are lost or counted by what they see,
 * and no comparison means anything (Fabijan et al., Diagnosing Sample Ratio Mismatch, KDD 2019, with the same threshold).
 */
import { chiSquareTail } from "./distributions.ts";

export const sampleRatioThreshold = 0.001;

/** P value of the chi-square test of users against shares (which sum up to 1); null without users. */
export function sampleRatioPValue(variants: readonly { users: number; share: number }[]): number | null {
  const all = variants.reduce((sum, { users }) => sum + users, 0);
  if (all === 0) return null;
  const statistic = variants.reduce((sum, { users, share }) => sum + (users - all * share) ** 2 / (all * share), 0);
  return chiSquareTail(statistic, variants.length - 1);
}
