/**
 * Which URLs the platform may fetch on behalf of a client. The check is by syntax and by address alone, so that the
 * edge can refuse at once; whoever fetches resolves the name and checks every address and every redirect again.
 * Addresses are refused by the IANA special-purpose registries (RFC 6890 and its updates); what embeds an IPv4
 * address in an IPv6 one is refused as a whole, since a tunnel may lead anywhere.
 */
import { Problem } from "./errors.ts";
import { limits } from "./limits.ts";

/** The parts of the WHATWG URL that are looked at: every platform has the class, this package knows no platform's types. */
export interface ParsedUrl {
  readonly href: string;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  /** Name or address, IPv6 in brackets. */
  readonly hostname: string;
  /** Empty when it is the default port of the protocol. */
  readonly port: string;
  /** Host name and port, when there is one. */
  readonly host: string;
}
declare const URL: { new (text: string): ParsedUrl; canParse(text: string): boolean };

/** Ports that serve pictures on the public web. Others, such as 22 or 6379, belong to services that must not be poked. */
const allowedPorts = new Set(["", "80", "443", "8080", "8443"]);

/**
 * The parsed URL, when a fetch of it may begin; otherwise a Problem `url-not-allowed`.
 * `allowedHosts` holds `host` or `host:port` entries that are exempt from the checks of port and address.
 */
export function assertPublicUrl(text: string, allowedHosts: readonly string[] = []): ParsedUrl {
  if (text.length > limits.maxUrlCharacters)
    throw refused(`use a URL of at most ${limits.maxUrlCharacters} characters`);
  if (!URL.canParse(text)) throw refused("give an absolute URL, such as https://example.com/photo.jpg");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw refused("use http or https");
  if (url.username !== "" || url.password !== "") throw refused("leave user name and password out of the URL");
  if (isAllowedHost(url, allowedHosts)) return url;
  if (!allowedPorts.has(url.port)) throw refused("use port 80, 443, 8080 or 8443");
  const host = url.hostname;
  const literal = host.startsWith("[") ? host.slice(1, -1) : host;
  if (isAddress(literal)) {
    if (!isPublicAddress(literal)) throw refused("the address is not on the public internet");
  } else if (!isPublicName(host)) {
    throw refused("the host is not on the public internet");
  }
  return url;
}

/** Whether the URL's host is named in `allowedHosts`, as `host` (its default port) or as `host:port`. */
export function isAllowedHost(url: ParsedUrl, allowedHosts: readonly string[]): boolean {
  const host = url.host.toLowerCase();
  return allowedHosts.some((allowed) => allowed.trim().toLowerCase() === host);
}

/** Whether the text is an IP address in the canonical form that URL parsers answer, IPv6 without brackets. */
export function isAddress(text: string): boolean {
  return parseIpv4(text) !== undefined || parseIpv6(text) !== undefined;
}

/** Whether an IPv4 or IPv6 address is globally reachable unicast. Anything that is no address is not. */
export function isPublicAddress(address: string): boolean {
  const v4 = parseIpv4(address);
  if (v4 !== undefined) return !specialIpv4.some(([network, prefix]) => inNetwork4(v4, network, prefix));
  const v6 = parseIpv6(address);
  if (v6 === undefined) return false;
  // Only 2000::/3 is allocated as global unicast (RFC 4291, 2.4): loopback, ULA, link-local, multicast,
  // v4-mapped, v4-compatible, NAT64 and the discard prefix all lie outside of it.
  if ((v6[0] ?? 0) >> 13 !== 1) return false;
  if (isIsatap(v6)) return false;
  return !specialIpv6.some(([network, prefix]) => inNetwork6(v6, network, prefix));
}

