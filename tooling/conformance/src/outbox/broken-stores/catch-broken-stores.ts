import {
  type OutboxStoreHarness,
  reasonToLeaveOffStoreTest,
  runStoreTest,
  storeTests,
} from '@openedx-ts/events-testing/outbox-conformance';
import { brokenAppends } from './broken-appends.js';
import { brokenReads } from './broken-reads.js';
import type { BrokenStore } from './broken-store.js';

/** Every broken store. */
const brokenStores: readonly BrokenStore[] = [...brokenReads, ...brokenAppends];

/** What the suite finds of one broken store in one database. */
export interface CaughtStore {
  readonly broken: string;
  readonly database: string;
  /** `caught`, or why the store cannot be built there or does no harm. */
  readonly verdict: string;
  /** What the tests reported that must notice it: an assertion, or the deadlock that it causes. */
  readonly failures: readonly unknown[];
  /** Tests that should have failed and passed. */
  readonly missed: readonly string[];
}

/** Breaks the store of an open harness in each way, and runs the tests that must notice. */
export async function catchBrokenStores(harness: OutboxStoreHarness): Promise<readonly CaughtStore[]> {
  const found: CaughtStore[] = [];
  for (const broken of brokenStores) {
    const reason = whyHarmless(broken, harness);
    const outcomes = reason === undefined ? await outcomesOf(broken, harness) : [];
    const missed = outcomes.filter(({ failure }) => failure === undefined).map(({ name }) => name);
    const failures = outcomes.map(({ failure }) => failure).filter((failure) => failure !== undefined);
    const verdict = reason ?? (missed.length === 0 ? 'caught' : 'missed');
    found.push({ broken: broken.name, database: harness.name, verdict, failures, missed });
  }
  return found;
}

/** A table of databases and broken stores, for people. */
export function tableOf(found: readonly CaughtStore[]): string {
  const databases = [...new Set(found.map(({ database }) => database))];
  const lines = brokenStores.map(({ name, harm }) => {
    const verdicts = databases.map(
      (database) => found.find((one) => one.broken === name && one.database === database)?.verdict ?? '',
    );
    return [name, ...verdicts, harm];
  });
  const rows = [['broken store', ...databases, 'harm'], ...lines];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function whyHarmless(broken: BrokenStore, harness: OutboxStoreHarness): string | undefined {
  if (broken.dialect !== undefined && broken.dialect !== harness.store.dialect) return 'cannot be built';
  const reason = reasonToLeaveOffStoreTest({ needs: 'connect' }, harness);
  return broken.needsConnections && reason !== undefined ? 'harmless: one connection' : undefined;
}

async function outcomesOf(broken: BrokenStore, harness: OutboxStoreHarness) {
  const outcomes: { readonly name: string; readonly failure: unknown }[] = [];
  for (const name of broken.caughtBy) {
    const test = storeTests.find((one) => one.name === name);
    if (test === undefined) throw new Error(`there is no test "${name}"`);
    const failure = await runStoreTest(test, { ...harness, store: broken.of(harness.store) }).then(
      () => undefined,
      (error: unknown) => error,
    );
    outcomes.push({ name, failure });
  }
  return outcomes;
}
