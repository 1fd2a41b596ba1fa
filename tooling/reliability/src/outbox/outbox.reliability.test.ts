import { describe, expect, it } from 'vitest';
import { sizeUnderTest } from '../size-under-test.js';
import { outboxFiguresOf } from './outbox-result.js';
import type { OutboxScenario } from './outbox-scenario.js';
import { outboxScenarios } from './outbox-scenarios.js';
import { pgliteUnderTest } from './pglite-under-test.js';
import { runOutbox } from './run-outbox.js';

const seed = 20_260_101;
const relayScenario = outboxScenarios.find(({ name }) => name === 'outbox-relay') as OutboxScenario;

describe('an outbox on PGlite', { timeout: 240_000 }, () => {
  it('publishes each committed event in order, and no other, while writers and relays are killed', async () => {
    // PGlite has one connection, and everything runs in this process.
    const faults = { ...relayScenario.sizes.test.faults, writerKills: 3 };
    const size = { ...sizeUnderTest(relayScenario), events: 600, perSecond: 200, faults };
    const result = await runOutbox(relayScenario, { database: pgliteUnderTest, seed, size });
    process.stdout.write(`${outboxFiguresOf(result)}\n`);
    expect(result).toMatchObject({ lost: 0, ghosts: 0, orderViolations: 0, deadlocks: 0, broken: [] });
    expect(result.committed).toBeGreaterThanOrEqual(size.events);
  });
});
