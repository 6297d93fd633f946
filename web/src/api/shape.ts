// SPDX-License-Identifier: GPL-3.0-or-later

/// What the document of a programming interface says of one member of a resource.
export interface Field {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  enum?: Array<string | number | null>;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  default?: unknown;
  pattern?: string;
  format?: string;
  description?: string;
  nullable?: boolean;
  readOnly?: boolean;
  required?: boolean;
  /// A password: never shown unasked.
  secret?: boolean;
  /// Set when the resource is made, and never again.
  fixed?: boolean;
  sortable?: boolean;
  /// What each entry of an array is.
  items?: Field;
  /// Members of an object.
  properties?: Shape;
}

export type Shape = Record<string, Field>;
