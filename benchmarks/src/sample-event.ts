/** The event of all measurements, as a sender would give it; `python/sample_event.py` has the same. 208 bytes of Avro. */
export const sampleEnrollment = {
  enrollment: {
    user: {
      id: 4711,
      is_active: true,
      pii: { username: 'ada.lovelace', email: 'ada.lovelace@example.org', name: 'Ada Lovelace, Countess' },
    },
    course: {
      course_key: 'course-v1:edX+DemoX.1+2026_T1',
      display_name: 'Demonstration Course for Everybody',
      start: '2026-01-02T03:04:05.678901+00:00',
      end: null,
    },
    mode: 'verified',
    is_active: true,
    creation_date: '2026-11-21T07:41:28.789604+00:00',
    created_by: null,
  },
};

/** An event that is nearly all keys: the dearest to decode for its size. */
export const sampleXBlock = {
  xblock_info: {
    usage_key: 'block-v1:edX+DemoX.1+2014+type@video+block@UaEBjyMjcLW65gaTXggB93Wmvo',
    block_type: 'video',
    version: 'block-v1:edX+DemoX.1+2014+branch@draft+type@video+block@UaEBjyMjcLW65gaTXggB93Wmvo',
  },
};
