/** Where `start` listens, and where the other commands look for it, unless told otherwise. */
export const defaultPort = 8787;
export const defaultUrl = `http://localhost:${defaultPort}`;
