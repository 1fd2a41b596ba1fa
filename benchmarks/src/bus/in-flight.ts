/** Calls `send` that many times with so many unsettled at once, as a busy service does. */
export async function keepInFlight(
  inFlight: number,
  times: number,
  send: () => Promise<unknown>,
): Promise<void> {
  let left = times;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
}
