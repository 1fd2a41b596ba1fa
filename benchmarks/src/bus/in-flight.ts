/** How many events a measured producer has in flight. */
export const inFlight = 256;

/** Calls `send` that many times, with that many calls in flight at once, as a busy service does. */
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
