/** Names to addresses over HTTPS: a Worker has no other way to learn where a name leads. */
import { isAddress, Problem } from "@vitrine/contracts";

/** https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/ */
export const cloudflareDnsUrl = "https://cloudflare-dns.com/dns-query";

/** All IPv4 and IPv6 addresses of a host name; empty when there is no such name. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<string[]>;

/** Resolvers answer in tens of milliseconds; past this the fetch as a whole would suffer. */
const dnsTimeoutMillis = 4_000;
/** A JSON answer with this many records is no picture server's. */
const maxAnswerBytes = 64 * 1024;
/** RFC 1035, 4.1.1: no error, and no such name. */
const noError = 0;
const noSuchName = 3;
const recordTypes = ["A", "AAAA"] as const;

/**
 * Resolves by `application/dns-json` (https://developers.google.com/speed/public-dns/docs/doh/json). Whatever goes
 * wrong throws `unavailable`: nothing is fetched from a name that could not be looked up.
 */
export function resolveOverHttps(
  endpoint: string,
  send: (url: string, init: RequestInit) => Promise<Response>,
): Resolve {
  return async (host, signal) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(dnsTimeoutMillis)]);
    try {
      const answers = recordTypes.map(async (type) => {
        const query = `${endpoint}?${new URLSearchParams({ name: host, type })}`;
        const response = await send(query, { headers: { Accept: "application/dns-json" }, signal: deadline });
        return addressesIn(response);
      });
      return (await Promise.all(answers)).flat();
    } catch (cause) {
      throw new Problem("unavailable", "The host of the picture's URL could not be looked up: try again later.", {
        cause,
      });
    }
  };
}

async function addressesIn(response: Response): Promise<string[]> {
  const text = await response.text();
  if (!response.ok || text.length > maxAnswerBytes) throw new Error(`DNS answered ${response.status}`);
  const { Status, Answer = [] } = JSON.parse(text) as { Status?: number; Answer?: { data?: unknown }[] };
  if (Status === noSuchName) return [];
  if (Status !== noError) throw new Error(`DNS status ${Status}`);
  // CNAME records stand in the same list; their data is a name.
  return Answer.flatMap(({ data }) => (typeof data === "string" && isAddress(data) ? [data] : []));
}
