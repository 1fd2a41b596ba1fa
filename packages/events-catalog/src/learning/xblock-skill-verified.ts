import { defineSignal } from '@openedx-ts/events-core';
import { XBlockSkillVerificationData } from './xblock-skill-verification-data.js';

/** Somebody said which of the skills a block is tagged with are right, and which are not. */
export const XBLOCK_SKILL_VERIFIED = defineSignal({
  eventType: 'org.openedx.learning.xblock.skill.verified.v1',
  data: { xblock_info: XBlockSkillVerificationData },
  doc: 'Somebody said which of the skills a block is tagged with are right, and which are not.',
  eventKeyField: 'xblock_info.usage_key',
  producedBy: ['openedx/xblock-skill-tagging'],
  since: '5.1.0',
});
