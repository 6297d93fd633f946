// SPDX-License-Identifier: GPL-3.0-or-later
// Types of the programming interfaces, and what their documents say of each field for forms: reads <service>.yml (OpenAPI
// 2.0, as almon serves it) of a folder and writes src/api/generated/<service>.ts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const documents = process.argv[2] ?? path.join(web, '../build/release/api');
const output = path.join(web, 'src/api/generated');

const quoted = (text) => JSON.stringify(text);
const name_of = (reference) => reference.slice(reference.lastIndexOf('/') + 1);
const member = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name));

function type_of(schema) {
  const plain = plain_type_of(schema);
  return schema['x-nullable'] ? `${plain} | null` : plain;
}

function plain_type_of(schema) {
  if (schema.$ref) return name_of(schema.$ref);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  switch (schema.type) {
    case 'string': return 'string';
    case 'integer':
    case 'number': return 'number';
    case 'boolean': return 'boolean';
    case 'array': return `Array<${type_of(schema.items ?? {})}>`;
    default: return schema.type === 'object' || schema.properties ? object_type(schema) : 'unknown';
  }
}

function object_type(schema) {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return 'Record<string, unknown>';
  const required = schema.required ?? [];
  const members = properties.map(([name, property]) => `${member(name)}${required.includes(name) ? '' : '?'}: ${type_of(property)}`);
  return `{ ${members.join('; ')} }`;
}

function field_of(property) {
  const field = { type: property.type ?? 'object' };
  for (const key of ['enum', 'minimum', 'maximum', 'minLength', 'maxLength', 'default', 'pattern', 'format', 'description'])
    if (property[key] !== undefined) field[key] = property[key];
  if (property['x-nullable']) field.nullable = true;
  if (property.readOnly) field.readOnly = true;
  for (const mark of ['secret', 'fixed', 'sortable']) if (property[`x-${mark}`]) field[mark] = true;
  // What is only shown needs no fields of its own.
  if (field.readOnly) return field;
  if (property.items) field.items = field_of(property.items);
  if (property.properties) field.properties = shape_of(property);
  return field;
}

/// A definition as data, for those who show or check a field: shape.ts tells what is in it.
function shape_of(schema) {
  const { properties = {}, required = [] } = schema;
  const fields = {};
  for (const [name, property] of Object.entries(properties)) {
    if (property.$ref) continue;
    fields[name] = field_of(property);
    if (required.includes(name)) fields[name].required = true;
  }
  return fields;
}

function operation_type(operation) {
  const parameters = operation.parameters ?? [];
  const of = (place) => parameters.filter((parameter) => parameter.in === place);
  const object = (list) => list.map((parameter) => `${member(parameter.name)}${parameter.required ? '' : '?'}: ${type_of(parameter)}`).join('; ');
  const parts = [];
  if (of('path').length) parts.push(`path: { ${object(of('path'))} }`);
  if (of('query').length) parts.push(`query?: { ${object(of('query'))} }`);
  const [body] = of('body');
  if (body) parts.push(`body${body.required ? '' : '?'}: ${type_of(body.schema)}`);
  const answer = Object.entries(operation.responses ?? {}).find(([status, response]) => status.startsWith('2') && response.schema);
  parts.push(`answer: ${answer ? type_of(answer[1].schema) : 'void'}`);
  return `{ ${parts.join('; ')} }`;
}

mkdirSync(output, { recursive: true });
for (const service of ['auth', 'confd', 'session']) {
  const document = parse(readFileSync(path.join(documents, `${service}.yml`), 'utf8'));
  const lines = [`// Made by tools/generate_api.mjs out of ${service}.yml.`, '/* eslint-disable */', ''];
  if (service === 'confd') lines.push("import type { Shape } from '../shape';", '');
  const definitions = Object.entries(document.definitions ?? {});
  for (const [name, schema] of definitions) lines.push(`export type ${name} = ${type_of(schema)};`);
  lines.push('', '/// What each method of each path takes and answers.', 'export interface Paths {');
  for (const [place, methods] of Object.entries(document.paths)) {
    lines.push(`  ${quoted(place)}: {`);
    for (const [method, operation] of Object.entries(methods))
      if (method !== 'parameters') lines.push(`    ${method}: ${operation_type(operation)};`);
    lines.push('  };');
  }
  lines.push('}', '');
  if (service === 'confd')
    for (const [name, schema] of definitions)
      if (schema.properties && !name.endsWith('Items')) lines.push(`export const ${name}Shape: Shape = ${JSON.stringify(shape_of(schema))};`);
  writeFileSync(path.join(output, `${service}.ts`), lines.join('\n') + '\n');
}
