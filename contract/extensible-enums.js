// Lists the values of `x-extensible-enum` in an earlier contract (standard input) that a contract no longer has; oasdiff
// ignores them in responses.
//   node contract/extensible-enums.js TOOLS CONTRACT < EARLIER

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [tools, contract] = process.argv.slice(2);
const yaml = createRequire(`${resolve(tools)}/`)('js-yaml');

/** The place and the values of every `x-extensible-enum` in a part of a contract. */
const enumsIn = (node, path = '#') => Object.entries(node ?? {}).flatMap(([key, value]) => {
  if (key === 'x-extensible-enum') return [[path, value]];
  return typeof value === 'object' ? enumsIn(value, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`) : [];
});

const current = new Map(enumsIn(yaml.load(readFileSync(contract, 'utf8'))));
for (const [path, values] of enumsIn(yaml.load(readFileSync(0, 'utf8')))) {
  for (const value of values.filter(value => !current.get(path)?.includes(value))) {
    console.log(`  ${path} lost the value \`${value}\` [x-extensible-enum-value-removed].`);
  }
}
