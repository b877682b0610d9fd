/** Who likes what in the demo: people, and what each of them saved. All of it follows from the seed. */
import { type Random, randomOf } from "./drawing/random.ts";

export interface Person {
  handle: string;
  name: string;
  /** Categories that this person saves from, the favourite first. */
  likes: string[];
}

const names = (
  "Ada Bela Caro Dario Edda Filip Greta Hugo Ines Jonas Kaja Lior Mira Nils Oda Paul Quinn Rosa Sami Tilda " +
  "Umar Vera Wanda Xenia Yusuf Zora Anton Britt Cleo Dunja Emil Freya Goran Hanna Ilja Jule Kurt Lena Malte Nora " +
  "Ole Pia Rafi Selma Timo Ulla Viktor Willa Yara Zeno Alma Bruno Cilla Dora Elio Fenja Gero Hedda Ivo Jette"
).split(" ");

/** Sixty people with one to three likes, most with two or three; each category is the favourite of seven or eight. */
export function demoPeople(categories: readonly string[]): Person[] {
  const random = randomOf("people");
  return names.map((name, index) => {
    const favourite = categories[index % categories.length] ?? "";
    const others = random.shuffle(categories.filter((category) => category !== favourite));
    return {
      handle: name.toLowerCase(),
      name,
      likes: [favourite, ...others.slice(0, random.pick([0, 1, 1, 2, 2, 2]))],
    };
  });
}

/** A share of every person's saves that follows no taste: people are not filters. */
const strayShare = 0.08;

/** Of one category nobody saves more than this share: what is left is for the feed to find. */
const mostOfCategory = 0.55;

/** What a person saved: mostly the favourite, then the other likes. No pin twice; fewer than `count` of a small taste. */
export function savesOf(person: Person, pinIds: ReadonlyMap<string, readonly string[]>, count: number): string[] {
  const random = randomOf(`saves of ${person.handle}`);
  const everything = [...pinIds.values()].flat();
  const offered = new Map([...pinIds].map(([category, pins]) => [category, mostOf(pins, random)]));
  const chosen = new Set<string>();
  for (let attempt = 0; attempt < count * 3 && chosen.size < count && everything.length > 0; attempt++) {
    const pins = random.chance(strayShare) ? everything : (offered.get(likeOf(person, random)) ?? []);
    if (pins.length > 0) chosen.add(random.pick(pins));
  }
  return [...chosen];
}

function mostOf(pins: readonly string[], random: Random): string[] {
  return random.shuffle(pins).slice(0, Math.ceil(pins.length * mostOfCategory));
}

function likeOf({ likes }: Person, random: Random): string {
  return random.chance(0.6) ? (likes[0] ?? "") : random.pick(likes);
}

/** At most this many people for a folder of the user's: one a board. */
const maxFans = 12;

/** One person for each of the first boards, who likes it and now and then the next one. */
export function fansOf(categories: readonly string[]): Person[] {
  const fans = categories.slice(0, maxFans).map((category, index) => {
    const next = categories[(index + 1) % categories.length] ?? category;
    return {
      handle: `${handleOf(category)}-fan`,
      name: `${category.charAt(0).toUpperCase()}${category.slice(1)} fan`.slice(0, 80),
      likes: index % 3 === 2 && next !== category ? [category, next] : [category],
    };
  });
  return fans.filter(({ handle }, index) => fans.findIndex((fan) => fan.handle === handle) === index);
}

/** A handle has a-z, 0-9, _ and - and 40 characters; `-fan` takes four of them. */
function handleOf(text: string): string {
  const plain = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return plain.replaceAll(/^-+|-+$/g, "").slice(0, 36) || "pictures";
}
