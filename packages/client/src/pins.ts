import type {
  CreatePin,
  Pin,
  PinPage,
  PinStatus,
  Region,
  RelatedPins,
  SignedUrl,
  SignUrl,
  UpdatePin,
} from "@vitrine/contracts";
import { VitrineError } from "./error.ts";
import type { ListOptions } from "./paging.ts";
import { pause } from "./pause.ts";
import type { CallOptions, Transport } from "./transport.ts";
import type { WireInput } from "./wire-input.ts";

export interface CreateOptions extends CallOptions {
  /**
   * 1 to 128 characters; the same key of the same user answers the same pin, however often it is sent.
   * Default: a random one, so that the retries of this one call make one pin. Give your own (a file's
   * hash or path) to be safe across restarts as well.
   */
  idempotencyKey?: string;
}

export interface PinWords extends Omit<WireInput<typeof CreatePin>, "imageUrl"> {}

export interface RelatedOptions extends CallOptions {
  /** 1 to 100; the server's default is 25. */
  limit?: number | undefined;
  /** `cursor` of the page before, of the same pin and board; absent for the first. */
  cursor?: string | null | undefined;
  /** A board that the viewer sees: what is on it already is left out. */
  boardId?: string | undefined;
  /** Where the user is, when a back end asks. */
  region?: Region | undefined;
}

export function pinsOf(send: Transport) {
  const get = (pinId: string, options: CallOptions = {}) =>
    send<Pin>({ ...options, method: "GET", path: `/v1/pins/${pinId}` });

  return {
    get,

    /** A pin by the URL of its picture (answered while provisional), or of words alone without `imageUrl`. */
    create: (pin: WireInput<typeof CreatePin>, { idempotencyKey, ...options }: CreateOptions = {}) =>
      send<Pin>({
        ...options,
        method: "POST",
        path: "/v1/pins",
        json: pin,
        headers: { "idempotency-key": idempotencyKey ?? crypto.randomUUID() },
        isRepeatable: true,
      }),

    /** A pin with its picture's bytes, 30 MiB at most. Answers at once, with status `provisional`. */
    upload: (picture: Blob, words: PinWords, { idempotencyKey, ...options }: CreateOptions = {}) =>
      send<Pin>({
        ...options,
        method: "POST",
        path: "/v1/pins",
        form: formOf(picture, words),
        headers: { "idempotency-key": idempotencyKey ?? crypto.randomUUID() },
        isRepeatable: true,
      }),

    /** Corrects the words of a pin. */
    update: (pinId: string, changes: WireInput<typeof UpdatePin>, options: CallOptions = {}) =>
      send<Pin>({ ...options, method: "PATCH", path: `/v1/pins/${pinId}`, json: changes }),

    /** Takes a failed pin up again; answers it provisional. */
    retry: (pinId: string, options: CallOptions = {}) =>
      send<Pin>({ ...options, method: "POST", path: `/v1/pins/${pinId}/retry`, isRepeatable: true }),

    /** Pins of a status, such as what failed; a service's call. */
    list: (status: PinStatus, { limit, cursor, ...options }: ListOptions & CallOptions = {}) =>
      send<PinPage>({ ...options, method: "GET", path: "/v1/pins", query: { status, limit, cursor } }),

    /** Pins kept on the same boards or that look alike; with `boardId`, those that suit the board. */
    related: (pinId: string, { limit, cursor, boardId, region, ...options }: RelatedOptions = {}) =>
      send<RelatedPins>({
        ...options,
        method: "GET",
        path: `/v1/pins/${pinId}/related`,
        query: { limit, cursor, boardId, region },
      }),

    delete: (pinId: string, options: CallOptions = {}) =>
      send<void>({ ...options, method: "DELETE", path: `/v1/pins/${pinId}` }),

    /** A rendition's path that shows a secret pin to whoever has it, for an hour unless told otherwise. */
    signedUrl: (pinId: string, request: WireInput<typeof SignUrl>, options: CallOptions = {}) =>
      send<SignedUrl>({
        ...options,
        method: "POST",
        path: `/v1/pins/${pinId}/signed-url`,
        json: request,
        isRepeatable: true,
      }),

    /**
     * Asks for a pin until it is no longer provisional, every `intervalMillis` (default 500).
     * Answers a ready or failed pin; throws `timeout` after `withinMillis` (default one minute).
     */
    async settled(
      pinId: string,
      { intervalMillis = 500, withinMillis = 60_000, ...options }: SettledOptions = {},
    ): Promise<Pin> {
      const deadline = AbortSignal.timeout(withinMillis);
      const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
      try {
        for (;;) {
          const pin = await get(pinId, { ...options, signal });
          if (pin.status !== "provisional") return pin;
          await pause(intervalMillis, signal);
        }
      } catch (error) {
        if (!deadline.aborted || options.signal?.aborted) throw error;
        const message = `Pin ${pinId} is still provisional after ${withinMillis / 1000} seconds; ask again later.`;
        throw new VitrineError(message, { status: 0, code: "timeout", cause: error });
      }
    },
  };
}

export interface SettledOptions extends CallOptions {
  intervalMillis?: number;
  withinMillis?: number;
}

function formOf(picture: Blob, words: PinWords): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(words)) if (typeof value === "string") form.set(name, value);
  form.set("file", picture);
  return form;
}
