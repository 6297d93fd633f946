// SPDX-License-Identifier: GPL-3.0-or-later
import * as confd from '@/api/generated/confd';
import type { Shape } from '@/api/shape';
import type { KindKey, Part } from './kinds';

/// Apart from kinds.tsx, so that the menu does not load what only forms need.
export const kShapes: Record<KindKey, Shape> = {
  lines: confd.LineShape,
  devices: confd.DeviceShape,
  groups: confd.GroupShape,
  voicemails: confd.VoicemailShape,
  conferences: confd.ConferenceShape,
  funckeys: confd.FuncKeyTemplateShape,
  incalls: confd.IncallShape,
  outcalls: confd.OutcallShape,
  callpermissions: confd.CallPermissionShape,
  callfilters: confd.CallFilterShape,
  callpickups: confd.CallPickupShape,
  schedules: confd.ScheduleShape,
  ivr: confd.IVRShape,
  trunks: confd.TrunkShape,
  features: confd.ExtensionFeatureShape,
  extensions: confd.ExtensionShape,
  moh: confd.MohShape,
  pagings: confd.PagingShape,
  parkinglots: confd.ParkingLotShape,
  agents: confd.AgentShape,
  queues: confd.QueueShape,
  skills: confd.SkillShape,
  skillrules: confd.SkillRuleShape,
  contexts: confd.ContextShape,
  ldap_filters: confd.LdapFilterShape,
  directory_sources: confd.DirectorySourceShape,
  directory_displays: confd.DirectoryDisplayShape,
  directory_profiles: confd.DirectoryProfileShape,
  sheets: confd.SheetShape,
  presence_groups: confd.PresenceGroupShape,
  phone_hint_groups: confd.PhoneHintGroupShape,
  administrators: confd.AdministratorShape,
  entities: confd.EntityShape,
  web_services: confd.WebServiceShape,
  ldap_servers: confd.LdapServerShape,
  certificates: confd.CertificateShape,
  network_interfaces: confd.NetworkInterfaceShape,
};

export const kPartShapes: Record<Part['title'], Shape> = {
  SIPEndpoint: confd.SIPEndpointShape,
  CustomEndpoint: confd.CustomEndpointShape,
  RegisterSIP: confd.RegisterSIPShape,
  RegisterIAX: confd.RegisterIAXShape,
};

/// What becomes of a number that is dialled to get out; the number itself is an extension.
export const kDialledShape: Shape = {
  exten: confd.ExtensionShape['exten'] ?? { type: 'string' },
  ...confd.OutcallExtensionShape,
};
