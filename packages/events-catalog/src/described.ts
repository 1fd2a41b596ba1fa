import { record } from '@openedx-ts/events-core';
import type { Fields, RecordShape } from '@openedx-ts/events-core/bus';

/** A data class as the field of another one: the same name and fields, with the meaning it has there. */
export const described = <F extends Fields>(dataClass: RecordShape<F>, doc: string): RecordShape<F> =>
  record(dataClass.name, dataClass.fields, { doc, pii: dataClass.pii });
