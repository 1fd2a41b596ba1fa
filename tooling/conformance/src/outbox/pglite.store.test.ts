// #region describe-outbox-store
import { describeOutboxStore } from '@openedx-ts/events-testing/outbox-conformance';
import { pgliteStoreHarness } from './pglite-store-harness.js';

describeOutboxStore(pgliteStoreHarness());
// #endregion describe-outbox-store
