import { describe, expect, it } from 'vitest';
import { exploreAll, type Step, type World } from './leaving-model.test-support.js';

const send = (
  what: 'read' | 'claim' | 'pending' | 'remove' | 'removeIfNothingPending',
  on: string,
): Step => ({
  send: { do: what, name: 'a' },
  on,
});
const [reader, commands] = ['reader of a', 'commands of a'];
const unblock: Step = { send: { do: 'unblock', line: reader }, on: commands };
const release: Step = { send: { do: 'release', name: 'a' }, on: commands };
const answered: Step = { receive: commands, mayFail: true };

/** A member reads on one line and, where there is something to claim, claims on another. */
const reads: readonly Step[] = [send('read', reader)];
const readsAndClaims: readonly Step[] = [...reads, send('claim', commands), answered];
/** Redis ends the read; when that takes too long, the line is cut. */
const endsRead: readonly Step[] = [unblock, answered, { receive: reader, mayFail: true }];

/** As it was: the read is cut off; then the member is removed when nothing was pending for it. */
const cutsReadAndAsksFirst = (working: readonly Step[]): readonly Step[] => [
  ...working,
  { cut: reader },
  ...[release, answered, send('pending', commands), answered],
  ...[{ unlessReply: 0, skip: 2 }, send('remove', commands), answered],
];
const endsReadAndAsksFirst = (working: readonly Step[]): readonly Step[] => [
  ...[...working, ...endsRead, release, answered, send('pending', commands), answered],
  ...[{ unlessReply: 0, skip: 2 }, send('remove', commands), answered],
];
/** The removal waits for the read on the same line, and is left out when that line was cut. */
const removesOnTheReadersLine = (working: readonly Step[]): readonly Step[] => [
  ...[...working, unblock, answered, { receive: reader }, release, answered],
  ...[send('pending', reader), { receive: reader, mayFail: true }],
  ...[{ unlessReply: 0, skip: 2 }, send('remove', reader), { receive: reader, mayFail: true }],
];
const removesInOneStep = (working: readonly Step[]): readonly Step[] => [
  ...[...working, ...endsRead, release, answered, send('removeIfNothingPending', commands), answered],
];
const cutsReadAndRemovesInOneStep = (working: readonly Step[]): readonly Step[] => [
  ...[...working, { cut: reader }, release, answered, send('removeIfNothingPending', commands), answered],
];

/** Another process with the same name reads an entry and acknowledges it. */
const namesake: readonly Step[] = [
  { send: { do: 'read', name: 'a' }, on: 'line of the namesake' },
  { receive: 'line of the namesake' },
  { send: { do: 'acknowledge', name: 'a' }, on: 'line of the namesake' },
  { receive: 'line of the namesake' },
];
/** Another member removes one that it takes for dead. */
const cleaner = (isOneStep: boolean): readonly Step[] => [
  { send: { do: isOneStep ? 'removeIfNothingPending' : 'pending', name: 'a' }, on: 'line of the cleaner' },
  { receive: 'line of the cleaner' },
  ...(isOneStep
    ? []
    : ([
        { unlessReply: 0, skip: 2 },
        { send: { do: 'remove', name: 'a' }, on: 'line of the cleaner' },
        { receive: 'line of the cleaner' },
      ] as const)),
];

type Stopping = (working: readonly Step[]) => readonly Step[];

const worlds: Readonly<Record<string, (stopping: Stopping) => World>> = {
  'events arrive': (stopping) => ({ entries: 2, processes: { a: stopping(reads) } }),
  'a claim is under way': (stopping) => ({
    ...{ entries: 1, deadMembersEntry: true },
    processes: { a: stopping(readsAndClaims) },
  }),
  'another process has the same name': (stopping) => ({
    entries: 2,
    processes: { a: stopping(reads), namesake },
  }),
  'another member removes it': (stopping) => ({
    entries: 2,
    processes: { a: stopping(reads), cleaner: cleaner(true) },
  }),
};

describe('a member that stops, in every order of reading, claiming, acknowledging, stopping and removing', () => {
  it.each(Object.keys(worlds))('loses nothing with the removal in one step: %s', (name) => {
    const world = worlds[name] as (stopping: Stopping) => World;
    for (const stopping of [removesInOneStep, cutsReadAndRemovesInOneStep]) {
      const { states, loss } = exploreAll(world(stopping));
      expect(loss).toBeUndefined();
      expect(states).toBeGreaterThan(200);
    }
  });

  it.each([
    ['the read is cut off and Redis learns of it late', cutsReadAndAsksFirst, 'events arrive'],
    ['a claim is executed late', endsReadAndAsksFirst, 'a claim is under way'],
    [
      'the removal waits for the read on the same line, but the claim was sent on another',
      removesOnTheReadersLine,
      'a claim is under way',
    ],
    [
      'the removal waits for the read on the same line, but another process has the name',
      removesOnTheReadersLine,
      'another process has the same name',
    ],
  ])('finds the loss where asking and removing are two steps: %s', (_what, stopping, name) => {
    const { loss } = exploreAll((worlds[name] as (stopping: Stopping) => World)(stopping));
    expect(loss?.at(-1)).toMatch(/^Redis executes remove of /);
  });

  it('finds the loss where another member asks and removes in two steps', () => {
    const processes = { a: reads, cleaner: cleaner(false) };
    expect(exploreAll({ entries: 1, processes }).loss?.at(-1)).toMatch(/remove of line of the cleaner/);
  });

  it('shows the loss that was reported: an event between the question and the removal', () => {
    const { loss } = exploreAll({ entries: 1, processes: { a: cutsReadAndAsksFirst(reads) } });
    expect(loss?.slice(-5)).toMatchInlineSnapshot(`
      [
        "Redis executes read of cut reader of a 0",
        "a receives a reply on commands of a",
        "a looks at its reply",
        "a sends remove",
        "Redis executes remove of commands of a",
      ]
    `);
  });
});
