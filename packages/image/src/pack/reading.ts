/** What the reader of a format is told beside the bytes. */
import type { PictureProbe } from "../probe/picture.ts";
import type { Header } from "./header.ts";
import type { PlaneTarget } from "./planes.ts";
import type { Route } from "./route.ts";

export interface Reading {
  probe: PictureProbe;
  header: Header;
  target: Omit<PlaneTarget, "divisor">;
  route: Route;
}
