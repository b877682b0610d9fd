import type { ParsedUrl } from "@vitrine/contracts";

/** `example.com`, `example.com:8443`, or `*.example.com` for everything below it and not itself. */
export const hostPattern = /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/;

/** Whether the URL's host is on the list, letter for letter or below a `*.`; what is no pattern lists nothing. */
export function isHostListed(url: Pick<ParsedUrl, "host">, list: readonly string[]): boolean {
  const host = url.host.toLowerCase();
  return list.some((entry) => {
    const pattern = entry.trim().toLowerCase();
    if (!hostPattern.test(pattern)) return false;
    return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern;
  });
}
