// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { body_of, complaints, field_of, first_answers, kAnswersOf, kSteps } from './answers';

const found = {
  hostname: 'pbx', domain: '', timezone: 'Europe/Paris', nameservers: ['192.0.2.53'],
  interfaces: [{ interface: 'eth0', ip_address: '192.0.2.5', netmask: '255.255.255.0' }], gateways: [{ interface: 'eth0', gateway: '192.0.2.1' }],
};
const answers = { ...first_answers(found, 'UTC', 'en_US'), license: true, admin_password: 'secret', admin_password_again: 'secret', entity_name: 'company' };

describe('the wizard', () => {
  test('begins with what the machine knows', () => {
    expect(answers).toMatchObject({ hostname: 'pbx', domain: 'localdomain', timezone: 'Europe/Paris', interface: 'eth0', gateway: '192.0.2.1', nameservers: '192.0.2.53' });
    expect(first_answers({}, 'UTC', 'fr_FR')).toMatchObject({ hostname: '', timezone: 'UTC', language: 'fr_FR' });
  });
  test('lets nobody pass a step with a mistake in it', () => {
    for (const step of kSteps) expect([step, complaints(step, answers)]).toEqual([step, {}]);
    const wrong = { ...answers, license: false, hostname: 'pbx_1', domain: 'a b', entity_name: 'Company & Co', admin_password: 'abc', ip_address: '300.1.1.1', nameservers: '', internal_end: '99', incall_start: '0123', incall_end: '0122', did_length: '9' };
    expect(complaints('licence', wrong)).toEqual({ license: 'accept' });
    expect(complaints('configuration', wrong)).toEqual({ admin_password: 'password', admin_password_again: 'again', hostname: 'host', domain: 'name', ip_address: 'address', nameservers: 'nameservers' });
    expect(complaints('contexts', wrong)).toEqual({ entity_name: 'name', internal_end: 'range', incall_end: 'range', did_length: 'didLength' });
  });
  test('tells the server what was answered', () => {
    expect(body_of(answers)).toMatchObject({
      admin_password: 'secret', license: true, network: { hostname: 'pbx', nameservers: ['192.0.2.53'] }, context_internal: { number_start: '1000', number_end: '1999' }, context_incall: {},
    });
    expect(body_of({ ...answers, incall_start: '0100', incall_end: '0199', did_length: '4' }).context_incall).toEqual({ number_start: '0100', number_end: '0199', did_length: 4 });
  });
  test('finds the field that a refusal is about', () => {
    expect(field_of('network.hostname')).toBe('hostname');
    expect(field_of('context_internal.number_end')).toBe('internal_end');
    expect(field_of('context_incall.did_length')).toBe('did_length');
    expect(field_of('admin_password')).toBe('admin_password');
    expect(field_of('nonsense')).toBe(null);
    for (const names of Object.values(kAnswersOf)) for (const name of names) expect(answers).toHaveProperty(name);
  });
});
