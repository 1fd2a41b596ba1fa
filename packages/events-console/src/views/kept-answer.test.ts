import { configureEvents } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptAnswer } from './kept-answer.js';

let ahead = 0;
let restore: Disposable;
beforeEach(() => {
  ahead = 0;
  const { clock } = runtime();
  restore = configureEvents({ clock: { ...clock, monotonic: () => ahead } });
});
afterEach(() => restore[Symbol.dispose]());

it('asks no second time while an answer takes longer than it is kept', async () => {
  const answers: ((answer: string) => void)[] = [];
  const ask = keptAnswer(() => new Promise<string>((resolve) => answers.push(resolve)), 1_000);
  const first = ask();
  ahead += 60_000;
  const second = ask();
  expect(answers).toHaveLength(1);
  answers[0]?.('slow');
  expect([await first, await second]).toEqual(['slow', 'slow']);
  ahead += 999;
  expect(await ask()).toBe('slow');
  ahead += 1;
  void ask();
  expect(answers).toHaveLength(2);
});

it('keeps no failure', async () => {
  let asked = 0;
  const ask = keptAnswer(async () => {
    asked += 1;
    if (asked === 1) throw new Error('the broker is unreachable');
    return asked;
  }, 1_000);
  await expect(ask()).rejects.toThrow('unreachable');
  expect(await ask()).toBe(2);
});
