/** The result of processing a delivery. All but `abandoned` are acknowledged; an abandoned delivery comes again. */
export type Outcome = 'handled' | 'skipped' | 'dead-lettered' | 'dropped' | 'abandoned';
