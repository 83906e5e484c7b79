/**
 * Checks requests against the SDK's own typings: unknown parameters, missing ones, wrong types. The vendor's server
 * refuses the same with the same codes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { Refusal } from './refusal';

/** X-TC-Version tells the products apart, for all of them are at one loopback address. */
export const products: Readonly<Record<string, string>> = {
  '2018-04-16': 'scf',
  '2019-01-07': 'cynosdb',
  '2017-03-12': 'vpc',
  '2020-10-16': 'cls',
  '2019-01-16': 'cam',
  '2018-08-13': 'sts',
};

interface Property {
  readonly required: boolean;
  readonly type: ts.TypeNode | undefined;
}
type Model = ReadonlyMap<string, Property>;
type Models = ReadonlyMap<string, Model>;

const services = join(__dirname, '../../../node_modules/tencentcloud-sdk-nodejs/tencentcloud/services');
const loaded = new Map<string, Models>();

function modelOf(declaration: ts.InterfaceDeclaration): Model {
  const properties = declaration.members
    .filter(ts.isPropertySignature)
    .map((member): [string, Property] => [
      member.name.getText(),
      { required: member.questionToken === undefined, type: member.type },
    ]);
  return new Map(properties);
}

function modelsOf(version: string): Models {
  const known = loaded.get(version);
  if (known) return known;
  const product = products[version];
  const file = join(services, `${product}`, `v${version.replaceAll('-', '')}`, `${product}_models.d.ts`);
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const models = new Map<string, Model>();
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) models.set(statement.name.text, modelOf(statement));
    // A request without parameters is declared as `type XRequest = null`.
    if (ts.isTypeAliasDeclaration(statement)) models.set(statement.name.text, new Map());
  }
  loaded.set(version, models);
  return models;
}

function checkValue(value: unknown, type: ts.TypeNode | undefined, path: string, models: Models): void {
  if (type === undefined) return;
  if (ts.isUnionTypeNode(type)) return;
  const wrong = () => new Refusal('InvalidParameter', `The type of ${path} is not ${type.getText()}.`);
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    if (name !== 'Array') {
      checkObject(value, name, path, models);
      return;
    }
    if (!Array.isArray(value)) throw wrong();
    for (const [index, item] of value.entries()) checkValue(item, type.typeArguments?.[0], `${path}.${index}`, models);
    return;
  }
  const text = type.getText();
  if (['string', 'number', 'boolean'].includes(text) && typeof value !== text) throw wrong();
}

function checkObject(value: unknown, name: string, path: string, models: Models): void {
  const model = models.get(name);
  if (!model) throw new Error(`the SDK has no model ${name}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('InvalidParameter', `${path || 'The request'} is not an object.`);
  }
  const given = new Map(Object.entries(value));
  for (const [key, item] of given) {
    const property = model.get(key);
    if (!property)
      throw new Refusal('UnknownParameter', `The parameter ${path}${path && '.'}${key} is not recognized.`);
    checkValue(item, property.type, `${path}${path && '.'}${key}`, models);
  }
  for (const [key, { required }] of model) {
    if (required && !given.has(key))
      throw new Refusal('MissingParameter', `The request lacks ${path}${path && '.'}${key}.`);
  }
}

/** Throws Refusal where the SDK's typings do not know the action or the parameters. */
export function checkRequest(version: string, action: string, body: unknown): void {
  if (!products[version]) throw new Refusal('NoSuchVersion', `No product has version ${version}.`);
  const models = modelsOf(version);
  if (!models.has(`${action}Request`)) throw new Refusal('InvalidAction', `The action ${action} does not exist.`);
  checkObject(body, `${action}Request`, '', models);
}
