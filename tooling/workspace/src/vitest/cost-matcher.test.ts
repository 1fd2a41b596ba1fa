import { expect, it } from 'vitest';

const burn = (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

it('fails work that costs far more than its limit, and says what it costs', async () => {
  const judged = expect(() => burn(40)).toCostAtMostMs(1);
  await expect(judged).rejects.toThrow(/at most 1 ms of processor time: it costs \d+/);
});

it('passes work within its limit, also async work, after one run', async () => {
  let runs = 0;
  await expect(async () => {
    runs += 1;
    await Promise.resolve();
  }).toCostAtMostMs(1_000);
  expect(runs).toBe(1);
});
