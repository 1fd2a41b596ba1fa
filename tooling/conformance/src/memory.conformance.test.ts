import { describeBus, memoryHarness } from '@openedx-ts/events-testing/conformance';

describeBus(memoryHarness());
