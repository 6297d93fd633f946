// SPDX-License-Identifier: GPL-3.0-or-later
// What makes or changes a user with all that belongs to him, as one change: all of it or nothing.

export interface Operation {
  method: 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
}

/// What the form asks for besides the user's own members.
export interface Phone {
  exten: string;
  context: string;
  voicemail: boolean;
  voicemail_password: string;
}

/// How the user's line and voicemail stand before the change.
export interface Present {
  user_id: number;
  line_id: number | null;
  extension_id: number | null;
  exten: string;
  context: string;
  voicemail_id: number | null;
  name: string;
}

function mailbox(name: string, phone: Phone) {
  return { name, number: phone.exten, context: phone.context, ...(phone.voicemail_password ? { password: phone.voicemail_password } : {}) };
}

function full_name(user: Record<string, unknown>): string {
  return [user['firstname'], user['lastname']].filter(Boolean).join(' ');
}

/// A new user; with a number also the line, the SIP account and the number. `${n.id}` is what operation n has made.
export function creation(user: Record<string, unknown>, phone: Phone): Operation[] {
  const operations: Operation[] = [{ method: 'POST', path: '/users', body: user }];
  if (phone.exten === '') return operations;
  operations.push(
    { method: 'POST', path: '/lines', body: { context: phone.context } },
    { method: 'POST', path: '/endpoints/sip', body: {} },
    { method: 'POST', path: '/extensions', body: { exten: phone.exten, context: phone.context } },
    { method: 'PUT', path: '/lines/${1.id}/endpoints/sip/${2.id}' },
    { method: 'PUT', path: '/lines/${1.id}/extensions/${3.id}' },
    { method: 'PUT', path: '/users/${0.id}/lines/${1.id}' },
  );
  if (phone.voicemail)
    operations.push(
      { method: 'POST', path: '/voicemails', body: mailbox(full_name(user), phone) },
      { method: 'PUT', path: '/users/${0.id}/voicemails/${7.id}' },
    );
  return operations;
}

/// What has to be done so that the user has what the form says; nothing where nothing was changed.
export function changes(user: Record<string, unknown>, phone: Phone, present: Present): Operation[] {
  const operations: Operation[] = [];
  const path = `/users/${present.user_id}`;
  const made = () => operations.length - 1;
  if (Object.keys(user).length > 0) operations.push({ method: 'PUT', path, body: user });
  if (phone.exten !== present.exten || phone.context !== present.context) {
    if (present.extension_id !== null && phone.exten !== '') {
      operations.push({ method: 'PUT', path: `/extensions/${present.extension_id}`, body: { exten: phone.exten, context: phone.context } });
    } else if (present.extension_id !== null) {
      operations.push(
        { method: 'DELETE', path: `/lines/${present.line_id}/extensions/${present.extension_id}` },
        { method: 'DELETE', path: `/extensions/${present.extension_id}` },
      );
    } else if (phone.exten !== '') {
      let line = String(present.line_id);
      if (present.line_id === null) {
        operations.push({ method: 'POST', path: '/lines', body: { context: phone.context } });
        line = `\${${made()}.id}`;
        operations.push({ method: 'POST', path: '/endpoints/sip', body: {} });
        operations.push({ method: 'PUT', path: `/lines/${line}/endpoints/sip/\${${made()}.id}` });
      }
      operations.push({ method: 'POST', path: '/extensions', body: { exten: phone.exten, context: phone.context } });
      operations.push({ method: 'PUT', path: `/lines/${line}/extensions/\${${made()}.id}` });
      if (present.line_id === null) operations.push({ method: 'PUT', path: `${path}/lines/${line}` });
    }
  }
  if (phone.voicemail && present.voicemail_id === null) {
    operations.push({ method: 'POST', path: '/voicemails', body: mailbox(present.name, phone) });
    operations.push({ method: 'PUT', path: `${path}/voicemails/\${${made()}.id}` });
  } else if (!phone.voicemail && present.voicemail_id !== null) {
    operations.push({ method: 'DELETE', path: `${path}/voicemails` }, { method: 'DELETE', path: `/voicemails/${present.voicemail_id}` });
  }
  return operations;
}

/// A user with what belongs to him alone. What names another thing goes before it: taken back, each then finds what it
/// names.
export function erasure(present: Present, endpoint_id: number | null): Operation[] {
  const operations: Operation[] = [];
  const { user_id, line_id, extension_id, voicemail_id } = present;
  if (voicemail_id !== null) operations.push({ method: 'DELETE', path: `/users/${user_id}/voicemails` });
  if (line_id !== null) {
    operations.push({ method: 'DELETE', path: `/users/${user_id}/lines/${line_id}` });
    if (extension_id !== null) operations.push({ method: 'DELETE', path: `/lines/${line_id}/extensions/${extension_id}` });
    if (endpoint_id !== null) operations.push({ method: 'DELETE', path: `/lines/${line_id}/endpoints/sip/${endpoint_id}` });
    operations.push({ method: 'DELETE', path: `/lines/${line_id}` });
    if (extension_id !== null) operations.push({ method: 'DELETE', path: `/extensions/${extension_id}` });
    if (endpoint_id !== null) operations.push({ method: 'DELETE', path: `/endpoints/sip/${endpoint_id}` });
  }
  operations.push({ method: 'DELETE', path: `/users/${user_id}` });
  if (voicemail_id !== null) operations.push({ method: 'DELETE', path: `/voicemails/${voicemail_id}` });
  return operations;
}
