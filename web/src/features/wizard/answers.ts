// SPDX-License-Identifier: GPL-3.0-or-later
// What the wizard asks for, step by step, and what the server is told in the end.
import type { Wizard, WizardDiscover } from '@/api/generated/confd';

export const kSteps = ['language', 'licence', 'configuration', 'contexts', 'validation'] as const;
export type StepName = (typeof kSteps)[number];

export interface Answers {
  language: string;
  license: boolean;
  admin_password: string;
  admin_password_again: string;
  hostname: string;
  domain: string;
  timezone: string;
  interface: string;
  ip_address: string;
  netmask: string;
  gateway: string;
  /// One to three, with spaces between them.
  nameservers: string;
  entity_name: string;
  internal_start: string;
  internal_end: string;
  incall_start: string;
  incall_end: string;
  did_length: string;
  outcall_name: string;
}
export type AnswerName = keyof Answers;

/// Which answers a step takes, in the order of its fields.
export const kAnswersOf: Record<StepName, readonly AnswerName[]> = {
  language: ['language'],
  licence: ['license'],
  configuration: ['admin_password', 'admin_password_again', 'timezone', 'hostname', 'domain', 'interface', 'ip_address', 'netmask', 'gateway', 'nameservers'],
  contexts: ['entity_name', 'internal_start', 'internal_end', 'incall_start', 'incall_end', 'did_length', 'outcall_name'],
  validation: [],
};

export function first_answers(found: WizardDiscover, timezone: string, language: string): Answers {
  const [network] = found.interfaces ?? [];
  const gateway = found.gateways?.find((candidate) => candidate.interface === network?.interface) ?? found.gateways?.[0];
  return {
    language, license: false, admin_password: '', admin_password_again: '',
    hostname: found.hostname ?? '', domain: found.domain || 'localdomain', timezone: found.timezone || timezone,
    interface: network?.interface ?? '', ip_address: network?.ip_address ?? '', netmask: network?.netmask ?? '', gateway: gateway?.gateway ?? network?.ip_address ?? '',
    nameservers: (found.nameservers ?? []).join(' '),
    entity_name: '', internal_start: '1000', internal_end: '1999', incall_start: '', incall_end: '', did_length: '', outcall_name: 'Outcalls',
  };
}

export type Complaint = 'required' | 'password' | 'again' | 'accept' | 'host' | 'name' | 'address' | 'nameservers' | 'number' | 'range' | 'didLength';

const is_address = (text: string) => /^(\d{1,3})(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
const servers_of = (text: string) => text.split(/[\s,;]+/).filter(Boolean);

function complaint_about(name: AnswerName, answers: Answers): Complaint | null {
  const value = answers[name];
  const text = String(value).trim();
  const range_of = (start: string, end: string): Complaint | null => (start.length !== end.length || start > end ? 'range' : null);
  switch (name) {
    case 'license':
      return answers.license ? null : 'accept';
    case 'admin_password':
      return answers.admin_password.length < 4 ? 'password' : null;
    case 'admin_password_again':
      return answers.admin_password_again !== answers.admin_password ? 'again' : null;
    case 'hostname':
      return /^[A-Za-z0-9-]+$/.test(text) ? null : 'host';
    case 'domain':
    case 'entity_name':
      return /^[A-Za-z0-9.-]+$/.test(text) ? null : 'name';
    case 'ip_address':
    case 'netmask':
    case 'gateway':
      return is_address(text) ? null : 'address';
    case 'nameservers': {
      const servers = servers_of(text);
      return servers.length >= 1 && servers.length <= 3 && servers.every(is_address) ? null : 'nameservers';
    }
    case 'internal_start':
      return /^\d+$/.test(text) ? null : 'number';
    case 'internal_end':
      return !/^\d+$/.test(text) ? 'number' : range_of(answers.internal_start.trim(), text);
    // Whoever has no numbers from outside yet leaves these empty.
    case 'incall_start':
      return /^\d*$/.test(text) ? null : 'number';
    case 'incall_end':
      return !/^\d*$/.test(text) ? 'number' : range_of(answers.incall_start.trim(), text);
    case 'did_length':
      if (answers.incall_start.trim() === '') return null;
      return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= answers.incall_start.trim().length ? null : 'didLength';
    case 'outcall_name':
      return null;
    default:
      return text === '' ? 'required' : null;
  }
}

/// What is wrong in a step; nothing: it may be left.
export function complaints(step: StepName, answers: Answers): Partial<Record<AnswerName, Complaint>> {
  const found: Partial<Record<AnswerName, Complaint>> = {};
  for (const name of kAnswersOf[step]) {
    const complaint = complaint_about(name, answers);
    if (complaint) found[name] = complaint;
  }
  return found;
}

export function body_of(answers: Answers): Wizard {
  const text = (name: AnswerName) => String(answers[name]).trim();
  const incall = text('incall_start') === '' ? {} : { number_start: text('incall_start'), number_end: text('incall_end'), did_length: Number(text('did_length')) };
  return {
    admin_password: answers.admin_password,
    license: answers.license,
    language: answers.language as NonNullable<Wizard['language']>,
    timezone: text('timezone'),
    entity_name: text('entity_name'),
    network: {
      hostname: text('hostname'), domain: text('domain'), interface: text('interface'), ip_address: text('ip_address'), netmask: text('netmask'), gateway: text('gateway'),
      nameservers: servers_of(answers.nameservers),
    },
    context_internal: { number_start: text('internal_start'), number_end: text('internal_end') },
    context_incall: incall,
    context_outcall: { display_name: text('outcall_name') || 'Outcalls' },
  };
}

/// The step and field that a refusal of the server is about: 'network.hostname', 'context_internal.number_end'.
export function field_of(named: string): AnswerName | null {
  const [group, member = ''] = named.split('.');
  if (group === 'network') return member as AnswerName;
  const ranges: Record<string, string> = { context_internal: 'internal', context_incall: 'incall' };
  if (member === 'did_length') return 'did_length';
  if (group === 'context_outcall') return 'outcall_name';
  if (group !== undefined && ranges[group]) return `${ranges[group]}_${member === 'number_end' ? 'end' : 'start'}` as AnswerName;
  return Object.values(kAnswersOf).some((names) => names.includes(named as AnswerName)) ? (named as AnswerName) : null;
}
