import { expect, test } from "vitest";
import { assertPublicUrl, isPublicAddress } from "./public-url.ts";

const publicAddresses = [
  ...[
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
  ],
  ...["169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0"],
  ...["198.17.255.255", "198.20.0.0", "223.255.255.255"],
  ...["2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450:4001:82a::200e", "2001:200::1", "2003::1"],
];

const specialAddresses = {
  "this network": ["0.0.0.0", "0.255.255.255"],
  private: ["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"],
  "shared by carriers": ["100.64.0.0", "100.127.255.255"],
  loopback: ["127.0.0.1", "127.255.255.255", "::1", "0:0:0:0:0:0:0:1"],
  "link-local and metadata": [
    "169.254.0.0",
    "169.254.169.254",
    "169.254.255.255",
    "fe80::1",
    "fd00:ec2::254",
    "168.63.129.16",
  ],
  protocol: ["192.0.0.1", "192.0.0.171", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.175.48.1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  benchmarking: ["198.18.0.0", "198.19.255.255", "2001:2::1"],
  "multicast and reserved": ["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "ff02::1"],
  unspecified: ["::", "0:0:0:0:0:0:0:0"],
  "unique local": ["fc00::1", "fdff:ffff::1"],
  "v4-mapped and v4-compatible": [
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "::ffff:0:8.8.8.8",
  ],
  tunnels: ["2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:0:4136:e378::1", "100::1", "2001:20::1"],
  ISATAP: ["2606:4700::5efe:7f00:1", "2606:4700::200:5efe:10.0.0.1"],
  "former or never allocated": ["fec0::1", "3ffe::1", "4000::1", "5f00::1"],
  "no address": ["", "1.2.3", "256.1.1.1", "01.2.3.4", "1.2.3.4.5", "1::2::3", ":::", "12345::", "fe80::1%eth0", "x"],
};

test.each(publicAddresses)("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(Object.entries(specialAddresses))("%s addresses are not public", (_, addresses) => {
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});

test.each([
  "https://example.com/a.jpg",
  "http://pictures.example.org:8080/a?b=c",
  "https://user-content.example.net:8443/",
  "http://1.1.1.1/a.png",
  "https://[2606:4700:4700::1111]/a.png",
])("%s may be fetched", (url) => {
  expect(assertPublicUrl(url).href).toBe(url);
});

test.each([
  ["ftp://example.com/a.jpg", "http"],
  ["file:///etc/passwd", "http"],
  ["data:image/png;base64,AAAA", "http"],
  ["/relative.jpg", "absolute"],
  ["http://", "absolute"],
  ["https://user:secret@example.com/a.jpg", "password"],
  ["https://user@example.com/a.jpg", "password"],
  ["http://example.com:22/", "port"],
  ["http://example.com:6379/", "port"],
  ["http://127.0.0.1/", "public internet"],
  ["http://2130706433/", "public internet"], // 127.0.0.1 as one number
  ["http://0x7f000001/", "public internet"],
  ["http://0x7f.1/", "public internet"],
  ["http://0177.0.0.1/", "public internet"],
  ["http://127.1/", "public internet"],
  ["http://①②⑦.0.0.1/", "public internet"], // full-width digits become ASCII
  ["http://169.254.169.254/latest/meta-data/", "public internet"],
  ["http://0/", "public internet"],
  ["http://[::1]/", "public internet"],
  ["http://[::ffff:169.254.169.254]/", "public internet"],
  ["http://[64:ff9b::a9fe:a9fe]/", "public internet"],
  ["http://localhost/", "public internet"],
  ["http://LOCALHOST./", "public internet"],
  ["http://a.localhost/", "public internet"],
  ["http://metadata.google.internal/", "public internet"],
  ["http://printer.local/", "public internet"],
  ["http://intranet/", "public internet"],
  [`https://example.com/${"a".repeat(2048)}`, "2048 characters"],
])("%s is refused with what to do", (url, reason) => {
  expect(() => assertPublicUrl(url)).toThrow(
    expect.objectContaining({ code: "url-not-allowed", message: expect.stringContaining(reason) }),
  );
});

test("a named host is exempt, with its port and no other", () => {
  const allowed = ["127.0.0.1:9000", "Pictures.Intranet"];
  expect(assertPublicUrl("http://127.0.0.1:9000/a.jpg", allowed).port).toBe("9000");
  expect(assertPublicUrl("https://pictures.intranet/a.jpg", allowed).hostname).toBe("pictures.intranet");
  expect(() => assertPublicUrl("http://127.0.0.1:9001/a.jpg", allowed)).toThrow("Port".toLowerCase());
  expect(() => assertPublicUrl("http://127.0.0.1/a.jpg", allowed)).toThrow("public internet");
  expect(() => assertPublicUrl("ftp://127.0.0.1:9000/a.jpg", allowed)).toThrow("use http");
  expect(() => assertPublicUrl("http://a:b@127.0.0.1:9000/a.jpg", allowed)).toThrow("password");
});
