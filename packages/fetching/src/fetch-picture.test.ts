import { expect, test } from "vitest";
import { fetchPicture, type Network, revalidatePicture } from "./fetch-picture.ts";
import { isHostListed } from "./host-list.ts";
import { drawnPng } from "./testing/drawn-png.ts";

const picture = drawnPng();
const site = "https://images.example.com";

interface Sent {
  url: string;
  headers: Headers;
}

/** An internet of one answer a path; what is asked is noted. */
function internet(pages: Record<string, () => Response>, changes: Partial<Network> = {}) {
  const sent: Sent[] = [];
  const network: Network = {
    send: async (url, { headers }) => {
      sent.push({ url, headers: new Headers(headers) });
      return pages[new URL(url).pathname]?.() ?? new Response("no", { status: 404 });
    },
    resolve: async () => ["93.184.216.34"],
    allowedHosts: [],
    isWanted: (url) => isHostListed(url, ["images.example.com", "*.cdn.example.net"]),
    ...changes,
  };
  return { network, sent };
}

const redirect = (location: string) => () => new Response(null, { status: 302, headers: { Location: location } });
const withEtag = (etag: string) => () => new Response(picture, { headers: { ETag: etag } });

test("every hop must be wanted, not the first alone", async () => {
  const { network, sent } = internet({
    "/good": redirect("https://a.cdn.example.net/photo"),
    "/bad": redirect("https://elsewhere.example.org/photo"),
    "/photo": withEtag('"1"'),
  });
  expect(await fetchPicture(`${site}/good`, network)).toMatchObject({ contentType: "image/png" });
  await expect(fetchPicture(`${site}/bad`, network)).rejects.toMatchObject({
    code: "url-not-allowed",
    message: expect.stringContaining("not among the sources"),
  });
  await expect(fetchPicture("https://elsewhere.example.org/photo", network)).rejects.toMatchObject({
    code: "url-not-allowed",
  });
  expect(sent.map(({ url }) => new URL(url).host)).not.toContain("elsewhere.example.org");
});

test("a wanted name must be public all the same", async () => {
  const { network, sent } = internet({ "/photo": withEtag('"1"') }, { resolve: async () => ["10.0.0.7"] });
  await expect(fetchPicture(`${site}/photo`, network)).rejects.toMatchObject({ code: "url-not-allowed" });
  expect(sent).toEqual([]);
});

test("an unchanged picture is told by its ETag, a changed one is fetched", async () => {
  const { network, sent } = internet({
    "/same": () => new Response(null, { status: 304 }),
    "/moved": redirect("/same"),
    "/new": withEtag('W/"2"'),
  });
  expect(await revalidatePicture(`${site}/moved`, network, '"1"')).toBe("unchanged");
  expect(sent.map(({ headers }) => headers.get("If-None-Match"))).toEqual(['"1"', '"1"']);
  expect(await revalidatePicture(`${site}/new`, network, '"1"')).toMatchObject({ etag: 'W/"2"' });
  await expect(fetchPicture(`${site}/same`, network)).rejects.toMatchObject({ code: "url-not-allowed" });
});

test.each([
  ['"abc-1"', '"abc-1"'],
  ["unquoted", null],
  [`"${"x".repeat(201)}"`, null],
  ['"a"b"', null],
])("the ETag %s is kept as %s", async (etag, kept) => {
  const { network } = internet({ "/photo": withEtag(etag) });
  expect(await fetchPicture(`${site}/photo`, network)).toMatchObject({ etag: kept });
});

test("the asker's own bound holds below the general one", async () => {
  const { network } = internet({ "/photo": withEtag('"1"') }, { maxBytes: picture.byteLength - 1 });
  await expect(fetchPicture(`${site}/photo`, network)).rejects.toMatchObject({ code: "payload-too-large" });
});

test("requests say who asks, so that a loop can be told", async () => {
  const { network, sent } = internet({ "/photo": withEtag('"1"') });
  await fetchPicture(`${site}/photo`, network);
  expect(sent[0]?.headers.get("User-Agent")).toMatch(/^Vitrine\//);
  expect(sent[0]?.headers.get("Via")).toBe("1.1 Vitrine");
});