const specialIpv4 = (
  [
    ["0.0.0.0", 8], // "this network", RFC 791 3.2
    ["10.0.0.0", 8], // private use, RFC 1918
    ["100.64.0.0", 10], // shared address space of carriers, RFC 6598
    ["127.0.0.0", 8], // loopback, RFC 1122 3.2.1.3
    ["169.254.0.0", 16], // link-local, RFC 3927; the metadata services of clouds live here
    ["172.16.0.0", 12], // private use, RFC 1918
    ["192.0.0.0", 24], // IETF protocol assignments, RFC 6890
    ["192.0.2.0", 24], // documentation, RFC 5737
    ["192.31.196.0", 24], // AS112, RFC 7535
    ["192.52.193.0", 24], // AMT, RFC 7450
    ["192.88.99.0", 24], // 6to4 relay anycast, RFC 7526
    ["192.168.0.0", 16], // private use, RFC 1918
    ["192.175.48.0", 24], // AS112 direct delegation, RFC 7534
    ["168.63.129.16", 32], // Azure's platform resources: a public number that only a cloud's own hosts reach
    ["198.18.0.0", 15], // benchmarking, RFC 2544
    ["198.51.100.0", 24], // documentation, RFC 5737
    ["203.0.113.0", 24], // documentation, RFC 5737
    ["224.0.0.0", 4], // multicast, RFC 5771
    ["240.0.0.0", 4], // reserved and limited broadcast, RFC 1112 4, RFC 919
  ] as const
).map(([network, prefix]) => [parseIpv4(network) ?? 0, prefix] as const);

const specialIpv6 = (
  [
    ["2001::", 23], // IETF protocol assignments with Teredo, ORCHID, benchmarking: RFC 2928, 4380, 5180, 7343
    ["2001:db8::", 32], // documentation, RFC 3849
    ["2002::", 16], // 6to4, RFC 3056
    ["2620:4f:8000::", 48], // AS112 direct delegation, RFC 7534
    ["3ffe::", 16], // the former 6bone, returned, RFC 3701
    ["3fff::", 20], // documentation, RFC 9637
  ] as const
).map(([network, prefix]) => [parseIpv6(network) ?? [], prefix] as const);

/** Names that never lead to the public internet: RFC 6761, 6762, 7686, 8375, 9476, ICANN's reserved ones, and single labels. */
const privateSuffixes = [
  "localhost",
  "local",
  "internal",
  "intranet",
  "lan",
  "home",
  "corp",
  "private",
  "home.arpa",
  "arpa",
  "test",
  "invalid",
  "onion",
  "alt",
];

function isPublicName(host: string): boolean {
  const name = host.replace(/\.$/, "").toLowerCase();
  if (!name.includes(".")) return false;
  return !privateSuffixes.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
}

/** The 32 bits of a dotted quad; hexadecimal and octal spellings were made decimal by the URL parser already. */
function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const octets = match.slice(1).map(Number);
  if (octets.some((octet, i) => octet > 255 || String(octet) !== match[i + 1])) return undefined;
  return octets.reduce((bits, octet) => bits * 256 + octet, 0);
}

/** The eight groups of an IPv6 address, with or without `::` and a dotted quad at the end; zones are refused. */
function parseIpv6(text: string): number[] | undefined {
  const quad = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (quad) {
    const bits = parseIpv4(quad[2] ?? "");
    if (bits === undefined) return undefined;
    return parseIpv6(`${quad[1]}${Math.floor(bits / 65536).toString(16)}:${(bits % 65536).toString(16)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2 || !text.includes(":")) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (![...head, ...tail].every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array<string>(missing).fill("0"), ...tail].map((group) => Number.parseInt(group, 16));
}

function inNetwork4(address: number, network: number, prefix: number): boolean {
  const size = 2 ** (32 - prefix);
  return Math.floor(address / size) === Math.floor(network / size);
}

function inNetwork6(address: readonly number[], network: readonly number[], prefix: number): boolean {
  return network.every((group, i) => {
    const bits = Math.min(16, Math.max(0, prefix - i * 16));
    return (address[i] ?? 0) >> (16 - bits) === group >> (16 - bits);
  });
}

/** ISATAP interface identifiers hold an IPv4 address behind 0000:5efe or 0200:5efe (RFC 5214, 6.1). */
function isIsatap(groups: readonly number[]): boolean {
  return groups[5] === 0x5efe && ((groups[4] ?? 0) & 0xfdff) === 0;
}

function refused(what: string): Problem {
  return new Problem("url-not-allowed", `The picture cannot be fetched from this URL: ${what}.`);
}
