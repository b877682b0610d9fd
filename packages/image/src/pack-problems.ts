/** What the pack's failures are to whoever asked for the picture. */
import { Problem } from "@vitrine/contracts";
import { type FailureKind, PackError } from "./pack/failure.ts";

/**
 * The Problem of an error that making a picture threw. What the file is to blame for is told so; what is our own
 * fault is `internal`, with its cause; anything else passes as it is, such as a stream that broke.
 */
export function asPictureProblem(error: unknown): unknown {
  if (!(error instanceof PackError)) return error;
  // A source that throws is not the module's failure.
  if (error.cause instanceof Problem) return error.cause;
  return problemOf[error.kind](error);
}

const problemOf: Record<FailureKind, (cause: PackError) => Problem> = {
  damaged: damagedPicture,
  truncated: (cause) =>
    new Problem("unprocessable-image", "The picture is cut off before its first row: send the file again.", { cause }),
  unsupported: (cause) =>
    new Problem("unsupported-media-type", "The picture is coded in a way that is not taken: save it as JPEG or PNG.", {
      cause,
    }),
  memory: (cause) =>
    new Problem("too-many-pixels", "The picture takes more memory than there is: send it smaller.", { cause }),
  encoder: ourFault,
  internal: ourFault,
};

export function damagedPicture(cause: unknown): Problem {
  return new Problem("unprocessable-image", "The picture is damaged and cannot be decoded: send the file again.", {
    cause,
  });
}

function ourFault(cause: PackError): Problem {
  return new Problem("internal", "The picture could not be made: try again, and tell the operator if it stays so.", {
    cause,
  });
}
