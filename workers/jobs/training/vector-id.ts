/** Of a pin's vector in the taste index: 44 bytes of the 64 that Vectorize takes. */
export function vectorId(version: string, pinId: string): string {
  return `${version}.${pinId}`;
}
