/** What this Worker's wrangler.toml binds. */
export interface Bindings {
  ORIGINALS: R2Bucket;
  RENDITIONS: R2Bucket;
}
