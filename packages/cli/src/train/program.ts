/** What may be typed to train models and to choose the one that serves. */
import { tasteDimensions } from "@vitrine/contracts";
import { type Command, InvalidArgumentError } from "commander";
import { defaultUrl } from "../address.ts";
import type { ModelsCommandOptions } from "../models.ts";
import { type Actions, examples } from "../program.ts";
import type { TrainCommandOptions } from "./command.ts";

export function addTraining(program: Command, actions: Actions, exit: (code: number) => void): void {
  program
    .command("train")
    .description(
      "Learn from all saves of a running Vitrine which pins go together, and serve what was learned unless it is worse " +
        "than what serves. With --train: learn here, from a file, and print how good it is.",
    )
    .option("--url <address>", "the API", defaultUrl)
    .option("--token <token>", "a service token; without it one is signed with .dev.vars")
    .option("--train <file>", "learn here from this file: a line a user, the numbers of saved items; may be gzipped")
    .option(
      "--held-out <file>",
      "with --train: a line a user, one item; taken out of the saves, and asked for at the end",
    )
    .option("--out <file>", "with --train: where the artifact goes", "model.vtrn")
    .option("--dimensions <number>", "numbers of a pin embedding, 128 by default", parseDimensions)
    .option("--epochs <number>", "alternations over users and pins, 12 by default", parseEpochs)
    .addHelpText(
      "after",
      examples(
        "vitrine train                                   # the running stack on this machine; docs/personalisation.md",
        'vitrine train --url https://pins.example.com --token "$TOKEN"',
        "vitrine train --train saves.txt.gz --held-out val.txt --dimensions 64",
      ),
    )
    .action(async (options: TrainCommandOptions) => exit(await actions.train(options)));
  const models = program
    .command("models")
    .description("The trained models, newest first, with what each found of saves that it had not seen.");
  withAccess(models)
    .addHelpText(
      "after",
      examples(
        "vitrine models                       # which serves, which can be put back",
        "vitrine models serve m0mg3k1x2a07q   # put that one back, or serve a rejected one",
      ),
    )
    .action(async (options: ModelsCommandOptions) => exit(await actions.listModels(options)));
  withAccess(
    models
      .command("serve")
      .description("Put a retired model back at once, or publish one that was rejected.")
      .argument("<version>", "as `vitrine models` lists it"),
  ).action(async (version: string, _: ModelsCommandOptions, command: Command) =>
    exit(await actions.serveModel(version, command.optsWithGlobals<ModelsCommandOptions>())),
  );
}

function withAccess(command: Command): Command {
  return command
    .option("--url <address>", "the API", defaultUrl)
    .option("--token <token>", "a service token; without it one is signed with .dev.vars");
}

const mostEpochs = 50;

function parseEpochs(text: string): number {
  const epochs = Number(text);
  if (Number.isInteger(epochs) && epochs >= 1 && epochs <= mostEpochs) return epochs;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${mostEpochs}.`);
}

function parseDimensions(text: string): number {
  const dimensions = Number(text);
  if (dimensions >= 8 && dimensions <= tasteDimensions && dimensions % 4 === 0) return dimensions;
  throw new InvalidArgumentError(`Give a multiple of 4 from 8 to ${tasteDimensions}.`);
}
