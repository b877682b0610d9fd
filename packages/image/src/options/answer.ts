/** Options about the answer, and those that are understood only to be refused. */
import { type Option, oneOf } from "./option.ts";

export const onerror: Option<"redirect"> = {
  aliases: [],
  stage: "answer",
  parse: oneOf({ redirect: "redirect" }),
  describe: {
    values: "`redirect`",
    default: "–",
    meaning: "When the rendition cannot be made: to the original, on this host.",
    example: "redirect",
  },
};

function needsModel(meaning: string, example: string): Option<never> {
  return {
    aliases: [],
    stage: "source",
    parse: () => ({ refusal: "needs a model, and there is none here: leave it out" }),
    describe: { values: `\`${example}\``, default: "–", meaning: `${meaning}. Needs a model: refused.`, example },
  };
}

export const segment = needsModel("Cuts out the foreground", "foreground");
export const upscale = needsModel("Invents detail when enlarging", "generate");
