/** Why a picture could not be made. `damaged` and `truncated` are the file's fault, `unsupported` is ours to name. */
export const failureKinds = ["internal", "damaged", "unsupported", "memory", "encoder", "truncated"] as const;
export type FailureKind = (typeof failureKinds)[number];

/** Thrown by the pack for everything that can go wrong; the instance that failed is gone by then. */
export class PackError extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = "PackError";
    this.kind = kind;
  }
}
