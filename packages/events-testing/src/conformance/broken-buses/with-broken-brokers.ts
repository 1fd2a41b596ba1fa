import * as brokers from './broken-brokers.js';
import { type BrokenBus, brokenBus } from './broken-bus.js';

/** Buses whose broker is wrong. */
export function withBrokenBrokers(): readonly BrokenBus[] {
  return [
    brokenBus('shares offsets among groups', { broker: brokers.sharesOffsets() }, [
      'delivers every event to each of two groups',
      'keeps groups apart: a slow group delays no other group and acknowledges nothing for it',
    ]),
    brokenBus('gives each consumer everything', { broker: brokers.givesEachConsumerEverything() }, [
      'divides the events of a group among its consumers and delivers none twice',
      'resumes at the position of a group, whatever startFrom is',
    ]),
    brokenBus('always starts at the end', { broker: brokers.alwaysStartsAtTheEnd() }, [
      "starts a new group with every stored event (startFrom 'earliest')",
    ]),
    brokenBus('always starts at the beginning', { broker: brokers.alwaysStartsAtTheBeginning() }, [
      'starts a new group with the events sent from then on',
      'starts a new group at a time',
      'starts a new group with the event at a position',
    ]),
    brokenBus('reads no retry topics', { broker: new brokers.RetrylessBroker() }, [
      'delivers what is on the retry topic of a group to that group alone, as if it came from its source',
      'dead-letters an event of a retry topic that fails again with the facts of its source',
      'keeps the order of events of a key on a retry topic',
      'skips what was redriven for another group whose names make the same retry topic',
      'receives each redriven dead letter in its group alone, in order by key, though the redrive and a member die',
    ]),
    brokenBus('makes retry topics by consuming', { broker: new brokers.HastyBroker() }, [
      'reads a retry topic from its beginning, wherever a new group starts',
      'creates no retry topic by consuming, and is ready without one',
    ]),
    brokenBus('forgets when it restarts', { broker: new brokers.ForgetfulBroker() }, [
      'loses no accepted event when the broker becomes unreachable while events are sent',
    ]),
    brokenBus('accepts messages while it is stopped, and loses them', { broker: new brokers.LyingBroker() }, [
      'delivers events that were sent while the broker was unreachable, once it is back',
      'writes a dead letter that could not be written once the broker is back',
    ]),
    brokenBus('never comes back', { broker: new brokers.BrittleBroker() }, [
      'consumes again after the broker was unreachable while the topic was idle',
    ]),
  ];
}
