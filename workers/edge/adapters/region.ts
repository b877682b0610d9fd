import type { Region } from "@vitrine/contracts";

/** Where a caller is whose place is not known: the region nearest to most of the internet's exchange points. */
export const defaultRegion: Region = "enam";

const middleEast = new Set(["AE", "BH", "IL", "IQ", "IR", "JO", "KW", "LB", "OM", "PS", "QA", "SA", "SY", "TR", "YE"]);
const easternEurope = new Set(
  "AL BA BG BY CY CZ EE FI GR HR HU LT LV MD ME MK PL RO RS RU SI SK UA XK".split(" "), // nearer to Warsaw than to Paris
);

/** North America is parted where its rail and fibre are: west of 100° W is the west. */
const americanDivideLongitude = -100;

/** The region of a request by the platform's word on where it came from. */
export function regionOf(
  cf: Pick<IncomingRequestCfProperties, "continent" | "country" | "longitude"> | undefined,
): Region {
  const country = cf?.country ?? "";
  if (middleEast.has(country)) return "me";
  switch (cf?.continent) {
    case "NA":
      return Number(cf.longitude ?? 0) < americanDivideLongitude ? "wnam" : "enam";
    case "SA":
      return "sam";
    case "EU":
      return easternEurope.has(country) ? "eeur" : "weur";
    case "AS":
      return "apac";
    case "OC":
    case "AN":
      return "oc";
    case "AF":
      return "afr";
    default:
      return defaultRegion;
  }
}
