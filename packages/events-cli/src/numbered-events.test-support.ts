/** The event that carries numbers: its key is a number. */
export const type = 'org.openedx.learning.course.persistent_grade_summary.changed.v1';

/** A line for `produce`. */
export function line(userId: number): string {
  const grade = {
    user_id: userId,
    course: { course_key: 'course-v1:edX+DemoX.1+2014', display_name: 'Ünïcode' },
    course_edited_timestamp: '2026-01-02T03:04:05.678901+00:00',
    course_version: '',
    grading_policy_hash: '',
    percent_grade: 0.5,
    letter_grade: '',
    passed_timestamp: '2026-01-02T03:04:05+00:00',
  };
  return `${JSON.stringify({ data: { grade } })}\n`;
}

/** The numbers in the lines that are whole. */
export function numbersIn(stdout: string): number[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((text) => (JSON.parse(text) as { data: { grade: { user_id: number } } }).data.grade.user_id);
}
