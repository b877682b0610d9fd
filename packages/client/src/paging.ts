/** Which page of a list. */
export interface ListOptions {
  /** Items a page, 1 to 200. */
  limit?: number | undefined;
  /** `cursor` of the page before; absent for the first. */
  cursor?: string | null | undefined;
}
