/** An offset of a partition from which a member reads. */
export interface Position {
  readonly fullTopic: string;
  /** The id of the topic; undefined where the broker has none. */
  readonly topicId: string | undefined;
  readonly partition: number;
  readonly offset: number;
  /** The text of the group's commit of this offset; null where there is none. */
  readonly metadata: string | null;
}
