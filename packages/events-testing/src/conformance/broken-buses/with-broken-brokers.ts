import * as brokers from './broken-brokers.js';
import { type BrokenBus, brokenBus } from './broken-bus.js';

/** Buses whose broker is wrong. */
export function withBrokenBrokers(): readonly BrokenBus[] {
  return [
    brokenBus('shares offsets among groups', { broker: brokers.sharesOffsets() }, [
      'gives every event to each of two groups',
      'keeps groups apart: one that waits does not hold up another, nor does one speak for the other',
    ]),
    brokenBus('gives each consumer everything', { broker: brokers.givesEachConsumerEverything() }, [
      'shares the events of a group among its consumers and gives none twice',
      'goes on where a group was, wherever a consumer is told to start',
    ]),
    brokenBus('always begins at the end', { broker: brokers.alwaysBeginsAtTheEnd() }, [
      'begins a new group with everything there is (earliest)',
    ]),
    brokenBus('always begins at the beginning', { broker: brokers.alwaysBeginsAtTheBeginning() }, [
      'begins a new group with what is sent from then on',
      'begins a new group at a time',
      'begins a new group with the event at a position',
    ]),
    brokenBus('forgets when it restarts', { broker: new brokers.ForgetfulBroker() }, [
      'loses nothing that was accepted when the broker goes away while events are sent',
    ]),
    brokenBus('takes messages while it is away, and loses them', { broker: new brokers.LyingBroker() }, [
      'sends when the broker is back what was sent while it was away',
      'writes a dead letter that could not be written once the broker is back',
    ]),
    brokenBus('never comes back', { broker: new brokers.BrittleBroker() }, [
      'goes on after the broker was away while nothing happened',
    ]),
  ];
}
