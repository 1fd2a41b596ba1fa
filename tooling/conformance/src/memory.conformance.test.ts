// #region describe-bus
import { describeBus, memoryHarness } from '@openedx-ts/events-testing/conformance';
import * as vitest from 'vitest';

describeBus(memoryHarness(), vitest);
// #endregion describe-bus
