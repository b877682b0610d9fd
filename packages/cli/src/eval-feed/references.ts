/**
 * What plain models reach on the first 37,501 users of the Pinterest saves of He et al. 2017, to read figures beside:
 * for the paper's own held-out item, and for a random save of each user, which is easier to find. Of other files they
 * say nothing. New users: mean of unit vectors, iALS of 128 dimensions, without the users in training.
 */
export interface Reference {
  sampledHitRateAt10: number;
  sampledNdcgAt10: number;
  fullHitRateAt10: number;
  coverageAt10: number;
  popularityFullHitRateAt10: number;
  newUsers: Record<string, number>;
}

export const references = {
  "random save": {
    sampledHitRateAt10: 0.9111,
    sampledNdcgAt10: 0.6224,
    fullHitRateAt10: 0.1089,
    coverageAt10: 0.3,
    popularityFullHitRateAt10: 0.0061,
    newUsers: { 1: 0.8, 3: 0.862, 5: 0.881, 10: 0.895 },
  },
  "paper's item": {
    sampledHitRateAt10: 0.8904,
    sampledNdcgAt10: 0.5722,
    fullHitRateAt10: 0.073,
    coverageAt10: 0.4,
    popularityFullHitRateAt10: 0.0088,
    newUsers: { 1: 0.784, 3: 0.844, 5: 0.863, 10: 0.877, all: 0.8925 },
  },
} as const satisfies Record<string, Reference>;
