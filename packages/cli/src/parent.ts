/** Ends this process in order when the bootstrap that started it was killed outright: nobody passes that on. */
export function endWithParent(): void {
  const parent = Number(process.env.VITRINE_PARENT);
  delete process.env.VITRINE_PARENT;
  if (!parent || process.ppid !== parent) return;
  setInterval(() => process.ppid !== parent && process.kill(process.pid, "SIGTERM"), 1000).unref();
}
