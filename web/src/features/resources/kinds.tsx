// SPDX-License-Identifier: GPL-3.0-or-later
// Kinds of resources whose list and form are made of what the server's document says of them. What is told here is only
// where they stand in the menu, which columns their list has and which of their members the form shows, in which order.
import { IconArrowBarToDown, IconBinaryTree, IconHash, IconLineDashed, IconLock, IconMail, IconMessages, IconUsersGroup } from '@/components/icons';
import type { ReactNode } from 'react';

export interface Kind {
  /// In the address and in the translations.
  key: 'lines' | 'extensions' | 'contexts' | 'groups' | 'voicemails' | 'incalls' | 'conferences' | 'callpermissions';
  /// Of its definition in the document.
  title: string;
  collection: string;
  section: 'phones' | 'calls' | 'services';
  icon: ReactNode;
  columns: string[];
  optional: string[];
  fields: string[];
  /// Callers reach it by a number of its own, in a context of this type.
  numbered?: 'internal' | 'incall';
  /// It has members, who are users.
  members?: boolean;
}

const icon = (Icon: typeof IconHash) => <Icon size={19} stroke={1.7} />;

export const kKinds: readonly Kind[] = [
  {
    key: 'lines', title: 'Line', collection: '/lines', section: 'phones', icon: icon(IconLineDashed),
    columns: ['id', 'name', 'protocol', 'context', 'provisioning_code'], optional: ['provisioning_code'],
    fields: ['context', 'position', 'caller_id_name', 'caller_id_num', 'provisioning_code', 'registrar'],
  },
  {
    key: 'extensions', title: 'Extension', collection: '/extensions', section: 'phones', icon: icon(IconHash),
    columns: ['exten', 'context', 'commented'], optional: [],
    fields: ['exten', 'context', 'commented'],
  },
  {
    key: 'contexts', title: 'Context', collection: '/contexts', section: 'phones', icon: icon(IconBinaryTree),
    columns: ['name', 'label', 'type', 'enabled'], optional: ['enabled'],
    fields: ['name', 'label', 'type', 'user_ranges', 'group_ranges', 'conference_room_ranges', 'incall_ranges', 'description', 'enabled'],
  },
  {
    key: 'incalls', title: 'Incall', collection: '/incalls', section: 'calls', icon: icon(IconArrowBarToDown),
    columns: ['extensions', 'destination', 'description'], optional: ['description'], numbered: 'incall',
    fields: ['destination', 'caller_id_mode', 'caller_id_name', 'preprocess_subroutine', 'description'],
  },
  {
    key: 'callpermissions', title: 'CallPermission', collection: '/callpermissions', section: 'calls', icon: icon(IconLock),
    columns: ['name', 'mode', 'enabled'], optional: [],
    fields: ['name', 'mode', 'password', 'description', 'enabled'],
  },
  {
    key: 'groups', title: 'Group', collection: '/groups', section: 'services', icon: icon(IconUsersGroup),
    columns: ['name', 'extensions', 'ring_strategy', 'enabled'], optional: ['ring_strategy'], numbered: 'internal', members: true,
    fields: ['name', 'ring_strategy', 'timeout', 'user_timeout', 'retry_delay', 'ring_in_use', 'music_on_hold', 'caller_id_mode', 'caller_id_name', 'enabled'],
  },
  {
    key: 'conferences', title: 'Conference', collection: '/conferences', section: 'services', icon: icon(IconMessages),
    columns: ['name', 'extensions', 'max_users'], optional: ['max_users'], numbered: 'internal',
    fields: ['name', 'pin', 'admin_pin', 'max_users', 'announce_join_leave', 'announce_user_count', 'announce_only_user', 'record', 'music_on_hold'],
  },
  {
    key: 'voicemails', title: 'Voicemail', collection: '/voicemails', section: 'services', icon: icon(IconMail),
    columns: ['name', 'number', 'context', 'email', 'enabled'], optional: ['context', 'email'],
    fields: ['name', 'number', 'context', 'password', 'email', 'language', 'timezone', 'max_messages', 'attach_audio', 'delete_messages', 'ask_password', 'enabled'],
  },
];
