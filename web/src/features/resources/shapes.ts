// SPDX-License-Identifier: GPL-3.0-or-later
import {
  CallPermissionShape, ConferenceShape, ContextShape, ExtensionShape, GroupShape, IncallShape, LineShape, VoicemailShape,
} from '@/api/generated/confd';
import type { Shape } from '@/api/shape';
import type { Kind } from './kinds';

/// Apart from kinds.tsx, so that the menu does not load what only forms need.
export const kShapes: Record<Kind['key'], Shape> = {
  lines: LineShape,
  extensions: ExtensionShape,
  contexts: ContextShape,
  groups: GroupShape,
  voicemails: VoicemailShape,
  incalls: IncallShape,
  conferences: ConferenceShape,
  callpermissions: CallPermissionShape,
};
