// SPDX-License-Identifier: GPL-3.0-or-later
// Kinds of resources whose list and form are made of what the server's document says of them. What is told here is only
// where they stand in the menu, which columns their list has, which of their members the form shows, in which order, and
// what belongs to them.
import {
  IconAddressBook, IconArrowBarToDown, IconArrowBarUp, IconBinaryTree, IconBook, IconBuilding, IconCalendarTime, IconCertificate, IconDeviceLandlinePhone, IconDialpad,
  IconFilter, IconHandGrab, IconHash, IconHeadset, IconKey, IconLineDashed, IconLock, IconMail, IconMessage2, IconMessages, IconMusic, IconNetwork, IconParking,
  IconRoute, IconServer, IconShieldLock, IconSitemap, IconSpeakerphone, IconStar, IconTable, IconTarget, IconTool, IconUsers, IconUsersGroup, IconWorld,
} from '@/components/icons';
import type { ReactNode } from 'react';
import type { ChoosableKind } from '@/components/form/choices';
import type { Operation } from './resource_plan';

/// As the documentation names the parts of its menu.
export type Section = 'settings' | 'calls' | 'trunks' | 'services' | 'center' | 'configuration' | 'management';

export type KindKey =
  | 'lines' | 'devices' | 'groups' | 'voicemails' | 'conferences' | 'funckeys'
  | 'incalls' | 'outcalls' | 'callpermissions' | 'callfilters' | 'callpickups' | 'schedules' | 'ivr'
  | 'trunks'
  | 'features' | 'extensions' | 'moh' | 'pagings' | 'parkinglots'
  | 'agents' | 'queues' | 'skills' | 'skillrules'
  | 'contexts' | 'ldap_filters' | 'directory_sources' | 'directory_displays' | 'directory_profiles' | 'sheets' | 'presence_groups' | 'phone_hint_groups'
  | 'administrators' | 'entities' | 'web_services' | 'ldap_servers' | 'certificates' | 'network_interfaces';

/// Other resources that it is joined with.
export interface Joined {
  /// In the translations of fields, and in the form.
  name: string;
  kind: ChoosableKind;
  most?: number;
  /// Where the resource shows them: "interceptors.users".
  shown: string;
  /// All at once, at this place below the resource, under the name of what they are ...
  at?: string;
  body?: string;
  /// ... or one by one.
  join?: (own: string, other: string) => Operation;
  leave?: (own: string, other: string) => Operation;
}

/// What belongs to it alone and is changed with it.
export interface Part {
  /// The member that shows it.
  name: string;
  title: 'SIPEndpoint' | 'CustomEndpoint' | 'RegisterSIP' | 'RegisterIAX';
  collection: string;
  at: string;
  fields: string[];
}

export interface Kind {
  /// In the address and in the translations.
  key: KindKey;
  collection: string;
  section: Section;
  icon: ReactNode;
  columns: string[];
  optional: string[];
  fields: string[];
  /// The member that names it in paths.
  id?: string;
  /// Callers reach it by a number of its own, in a context of this type.
  numbered?: 'internal' | 'incall';
  /// It is reached by any number of numbers, each with what becomes of it.
  dialled?: boolean;
  joined?: Joined[];
  parts?: Part[];
  /// They are there from the start: none is added or deleted.
  given?: boolean;
  /// Once made, it stays as it is.
  unchangeable?: boolean;
  /// What is shown besides, in addition to its form.
  extra?: 'files' | 'keys' | 'tree';
}

const icon = (Icon: typeof IconHash) => <Icon size={19} stroke={1.7} />;
const each = (path: (own: string, other: string) => string) => ({
  join: (own: string, other: string): Operation => ({ method: 'PUT', path: path(own, other) }),
  leave: (own: string, other: string): Operation => ({ method: 'DELETE', path: path(own, other) }),
});
const scheduled = (collection: string): Joined => ({ name: 'schedule', kind: 'schedules', most: 1, shown: 'schedules', ...each((own, other) => `${collection}/${own}/schedules/${other}`) });
const permitted = (collection: string): Joined => ({
  name: 'call_permissions', kind: 'callpermissions', shown: 'call_permissions', ...each((own, other) => `${collection}/${own}/callpermissions/${other}`),
});
const permits = (name: 'users' | 'groups' | 'outcalls'): Joined => ({ name, kind: name, shown: name, ...each((own, other) => `/${name}/${other}/callpermissions/${own}`) });
const users = (name: string, at: string): Joined => ({ name, kind: 'users', shown: `${name}.users`, at, body: 'users' });

/// What users, whose form is their own, are joined with.
export const kUserJoined: readonly Joined[] = [scheduled('/users'), permitted('/users')];

