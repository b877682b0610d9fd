import type { EventsMessage, PictureMessage } from "@vitrine/contracts";
import type { Bindings } from "./adapters/bindings.ts";
import { servicesOf } from "./adapters/services.ts";
import { handleEvents } from "./events.ts";
import { handleDeadPictures, handlePictures } from "./pictures.ts";

export default {
  async queue(batch, env) {
    const services = servicesOf(env);
    switch (batch.queue) {
      case "vitrine-pictures":
        return handlePictures(batch as MessageBatch<PictureMessage>, services);
      case "vitrine-pictures-dead":
        return handleDeadPictures(batch as MessageBatch<PictureMessage>, services);
      case "vitrine-events":
        return handleEvents(batch as MessageBatch<EventsMessage>, services);
      default:
        throw new Error(`no consumer for the queue ${batch.queue}`);
    }
  },
} satisfies ExportedHandler<Bindings, PictureMessage | EventsMessage>;
