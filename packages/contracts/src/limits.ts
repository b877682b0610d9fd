/** Every limit of the API, each with its unit and its reason. Checked before the work that it bounds. */
export const limits = {
  /** Workers take request bodies of 100 MB; a phone photo has 3 to 15. */
  maxUploadBytes: 30 * 1024 * 1024,
  /** JSON bodies other than event batches hold a few fields. */
  maxJsonBytes: 64 * 1024,
  /** 500 events of about 200 bytes stay far below one queue message of 128 KB when split by 250. */
  maxEventsPerRequest: 500,
  maxEventsBytes: 256 * 1024,
  maxTitleCharacters: 200,
  maxDescriptionCharacters: 2_000,
  maxUrlCharacters: 2_048,
  maxNameCharacters: 80,
  maxCategoryCharacters: 64,
  maxIdempotencyKeyCharacters: 128,
  /** A page of the feed; more would not fit the selector's 5 ms. */
  maxFeedPageSize: 100,
  defaultFeedPageSize: 25,
  maxListPageSize: 200,
  defaultListPageSize: 50,
  maxCollaboratorsPerBoard: 100,
  /** All of them stand in the user embedding: 22 bytes each. */
  maxBlocksPerUser: 1_000,
  /** A cursor remembers 600 shown pins of 4 bytes each, in base64, signed. */
  maxCursorCharacters: 6_000,
  /** Kept in the region's store for each user (design: last actions kept). */
  maxActionsPerUser: 1_000,
  /** Candidates of one `POST /v1/rank`: one D1 query of 500 rows when none is in memory. */
  maxRankedPins: 500,
  /** One D1 statement takes 20,000 rows through `json_each` in about 25 ms; 10,000 lines of 200 bytes are 2 MB. */
  maxBulkLines: 10_000,
  maxBulkBytes: 4 * 1024 * 1024,
  /** Bad lines that an answer names: who has more has one mistake many times. */
  maxBulkProblems: 100,
  /** All running experiments are one value in KV that every isolate reads; 50 of 8 variants are about 100 KB. */
  maxRunningExperiments: 50,
  maxVariantsPerExperiment: 8,
  /** Signed rendition URLs. */
  maxSignedUrlSeconds: 7 * 24 * 3600,
  defaultSignedUrlSeconds: 3600,
  /** Fetching by URL. */
  maxRedirects: 5,
  fetchTimeoutMillis: 15_000,
} as const;
