import { Problem } from "@vitrine/contracts";
import { isRefusal, type Parsed } from "./option.ts";
import { type ImageOptions, type OptionName, optionNames, options } from "./table.ts";

/** Every option with its longest value once is shorter. */
const maxCharacters = 2_000;

const nameOf = new Map<string, OptionName>(
  optionNames.flatMap((name) => [name, ...options[name].aliases].map((alias): [string, OptionName] => [alias, name])),
);

/**
 * Reads `width=300,fit=cover,…`, the first part of an image URL's path, percent-encoded or not. Throws
 * `invalid-request` for what is no option, is given twice or has a bad value, with what is allowed.
 */
export function parseOptions(text: string): ImageOptions {
  if (text.length > maxCharacters) throw refused(`Use at most ${maxCharacters} characters of options.`);
  const parsed: ImageOptions = {};
  for (const part of split(text)) {
    const [, key = "", value = ""] = /^\s*([^=]*)=(.*)$/s.exec(part) ?? [];
    const name = nameOf.get(decode(key));
    if (name === undefined) throw refused(`There is no option "${shown(key || part)}": use ${optionNames.join(", ")}.`);
    if (parsed[name] !== undefined) throw refused(`The option ${name} is given twice: leave one out.`);
    set(parsed, name, decode(value));
  }
  return parsed;
}

function set<Name extends OptionName>(into: ImageOptions, name: Name, text: string): void {
  const result = options[name].parse(text) as Parsed<NonNullable<ImageOptions[Name]>>;
  if (isRefusal(result)) throw refused(`The option ${name} ${result.refusal}.`);
  into[name] = result.value;
}

/** At the commas that are not inside the brackets of a colour such as rgb(1,2,3). */
function split(text: string): string[] {
  const parts = text.split(/,(?![^(]*\))/).filter((part) => part !== "");
  if (parts.length === 0) throw refused("Name at least one option, such as width=300.");
  return parts;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused("Check the percent signs of the options: what follows one is two hexadecimal digits of UTF-8.");
  }
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function refused(sentence: string): Problem {
  return new Problem("invalid-request", sentence);
}
