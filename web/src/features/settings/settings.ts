// SPDX-License-Identifier: GPL-3.0-or-later
import * as confd from '@/api/generated/confd';
import type { Shape } from '@/api/shape';

/// Settings of which there is one each.
export interface Setting {
  key: 'sip' | 'iax' | 'sccp' | 'voicemail' | 'queues' | 'rtp' | 'features' | 'featuremap' | 'applicationmap' | 'zonemessages' | 'callnumberlimits' | 'mail' | 'network';
  path: string;
  shape: Shape;
}

export const kSettings: readonly Setting[] = [
  { key: 'sip', path: '/asterisk/sip/general', shape: confd.SIPGeneralShape },
  { key: 'iax', path: '/asterisk/iax/general', shape: confd.IAXGeneralShape },
  { key: 'sccp', path: '/asterisk/sccp/general', shape: confd.SCCPGeneralShape },
  { key: 'rtp', path: '/asterisk/rtp/general', shape: confd.RTPGeneralShape },
  { key: 'voicemail', path: '/asterisk/voicemail/general', shape: confd.VoicemailGeneralShape },
  { key: 'zonemessages', path: '/asterisk/voicemail/zonemessages', shape: confd.VoicemailZoneMessagesShape },
  { key: 'queues', path: '/asterisk/queues/general', shape: confd.QueueGeneralShape },
  { key: 'features', path: '/asterisk/features/general', shape: confd.FeaturesGeneralShape },
  { key: 'featuremap', path: '/asterisk/features/featuremap', shape: confd.FeaturesFeaturemapShape },
  { key: 'applicationmap', path: '/asterisk/features/applicationmap', shape: confd.FeaturesApplicationmapShape },
  { key: 'callnumberlimits', path: '/asterisk/iax/callnumberlimits', shape: confd.IAXCallNumberLimitsShape },
  { key: 'mail', path: '/mail', shape: confd.MailSettingsShape },
  { key: 'network', path: '/network', shape: confd.NetworkSettingsShape },
];
