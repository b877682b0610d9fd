/**
 * How a variant's outcome compares with the control's: as the logarithm of the ratio of their means, whose variance is
 * that of the delta method. The logarithm makes gain and loss symmetric, which a difference over a noisy mean is not.
 *
 * `alwaysValid` is the normal-mixture confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas ("Time-uniform
 * central limit theory and asymptotic confidence sequences", Annals of Statistics 2024, theorem 2.2). It is the mixture
 * sequential probability ratio test of Johari, Koomen, Pekelis and Walsh ("Always Valid Inference", Operations Research
 * 2022) with mixing variance ρ²·σ², σ² being the variance of one user's share in the estimate. Chosen over the mSPRT with a
 * known σ² because ours are counts whose variance is estimated on the way, which is what the theorem is about.
 */
import { normalQuantile } from "./distributions.ts";

/** Sums over the users of a variant. `y` is 1 for a mean by user, and the denominator of a ratio of sums. */
export interface Outcomes {
  users: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}

export interface Moments {
  users: number;
  /** Σx / Σy. */
  mean: number;
  /** Of one user's outcome; of a ratio, of its linearisation (x − mean·y) / ȳ. */
  variance: number;
}

export interface Interval {
  low: number;
  high: number;
}

export interface Lift {
  /** Relative: 0.05 is five per cent more than the control. */
  lift: number;
  interval: Interval;
  alwaysValid: Interval & { pValue: number };
}

export const alpha = 0.05;
/** Users of both variants at which the sequence is narrowest; at a tenth and at ten times as many it is some 10 % wider. */
const narrowestAtUsers = 10_000;
/** Mixing variance in units of σ²: ρ² of Waudby-Smith et al., equation 2.8 (appendix B.2), at `narrowestAtUsers` for 5 %. */
export const mixingVariance = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha)) + 1) / narrowestAtUsers;
/** Below these the central limit theorem cannot be leant on: few users, or means known to worse than a quarter. */
const minUsers = 100;
const maxRelativeError = 0.25;

/** Null before anybody did anything. */
export function momentsOf({ users, x, y, xx, xy, yy }: Outcomes): Moments | null {
  if (users < 2 || y <= 0) return null;
  const mean = x / y;
  const central = (products: number, a: number, b: number) => (products - (a * b) / users) / (users - 1);
  const scale = y / users;
  const spread = central(xx, x, x) - 2 * mean * central(xy, x, y) + mean * mean * central(yy, y, y);
  return { users, mean, variance: Math.max(0, spread) / (scale * scale) };
}

/** Null while there is not enough to say. Variants that are compared with one control share the always valid alpha. */
export function liftOf(treated: Moments, control: Moments, { comparisons = 1 } = {}): Lift | null {
  if (!isEnough(treated) || !isEnough(control)) return null;
  const logRatio = Math.log(treated.mean / control.mean);
  const variance = relativeVariance(treated) + relativeVariance(control);
  if (variance === 0) return null;
  const fixed = normalQuantile(1 - alpha / 2) * Math.sqrt(variance);
  // q = tρ² + 1; the interval holds where z² (q − 1) / q < ln(q / α²).
  const q = (treated.users + control.users) * mixingVariance + 1;
  const sequential = Math.sqrt(variance * (q / (q - 1)) * Math.log(q / (alpha / comparisons) ** 2));
  const logMixture = (logRatio ** 2 / variance / 2) * ((q - 1) / q) - Math.log(q) / 2;
  return {
    lift: Math.expm1(logRatio),
    interval: around(logRatio, fixed),
    alwaysValid: { ...around(logRatio, sequential), pValue: Math.min(1, Math.exp(-logMixture) * comparisons) },
  };
}

/** Users a variant so that one look after them finds a relative effect with 80 % power at 5 %; variants of equal size. */
export function usersNeeded(control: Moments, effect: number): number | null {
  if (!isEnough(control)) return null;
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(0.8);
  return Math.ceil((2 * z * z * relativeVariance(control) * control.users) / Math.log1p(effect) ** 2);
}

/** Of the logarithm of the mean. */
function relativeVariance({ users, mean, variance }: Moments): number {
  return variance / users / (mean * mean);
}

function isEnough(moments: Moments): boolean {
  return moments.users >= minUsers && moments.mean > 0 && relativeVariance(moments) <= maxRelativeError ** 2;
}

function around(logRatio: number, width: number): Interval {
  return { low: Math.expm1(logRatio - width), high: Math.expm1(logRatio + width) };
}
