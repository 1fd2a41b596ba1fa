import { type BrokenBus, brokenBus } from './broken-bus.js';
import * as stores from './broken-topic-stores.js';

/** Buses that show operators something else than there is, or do something else than they were told. */
export function withBrokenTopicStores(): readonly BrokenBus[] {
  return [
    brokenBus('hides topics of dead letters', { admin: stores.hidesDeadLetters }, [
      'names the topics that are there, those of dead letters included',
    ]),
    brokenBus('reads pages backwards', { admin: stores.readsBackwards }, [
      'reads what a topic holds, lane by lane and each in order, with the positions of receipts',
    ]),
    brokenBus('reads lanes mixed', { admin: stores.readsLanesMixed }, [
      'reads what a topic holds, lane by lane and each in order, with the positions of receipts',
    ]),
    brokenBus('reads the first page alone', { admin: stores.readsTheFirstPage }, [
      'reads what is there when reading begins, however much, and nothing that comes meanwhile',
    ]),
    brokenBus('reads what comes meanwhile', { admin: stores.readsForEver }, [
      'reads what is there when reading begins, however much, and nothing that comes meanwhile',
    ]),
    brokenBus('ignores positions to read from', { admin: stores.ignoresPositions }, [
      'reads from a position on, in its lane alone',
      'refuses to read from what is no position',
    ]),
    brokenBus('reads other lanes behind a position', { admin: stores.readsOtherLanes }, [
      'reads from a position on, in its lane alone',
    ]),
    brokenBus('ignores times to read from', { admin: stores.ignoresTimes }, [
      'reads what was stored since a time',
    ]),
    brokenBus('makes topics that are read', { admin: stores.makesTopicsByReading }, [
      'reads nothing of a topic that is not there, and makes none',
    ]),
    brokenBus('moves groups by reading', { admin: stores.commitsByReading }, [
      'is noticed by no group when it reads',
    ]),
    brokenBus(
      'shows no topics while its broker is unreachable',
      { admin: stores.takesAnAbsentBrokerForAnEmptyOne },
      ['throws InfrastructureError while the broker is unreachable, and works when it is back'],
    ),
    brokenBus('loses a header of what operators write', { admin: stores.losesHeaders }, [
      'writes a message whole behind what its topic holds, and says where it lies',
    ]),
    brokenBus('reports wrong positions to operators', { admin: stores.reportsWrongPositions }, [
      'writes a message whole behind what its topic holds, and says where it lies',
    ]),
    brokenBus('removes no dead letters', { admin: stores.removesNothing }, removals),
    brokenBus('removes too many dead letters', { admin: stores.removesTooMuch }, removals),
    brokenBus('forgets what was removed', { admin: stores.forgetsWhatWasRemoved }, removals),
    brokenBus('knows every group', { admin: stores.knowsEveryGroup }, [
      'knows nothing of a group that never was, and makes none by looking',
    ]),
    brokenBus('sees no members of a group', { admin: stores.seesNoMembers }, [
      'says whether members are at work, and with what a group goes on',
    ]),
    brokenBus('says that groups are one event behind', { admin: stores.isOneBehind }, [
      'says whether members are at work, and with what a group goes on',
    ]),
    brokenBus('moves no group', { admin: stores.movesNoGroup }, [
      'sets a group back to an event, and leaves its other lanes where they are',
      'makes a group that begins with an event, and in other lanes with what is sent from then on',
    ]),
    brokenBus('moves all lanes of a group', { admin: stores.movesAllLanes }, [
      'sets a group back to an event, and leaves its other lanes where they are',
      'makes a group that begins with an event, and in other lanes with what is sent from then on',
    ]),
  ];
}

const removals = [
  'never reads dead letters again that were removed (redriven), and keeps the others',
  'never reads dead letters again that were removed (purged), and keeps the others',
];
