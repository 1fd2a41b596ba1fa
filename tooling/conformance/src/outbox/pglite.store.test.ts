// #region describe-outbox-store
import { describeOutboxStore } from '@openedx-ts/events-testing/outbox-conformance';
import * as vitest from 'vitest';
import { pgliteStoreHarness } from './pglite-store-harness.js';

describeOutboxStore(pgliteStoreHarness(), vitest);
// #endregion describe-outbox-store
