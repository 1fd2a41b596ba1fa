// #region describe-bus
import { describeBus, memoryHarness } from '@openedx-ts/events-testing/conformance';

describeBus(memoryHarness());
// #endregion describe-bus
