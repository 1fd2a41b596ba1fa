import { parseArgs } from 'node:util';
import type { Hostile } from './hostile/hostile.js';
import type { OutageScenario } from './outbox/outages/outage-scenario.js';
import type { OutboxScenario } from './outbox/outbox-scenario.js';
import type { Scenario, SizeName } from './scenario.js';
import type { Soak } from './soak/soak.js';

/** What the command can run. */
export type AnyScenario = Scenario | OutboxScenario | OutageScenario | Soak | Hostile;

/** What the command is asked for. */
export interface Chosen {
  readonly runs: readonly { readonly scenario: AnyScenario; readonly bus: string }[];
  readonly size: SizeName;
  readonly seed: number;
  /** How long hostile input is sent, in place of what its size says. */
  readonly minutes: number | undefined;
  /** The folder of a built clone that is the other version of scenarios with two. */
  readonly against: string | undefined;
  /** Runs nothing, and writes `RELIABILITY.md` from what there is. */
  readonly onlyWrites: boolean;
}

/**
 * Reads the command line.
 *
 * @throws Error with what is wrong and how it is written
 */
export function chosen(args: readonly string[], scenarios: readonly AnyScenario[]): Chosen {
  const faults = [...new Set(scenarios.flatMap((scenario) => ('fault' in scenario ? [scenario.fault] : [])))];
  const buses = [...new Set(scenarios.flatMap((scenario) => scenario.buses))];
  const usage = `npm run reliability -- [--only ${faults.join('|')}|NAME]… [--bus ${buses.join('|')}]… [--short] [--cluster] [--against CLONE] [--minutes N] [--seed N] [--write]`;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        bus: { type: 'string', multiple: true, default: [] },
        short: { type: 'boolean', default: false },
        cluster: { type: 'boolean', default: false },
        against: { type: 'string' },
        minutes: { type: 'string' },
        seed: { type: 'string', default: defaultSeed },
        write: { type: 'boolean', default: false },
      },
    });
    const isMeant = (scenario: AnyScenario, only: string) =>
      only === scenario.name || ('fault' in scenario && only === scenario.fault);
    const unknown = [
      ...values.only.filter((only) => !scenarios.some((scenario) => isMeant(scenario, only))),
      ...values.bus.filter((bus) => !buses.includes(bus)),
    ];
    if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}`);
    if (!/^\d{1,9}$/.test(values.seed)) throw new Error('--seed takes a whole number of at most 9 digits');
    if (!/^[1-9]\d{0,3}$/.test(values.minutes ?? '1'))
      throw new Error('--minutes takes a whole number from 1 to 9999');
    const needsOther = (scenario: AnyScenario) =>
      'needsOtherVersion' in scenario && scenario.needsOtherVersion === true;
    const wanting = values.only.filter((only) =>
      scenarios.some((scenario) => isMeant(scenario, only) && needsOther(scenario)),
    );
    if (values.against === undefined && wanting.length > 0)
      throw new Error(`${wanting.join(', ')} takes --against CLONE`);
    const needsCluster = (scenario: AnyScenario) =>
      'needsCluster' in scenario && scenario.needsCluster === true;
    const several = values.only.filter((only) =>
      scenarios.some((one) => one.name === only && needsCluster(one)),
    );
    if (!values.cluster && several.length > 0) throw new Error(`${several.join(', ')} takes --cluster`);
    const runs = scenarios
      .filter((scenario) => needsCluster(scenario) === values.cluster)
      .filter((scenario) => needsOther(scenario) === (values.against !== undefined))
      .filter((scenario) => values.only.length === 0 || values.only.some((only) => isMeant(scenario, only)))
      .flatMap((scenario) => scenario.buses.map((bus) => ({ scenario, bus })))
      .filter(({ bus }) => values.bus.length === 0 || values.bus.includes(bus));
    if (runs.length === 0) throw new Error('there is no such scenario on that bus');
    if (values.minutes !== undefined && runs.some(({ scenario }) => scenario.name !== 'hostile'))
      throw new Error('--minutes is for --only hostile');
    return {
      minutes: values.minutes === undefined ? undefined : Number(values.minutes),
      runs,
      against: values.against,
      size: values.short ? 'short' : 'full',
      seed: Number(values.seed),
      onlyWrites: values.write,
    };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`);
  }
}

const defaultSeed = '20260101';
