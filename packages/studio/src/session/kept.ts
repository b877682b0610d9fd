/**
 * What a reload remembers. A handle of the demo is no secret and stays; a token stays for the tab alone.
 * Browsers may refuse storage, and then nothing is remembered.
 */
const handleKey = "vitrine.demo-user";
const tokenKey = "vitrine.token";

export const keptHandle = () => read(() => localStorage.getItem(handleKey));
export const keptToken = () => read(() => sessionStorage.getItem(tokenKey));

export function keepHandle(handle: string | null): void {
  read(() => (handle === null ? localStorage.removeItem(handleKey) : localStorage.setItem(handleKey, handle)));
}

export function keepToken(token: string | null): void {
  read(() => (token === null ? sessionStorage.removeItem(tokenKey) : sessionStorage.setItem(tokenKey, token)));
}

function read<Value>(access: () => Value): Value | null {
  try {
    return access();
  } catch {
    return null;
  }
}