export const kKinds: readonly Kind[] = [
  {
    key: 'lines', collection: '/lines', section: 'settings', icon: icon(IconLineDashed),
    columns: ['id', 'name', 'protocol', 'context', 'provisioning_code'], optional: ['provisioning_code'],
    fields: ['context', 'position', 'caller_id_name', 'caller_id_num', 'provisioning_code', 'registrar'],
  },
  {
    key: 'devices', collection: '/devices', section: 'settings', icon: icon(IconDeviceLandlinePhone),
    columns: ['mac', 'ip', 'vendor', 'model', 'status'], optional: ['vendor', 'ip'],
    fields: ['mac', 'ip', 'sn', 'vendor', 'model', 'version', 'plugin', 'template_id', 'description'],
  },
  {
    key: 'groups', collection: '/groups', section: 'settings', icon: icon(IconUsersGroup),
    columns: ['name', 'extensions', 'ring_strategy', 'enabled'], optional: ['ring_strategy'], numbered: 'internal',
    joined: [
      { name: 'members', kind: 'users', shown: 'members.users', at: 'members/users', body: 'users' },
      scheduled('/groups'), permitted('/groups'),
    ],
    fields: ['name', 'ring_strategy', 'timeout', 'user_timeout', 'retry_delay', 'ring_in_use', 'music_on_hold', 'caller_id_mode', 'caller_id_name', 'enabled'],
  },
  {
    key: 'voicemails', collection: '/voicemails', section: 'settings', icon: icon(IconMail),
    columns: ['name', 'number', 'context', 'email', 'enabled'], optional: ['context', 'email'],
    fields: ['name', 'number', 'context', 'password', 'email', 'language', 'timezone', 'max_messages', 'attach_audio', 'delete_messages', 'ask_password', 'enabled'],
  },
  {
    key: 'conferences', collection: '/conferences', section: 'settings', icon: icon(IconMessages),
    columns: ['name', 'extensions', 'pin'], optional: ['pin'], numbered: 'internal',
    fields: ['name', 'pin', 'admin_pin', 'announce_join_leave', 'quiet_join_leave', 'announce_user_count', 'announce_only_user', 'music_on_hold', 'max_participants'],
  },
  {
    key: 'funckeys', collection: '/funckeys/templates', section: 'settings', icon: icon(IconKey),
    columns: ['name'], optional: [], fields: ['name'], extra: 'keys',
  },
  {
    key: 'incalls', collection: '/incalls', section: 'calls', icon: icon(IconArrowBarToDown),
    columns: ['extensions', 'destination', 'description'], optional: ['description'], numbered: 'incall', joined: [scheduled('/incalls'), permitted('/incalls')],
    fields: ['destination', 'caller_id_mode', 'caller_id_name', 'preprocess_subroutine', 'description'],
  },
  {
    key: 'outcalls', collection: '/outcalls', section: 'calls', icon: icon(IconArrowBarUp), dialled: true,
    columns: ['name', 'extensions', 'trunks', 'enabled'], optional: ['trunks'],
    joined: [{ name: 'trunks', kind: 'trunks', shown: 'trunks', at: 'trunks', body: 'trunks' }, scheduled('/outcalls'), permitted('/outcalls')],
    fields: ['name', 'internal_caller_id', 'ring_time', 'preprocess_subroutine', 'description', 'enabled'],
  },
  {
    key: 'callpermissions', collection: '/callpermissions', section: 'calls', icon: icon(IconLock),
    columns: ['name', 'mode', 'extensions', 'enabled'], optional: ['extensions'],
    joined: [permits('users'), permits('groups'), permits('outcalls')],
    fields: ['name', 'mode', 'extensions', 'password', 'description', 'enabled'],
  },
  {
    key: 'callfilters', collection: '/callfilters', section: 'calls', icon: icon(IconFilter),
    columns: ['name', 'source', 'strategy', 'enabled'], optional: ['strategy'],
    joined: [users('recipients', 'recipients/users'), users('surrogates', 'surrogates/users')],
    fields: ['name', 'source', 'strategy', 'surrogates_timeout', 'caller_id_mode', 'caller_id_name', 'description', 'enabled'],
  },
  {
    key: 'callpickups', collection: '/callpickups', section: 'calls', icon: icon(IconHandGrab),
    columns: ['name', 'description', 'enabled'], optional: ['description'],
    joined: [
      { name: 'interceptor_users', kind: 'users', shown: 'interceptors.users', at: 'interceptors/users', body: 'users' },
      { name: 'interceptor_groups', kind: 'groups', shown: 'interceptors.groups', at: 'interceptors/groups', body: 'groups' },
      { name: 'target_users', kind: 'users', shown: 'targets.users', at: 'targets/users', body: 'users' },
      { name: 'target_groups', kind: 'groups', shown: 'targets.groups', at: 'targets/groups', body: 'groups' },
    ],
    fields: ['name', 'description', 'enabled'],
  },
  {
    key: 'schedules', collection: '/schedules', section: 'calls', icon: icon(IconCalendarTime),
    columns: ['name', 'timezone', 'enabled'], optional: ['timezone'],
    fields: ['name', 'timezone', 'enabled', 'open_periods', 'exceptional_periods', 'closed_destination', 'description'],
  },
  {
    key: 'ivr', collection: '/ivr', section: 'calls', icon: icon(IconSitemap), extra: 'tree',
    columns: ['name', 'menu_sound', 'description'], optional: ['description'],
    fields: ['name', 'greeting_sound', 'menu_sound', 'invalid_sound', 'abort_sound', 'timeout', 'max_tries', 'choices', 'invalid_destination', 'timeout_destination', 'abort_destination', 'description'],
  },
  {
    key: 'trunks', collection: '/trunks', section: 'trunks', icon: icon(IconRoute),
    columns: ['endpoint_sip', 'endpoint_custom', 'context', 'outcalls'], optional: ['endpoint_custom', 'outcalls'],
    parts: [
      { name: 'endpoint_sip', title: 'SIPEndpoint', collection: '/endpoints/sip', at: 'endpoints/sip', fields: ['username', 'secret', 'host', 'type', 'options'] },
      { name: 'endpoint_custom', title: 'CustomEndpoint', collection: '/endpoints/custom', at: 'endpoints/custom', fields: ['interface', 'enabled'] },
      { name: 'register_sip', title: 'RegisterSIP', collection: '/registers/sip', at: 'registers/sip', fields: ['sip_username', 'auth_username', 'auth_password', 'remote_host', 'remote_port', 'transport', 'expiration', 'callback_extension', 'enabled'] },
      { name: 'register_iax', title: 'RegisterIAX', collection: '/registers/iax', at: 'registers/iax', fields: ['auth_username', 'auth_password', 'remote_host', 'remote_port', 'callback_extension', 'callback_context'] },
    ],
    fields: ['context', 'twilio_incoming'],
  },
  {
    key: 'features', collection: '/extensions/features', section: 'services', icon: icon(IconDialpad), given: true, id: 'uuid',
    columns: ['feature', 'exten', 'enabled'], optional: [], fields: ['exten', 'enabled'],
  },
  {
    key: 'extensions', collection: '/extensions', section: 'services', icon: icon(IconHash),
    columns: ['exten', 'context', 'commented'], optional: [],
    fields: ['exten', 'context', 'commented'],
  },
  {
    key: 'moh', collection: '/moh', section: 'services', icon: icon(IconMusic), id: 'uuid', extra: 'files',
    columns: ['label', 'name', 'mode', 'files'], optional: ['name'], fields: ['label', 'mode', 'application', 'sort'],
  },
  {
    key: 'pagings', collection: '/pagings', section: 'services', icon: icon(IconSpeakerphone),
    columns: ['number', 'name', 'duplex', 'enabled'], optional: ['duplex'],
    joined: [users('callers', 'callers/users'), users('members', 'members/users')],
    fields: ['number', 'name', 'timeout', 'duplex', 'announce_caller', 'announce_sound', 'caller_notification', 'ignore_forward', 'record', 'description', 'enabled'],
  },
  {
    key: 'parkinglots', collection: '/parkinglots', section: 'services', icon: icon(IconParking), numbered: 'internal',
    columns: ['name', 'slots_start', 'slots_end', 'extensions'], optional: ['extensions'], fields: ['name', 'slots_start', 'slots_end', 'timeout', 'music_on_hold'],
  },
  {
    key: 'agents', collection: '/agents', section: 'center', icon: icon(IconHeadset),
    columns: ['number', 'firstname', 'lastname', 'queues'], optional: ['queues'],
    joined: [
      { name: 'users', kind: 'users', shown: 'users', ...each((own, other) => `/users/${other}/agents/${own}`), leave: (_, other) => ({ method: 'DELETE', path: `/users/${other}/agents` }) },
      { name: 'skills', kind: 'skills', shown: 'skills', ...each((own, other) => `/agents/${own}/skills/${other}`), join: (own, other) => ({ method: 'PUT', path: `/agents/${own}/skills/${other}`, body: {} }) },
    ],
    fields: ['number', 'firstname', 'lastname', 'password', 'language', 'preprocess_subroutine', 'description'],
  },
  {
    key: 'queues', collection: '/queues', section: 'center', icon: icon(IconUsers), numbered: 'internal',
    columns: ['name', 'label', 'extensions', 'enabled'], optional: ['label'],
    joined: [
      { name: 'members', kind: 'users', shown: 'members.users', ...each((own, other) => `/queues/${own}/members/users/${other}`), join: (own, other) => ({ method: 'PUT', path: `/queues/${own}/members/users/${other}`, body: {} }) },
      scheduled('/queues'),
    ],
    fields: [
      'name', 'label', 'music_on_hold', 'timeout', 'retry_on_timeout', 'ring_on_hold', 'announce_hold_time_on_entry', 'ignore_forward', 'mark_answered_elsewhere', 'data_quality',
      'caller_id_mode', 'caller_id_name', 'wait_time_threshold', 'wait_time_destination', 'wait_ratio_threshold', 'wait_ratio_destination', 'options', 'preprocess_subroutine', 'enabled',
    ],
  },
  { key: 'skills', collection: '/agents/skills', section: 'center', icon: icon(IconStar), columns: ['name', 'description'], optional: ['description'], fields: ['name', 'description'] },
  { key: 'skillrules', collection: '/queues/skillrules', section: 'center', icon: icon(IconTarget), columns: ['name'], optional: [], fields: ['name', 'rules'] },
  {
    key: 'contexts', collection: '/contexts', section: 'configuration', icon: icon(IconBinaryTree),
    columns: ['name', 'label', 'type', 'enabled'], optional: ['enabled'],
    fields: ['name', 'label', 'type', 'user_ranges', 'group_ranges', 'queue_ranges', 'conference_room_ranges', 'incall_ranges', 'includes', 'description', 'enabled'],
  },
  {
    key: 'directory_sources', collection: '/directory_sources', section: 'configuration', icon: icon(IconAddressBook),
    columns: ['name', 'type', 'uri'], optional: ['uri'],
    fields: [
      'name', 'type', 'uri', 'ldap_filter', 'username', 'password', 'verify_certificate', 'ca_certificate', 'phonebook', 'delimiter', 'direct_match', 'reverse_match', 'reverse', 'fields',
      'description',
    ],
  },
  { key: 'directory_displays', collection: '/directory_displays', section: 'configuration', icon: icon(IconTable), columns: ['name', 'description'], optional: ['description'], fields: ['name', 'columns', 'description'] },
  { key: 'directory_profiles', collection: '/directory_profiles', section: 'configuration', icon: icon(IconBook), columns: ['context', 'description'], optional: ['description'], fields: ['context', 'display', 'sources', 'description'] },
  {
    key: 'ldap_filters', collection: '/ldap_filters', section: 'configuration', icon: icon(IconFilter),
    columns: ['name', 'base_dn'], optional: ['base_dn'], fields: ['name', 'server', 'username', 'password', 'base_dn', 'filter', 'description'],
  },
  {
    key: 'sheets', collection: '/sheets', section: 'configuration', icon: icon(IconMessage2),
    columns: ['name', 'enabled'], optional: [], fields: ['name', 'events', 'focus', 'qt_interface', 'fields', 'systray', 'actions', 'description', 'enabled'],
  },
  { key: 'presence_groups', collection: '/presence_groups', section: 'configuration', icon: icon(IconUsersGroup), columns: ['name', 'description'], optional: ['description'], fields: ['name', 'presences', 'description'] },
  { key: 'phone_hint_groups', collection: '/phone_hint_groups', section: 'configuration', icon: icon(IconTool), columns: ['name', 'description'], optional: ['description'], fields: ['name', 'hints', 'description'] },
  {
    key: 'administrators', collection: '/administrators', section: 'management', icon: icon(IconShieldLock),
    columns: ['username', 'acl', 'enabled'], optional: ['acl'], fields: ['username', 'password', 'acl', 'sections', 'entity', 'enabled'],
  },
  { key: 'entities', collection: '/entities', section: 'management', icon: icon(IconBuilding), unchangeable: true, columns: ['name', 'display_name'], optional: [], fields: ['name', 'display_name'] },
  {
    key: 'web_services', collection: '/web_services', section: 'management', icon: icon(IconWorld),
    columns: ['name', 'username', 'host'], optional: ['host'], fields: ['name', 'username', 'password', 'host', 'acl', 'description'],
  },
  {
    key: 'ldap_servers', collection: '/ldap_servers', section: 'management', icon: icon(IconServer),
    columns: ['name', 'host', 'port'], optional: ['port'], fields: ['name', 'host', 'port', 'security_layer', 'protocol_version', 'description'],
  },
  {
    key: 'certificates', collection: '/certificates', section: 'management', icon: icon(IconCertificate),
    columns: ['name', 'is_authority'], optional: [], fields: ['name', 'is_authority', 'certificate', 'private_key', 'description'],
  },
  {
    key: 'network_interfaces', collection: '/network_interfaces', section: 'management', icon: icon(IconNetwork),
    columns: ['name', 'type', 'method', 'address', 'enabled'], optional: ['type', 'method'],
    fields: ['name', 'type', 'method', 'address', 'netmask', 'gateway', 'vlan_interface', 'vlan_id', 'description', 'enabled'],
  },
];
