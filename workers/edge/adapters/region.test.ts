import type { Region } from "@vitrine/contracts";
import { expect, test } from "vitest";
import { regionOf } from "./region.ts";

const places: [string, Parameters<typeof regionOf>[0], Region][] = [
  ["Seattle", { continent: "NA", country: "US", longitude: "-122.3" }, "wnam"],
  ["New York", { continent: "NA", country: "US", longitude: "-74.0" }, "enam"],
  ["North America, somewhere", { continent: "NA", country: "US" }, "enam"],
  ["São Paulo", { continent: "SA", country: "BR", longitude: "-46.6" }, "sam"],
  ["Paris", { continent: "EU", country: "FR" }, "weur"],
  ["Warsaw", { continent: "EU", country: "PL" }, "eeur"],
  ["Istanbul", { continent: "EU", country: "TR" }, "me"],
  ["Dubai", { continent: "AS", country: "AE" }, "me"],
  ["Tokyo", { continent: "AS", country: "JP" }, "apac"],
  ["Auckland", { continent: "OC", country: "NZ" }, "oc"],
  ["McMurdo", { continent: "AN", country: "AQ" }, "oc"],
  ["Lagos", { continent: "AF", country: "NG" }, "afr"],
  ["nowhere known", {}, "enam"],
  ["no word from the platform", undefined, "enam"],
];

test.for(places)("%s", ([, cf, region]) => {
  expect(regionOf(cf)).toBe(region);
});
